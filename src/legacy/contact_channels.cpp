#include "legacy/contact_channels.hpp"

namespace argon::legacy {
namespace {
#define CHANNEL_COLUMNS "c.id, c.user_id, c.value, c.is_primary, c.is_verified, c.used_for_auth"

constexpr pg::Statement select_channels{
    "legacy.select_channels",
    "SELECT " CHANNEL_COLUMNS " FROM stack_auth.contact_channel c WHERE c.user_id = $1 ORDER BY c.is_primary DESC, c.created_at, c.id LIMIT 1000"};
constexpr pg::Statement select_channel{"legacy.select_channel",
                                       "SELECT " CHANNEL_COLUMNS " FROM stack_auth.contact_channel c WHERE c.user_id = $1 AND c.id = $2"};
constexpr pg::Statement select_by_value{"legacy.select_channel_by_value",
                                        "SELECT " CHANNEL_COLUMNS " FROM stack_auth.contact_channel c WHERE c.user_id = $1 AND c.value = $2"};
constexpr pg::Statement select_primary{"legacy.select_primary_channel",
                                       "SELECT " CHANNEL_COLUMNS " FROM stack_auth.contact_channel c WHERE c.user_id = $1 AND c.is_primary"};

constexpr pg::Statement lock_address{"legacy.lock_address", "SELECT pg_advisory_xact_lock(hashtextextended('stack_auth.contact|' || $1, 0)) IS NULL"};
constexpr pg::Statement select_owner{
    "legacy.select_address_owner",
    "SELECT c.is_verified FROM stack_auth.contact_channel c WHERE c.value = $1 AND c.used_for_auth AND c.user_id <> $2::uuid"};

constexpr pg::Statement demote{"legacy.demote_channel", "UPDATE stack_auth.contact_channel SET is_primary = false WHERE user_id = $1 AND is_primary"};
constexpr pg::Statement insert{"legacy.insert_channel",
                               "INSERT INTO stack_auth.contact_channel AS c (user_id, value, is_primary, is_verified, used_for_auth, created_at) "
                               "VALUES ($1, $2, $3, $4, $5, $6) RETURNING " CHANNEL_COLUMNS};
constexpr pg::Statement update{
    "legacy.update_channel",
    "UPDATE stack_auth.contact_channel AS c SET value = $3, is_primary = $4, is_verified = $5, used_for_auth = $6 WHERE c.user_id = $1 AND c.id = $2 "
    "RETURNING " CHANNEL_COLUMNS};
constexpr pg::Statement remove{"legacy.delete_channel", "DELETE FROM stack_auth.contact_channel WHERE user_id = $1 AND id = $2"};
}  // namespace

awaitable<std::vector<ContactChannel>> list_channels(pg::Executor& db, const UserId& user) {
    const auto rows = co_await db.query(select_channels, user);
    co_return rows.all<ContactChannel>();
}

awaitable<std::optional<ContactChannel>> find_channel(pg::Executor& db, const UserId& user, std::string_view id) {
    const auto rows = co_await db.query(select_channel, user, id);
    co_return rows.maybe<ContactChannel>();
}

awaitable<std::optional<ContactChannel>> find_channel_by_value(pg::Executor& db, const UserId& user, std::string_view value) {
    const auto rows = co_await db.query(select_by_value, user, value);
    co_return rows.maybe<ContactChannel>();
}

awaitable<std::optional<ContactChannel>> find_primary_channel(pg::Executor& db, const UserId& user) {
    const auto rows = co_await db.query(select_primary, user);
    co_return rows.maybe<ContactChannel>();
}

awaitable<std::optional<Conflict>> claim_address(pg::Executor& tx, std::string_view value, const UserId& except) {
    co_await tx.query(lock_address, value);
    const auto rows = co_await tx.query(select_owner, value, except);
    const auto verified = rows.maybe<bool>();
    if (!verified) co_return std::nullopt;
    co_return *verified ? Conflict::email_taken : Conflict::email_taken_unverified;
}

awaitable<Outcome<ContactChannel>> insert_channel(pg::Executor& tx, const ContactChannel& channel, TimePoint now) {
    if (channel.used_for_auth) {
        const auto conflict = co_await claim_address(tx, channel.value, channel.user_id);
        if (conflict) co_return std::unexpected(*conflict);
    }
    if (channel.is_primary) co_await tx.query(demote, channel.user_id);
    const auto rows = co_await tx.query(insert, channel.user_id, channel.value, channel.is_primary, channel.is_verified, channel.used_for_auth, now);
    co_return rows.one<ContactChannel>();
}

awaitable<Outcome<ContactChannel>> update_channel(pg::Executor& tx, const ContactChannel& channel, const ChannelChange& change) {
    const auto value = change.value.value_or(channel.value);
    const bool used_for_auth = change.used_for_auth.value_or(channel.used_for_auth);
    const bool is_primary = change.is_primary.value_or(channel.is_primary);
    // A new address is nobody's until it is proven.
    const bool is_verified = change.is_verified.value_or(value == channel.value && channel.is_verified);
    if (used_for_auth && (!channel.used_for_auth || value != channel.value)) {
        const auto conflict = co_await claim_address(tx, value, channel.user_id);
        if (conflict) co_return std::unexpected(*conflict);
    }
    if (is_primary && !channel.is_primary) co_await tx.query(demote, channel.user_id);
    const auto rows = co_await tx.query(update, channel.user_id, channel.id, value, is_primary, is_verified, used_for_auth);
    co_return rows.one<ContactChannel>();
}

awaitable<> delete_channel(pg::Executor& tx, const UserId& user, std::string_view id) { co_await tx.query(remove, user, id); }
}  // namespace argon::legacy
