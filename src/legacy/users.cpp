#include "legacy/users.hpp"

#include "crypto/random.hpp"
#include "json/writer.hpp"
#include "legacy/contact_channels.hpp"
#include "legacy/teams.hpp"
#include "legacy/user_rows.hpp"
#include "legacy/views.hpp"

namespace argon::legacy {
namespace {
constexpr pg::Statement insert_user{"legacy.insert_user", "INSERT INTO stack_auth.\"user\" (id, signed_up_at, last_active_at) VALUES ($1, $2, $2)"};

// `$2` holds the members to be set; what is not in it stays. An empty name is none.
constexpr pg::Statement update_statement{"legacy.update_user", R"sql(
    UPDATE stack_auth."user" u SET
        display_name = CASE WHEN p ? 'display_name' THEN nullif(p ->> 'display_name', '') ELSE u.display_name END,
        profile_image_url = CASE WHEN p ? 'profile_image_url' THEN nullif(p ->> 'profile_image_url', '') ELSE u.profile_image_url END,
        client_metadata = CASE WHEN p ? 'client_metadata' THEN nullif(p -> 'client_metadata', 'null') ELSE u.client_metadata END,
        client_read_only_metadata = CASE WHEN p ? 'client_read_only_metadata' THEN nullif(p -> 'client_read_only_metadata', 'null')
                                         ELSE u.client_read_only_metadata END,
        server_metadata = CASE WHEN p ? 'server_metadata' THEN nullif(p -> 'server_metadata', 'null') ELSE u.server_metadata END,
        password_hash = CASE WHEN p ? 'password_hash' THEN p ->> 'password_hash' ELSE u.password_hash END,
        otp_auth_enabled = CASE WHEN p ? 'otp_auth_enabled' THEN coalesce((p ->> 'otp_auth_enabled')::boolean, false) ELSE u.otp_auth_enabled END,
        is_anonymous = CASE WHEN p ? 'is_anonymous' THEN coalesce((p ->> 'is_anonymous')::boolean, false) ELSE u.is_anonymous END,
        selected_team_id = CASE WHEN p ? 'selected_team_id' THEN (p ->> 'selected_team_id')::uuid ELSE u.selected_team_id END
      FROM (SELECT $2::jsonb) patch (p) WHERE u.id = $1)sql"};

constexpr pg::Statement select_membership{"legacy.select_membership", "SELECT true FROM stack_auth.team_member WHERE team_id = $1 AND user_id = $2"};

constexpr pg::Statement mirror_statement{
    "legacy.mirror_user",
    "INSERT INTO neon_auth.users_sync AS s (raw_json, updated_at, deleted_at) "
    "SELECT " ARGON_LEGACY_USER
    ", date_trunc('second', $2::timestamptz), NULL FROM stack_auth.\"user\" u WHERE u.id = $1 "
    "ON CONFLICT (id) DO UPDATE SET raw_json = excluded.raw_json, updated_at = excluded.updated_at, deleted_at = NULL RETURNING raw_json"};

constexpr pg::Statement delete_statement{"legacy.delete_user", "DELETE FROM stack_auth.\"user\" WHERE id = $1"};
constexpr pg::Statement mark_deleted{"legacy.mark_deleted", "UPDATE neon_auth.users_sync SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL"};
constexpr pg::Statement lock_statement{"legacy.lock_user", "SELECT true FROM stack_auth.\"user\" WHERE id = $1 FOR UPDATE"};
constexpr pg::Statement select_user{"legacy.select_user", "SELECT " ARGON_LEGACY_USER " FROM stack_auth.\"user\" u WHERE u.id = $1"};
constexpr pg::Statement select_by_email{"legacy.select_by_auth_email", R"sql(
    SELECT u.id, u.password_hash, u.otp_auth_enabled, c.is_verified, c.is_primary
      FROM stack_auth.contact_channel c JOIN stack_auth."user" u ON u.id = c.user_id WHERE c.value = $1 AND c.used_for_auth)sql"};
constexpr pg::Statement select_hash{"legacy.select_password_hash", "SELECT password_hash FROM stack_auth.\"user\" WHERE id = $1"};
constexpr pg::Statement touch_statement{"legacy.touch_user", R"sql(
    UPDATE stack_auth."user" SET last_active_at = $2 WHERE id = $1 AND last_active_at < $2::timestamptz - interval '30 seconds')sql"};

/// The members that are columns of the user's own row.
json::Object to_patch(const UserChange& change) {
    json::Object patch;
    json::put(patch, "display_name", change.display_name);
    json::put(patch, "profile_image_url", change.profile_image_url);
    json::put(patch, "client_metadata", change.client_metadata);
    json::put(patch, "client_read_only_metadata", change.client_read_only_metadata);
    json::put(patch, "server_metadata", change.server_metadata);
    json::put(patch, "password_hash", change.password_hash);
    json::put(patch, "otp_auth_enabled", change.otp_auth_enabled);
    json::put(patch, "is_anonymous", change.is_anonymous);
    json::put(patch, "selected_team_id", change.selected_team_id);
    return patch;
}

std::optional<bool> given(const json::Patch<bool>& member) {
    if (!member.present) return {};
    return member.value.value_or(false);
}

/// A secondary address of the user becomes the primary one, or a new one is added.
awaitable<std::optional<Conflict>> set_primary_email(pg::Executor& tx, const UserId& id, const std::string& email,
                                                     const std::optional<ContactChannel>& old, const UserChange& change, TimePoint now) {
    const bool for_auth = given(change.primary_email_auth_enabled).value_or(old && old->used_for_auth);
    const auto known = co_await find_channel_by_value(tx, id, email);
    if (known) {
        const ChannelChange promoted{.value = {},
                                     .is_primary = true,
                                     .is_verified = given(change.primary_email_verified),
                                     .used_for_auth = given(change.primary_email_auth_enabled).value_or(for_auth || known->used_for_auth)};
        const auto updated = co_await update_channel(tx, *known, promoted);
        if (!updated) co_return updated.error();
        co_return std::nullopt;
    }
    const ContactChannel added{.id = {},
                               .user_id = id,
                               .value = email,
                               .is_primary = true,
                               .is_verified = given(change.primary_email_verified).value_or(false),
                               .used_for_auth = for_auth};
    const auto inserted = co_await insert_channel(tx, added, now);
    if (!inserted) co_return inserted.error();
    co_return std::nullopt;
}

awaitable<std::optional<Conflict>> change_primary(pg::Executor& tx, const UserId& id, const UserChange& change, TimePoint now) {
    const bool touches = change.primary_email.present || change.primary_email_verified.present || change.primary_email_auth_enabled.present;
    if (!touches) co_return std::nullopt;
    const auto old = co_await find_primary_channel(tx, id);
    if (change.primary_email.present && !change.primary_email.value) {
        if (old) co_await delete_channel(tx, id, old->id);
        co_return std::nullopt;
    }
    if (change.primary_email.present) co_return co_await set_primary_email(tx, id, *change.primary_email.value, old, change, now);
    if (!old) co_return std::nullopt;
    const ChannelChange flags{.value = {},
                              .is_primary = {},
                              .is_verified = given(change.primary_email_verified),
                              .used_for_auth = given(change.primary_email_auth_enabled)};
    const auto updated = co_await update_channel(tx, *old, flags);
    if (!updated) co_return updated.error();
    co_return std::nullopt;
}

awaitable<std::optional<Conflict>> apply(pg::Executor& tx, const UserId& id, const UserChange& change, TimePoint now) {
    if (change.selected_team_id.value) {
        const auto member = co_await tx.query(select_membership, *change.selected_team_id.value, id);
        if (member.empty()) co_return Conflict::no_such_team;
    }
    const auto patch = to_patch(change);
    if (!patch.empty()) co_await tx.query(update_statement, id, json::to_text(json::Value(patch)));
    co_return co_await change_primary(tx, id, change, now);
}
}  // namespace

User to_user(const std::string& text) {
    auto parsed = json::parse(text);
    auto* object = parsed ? parsed->if_object() : nullptr;
    if (!object) throw std::runtime_error("a user of stack_auth cannot be read");
    User user{.id = {}, .view = std::move(*object)};
    user.id = UserId{user.text("id").value_or(std::string{})};
    return user;
}

std::optional<std::string> User::text(std::string_view member) const {
    const auto* value = view.if_contains(member);
    const auto* string = value ? value->if_string() : nullptr;
    if (!string) return {};
    return std::string{string->data(), string->size()};
}

bool User::flag(std::string_view member) const {
    const auto* value = view.if_contains(member);
    return value && value->is_bool() && value->get_bool();
}

std::int64_t User::number(std::string_view member) const {
    const auto* value = view.if_contains(member);
    return value && value->is_number() ? value->to_number<std::int64_t>() : 0;
}

json::Object User::client_view() const {
    auto visible = view;
    for (const auto* member : {"server_metadata", "primary_email_auth_enabled", "last_active_at_millis", "restricted_by_admin_private_details",
                               "country_code", "risk_scores"}) {
        visible.erase(member);
    }
    if (auto* team = visible["selected_team"].if_object()) {
        for (const auto* member : {"server_metadata", "created_at_millis"}) team->erase(member);
    }
    return visible;
}

awaitable<Outcome<User>> create_user(pg::Executor& tx, const UserChange& user, TimePoint now, std::optional<UserId> given_id) {
    const auto id = given_id.value_or(UserId{crypto::random_uuid()});
    co_await tx.query(insert_user, id, now);
    const auto conflict = co_await apply(tx, id, user, now);
    if (conflict) co_return std::unexpected(*conflict);
    co_return co_await mirror_user(tx, id, now);
}

awaitable<Outcome<User>> update_user(pg::Executor& tx, const UserId& id, const UserChange& change, TimePoint now) {
    if (change.selected_team_id.value) co_await queue_for_team(tx, *change.selected_team_id.value);
    const bool exists = co_await lock_user(tx, id);
    if (!exists) co_return std::unexpected(Conflict::no_such_user);
    const auto conflict = co_await apply(tx, id, change, now);
    if (conflict) co_return std::unexpected(*conflict);
    co_return co_await mirror_user(tx, id, now);
}

awaitable<bool> delete_user(pg::Executor& tx, const UserId& id, TimePoint now) {
    const auto rows = co_await tx.query(delete_statement, id);
    if (rows.affected() == 0) co_return false;
    co_await tx.query(mark_deleted, id, now);
    co_return true;
}

awaitable<User> mirror_user(pg::Executor& tx, const UserId& id, TimePoint now) {
    const auto rows = co_await tx.query(mirror_statement, id, now);
    co_return to_user(rows.one<std::string>());
}

awaitable<bool> lock_user(pg::Executor& tx, const UserId& id) {
    const auto rows = co_await tx.query(lock_statement, id);
    co_return !rows.empty();
}

awaitable<std::optional<User>> find_user(pg::Executor& db, const UserId& id) {
    const auto rows = co_await db.query(select_user, id);
    const auto text = rows.maybe<std::string>();
    if (!text) co_return std::nullopt;
    co_return to_user(*text);
}

awaitable<std::optional<SignInUser>> find_by_auth_email(pg::Executor& db, std::string_view email) {
    const auto rows = co_await db.query(select_by_email, email);
    co_return rows.maybe<SignInUser>();
}

awaitable<std::optional<std::string>> find_password_hash(pg::Executor& db, const UserId& id) {
    const auto rows = co_await db.query(select_hash, id);
    const auto hash = rows.maybe<std::optional<std::string>>();
    co_return hash ? *hash : std::nullopt;
}

awaitable<> touch_user(pg::Executor& db, const UserId& id, TimePoint now) { co_await db.query(touch_statement, id, now); }
}  // namespace argon::legacy
