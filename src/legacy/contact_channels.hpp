// The addresses of users. As in users.hpp, `tx` is a transaction, and its end is mirror_user.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "legacy/users.hpp"

namespace argon::legacy {

struct ContactChannel {
    std::string id;
    UserId user_id;
    std::string value;
    bool is_primary = false;
    bool is_verified = false;
    bool used_for_auth = false;

    static void columns(auto& column, auto& channel) {
        column(channel.id)(channel.user_id)(channel.value)(channel.is_primary)(channel.is_verified)(channel.used_for_auth);
    }
    static void fields(auto& f, auto& channel) {
        f.required("id", channel.id);
        f.required("user_id", channel.user_id);
        f.required("type", "email");
        f.required("value", channel.value);
        f.required("is_primary", channel.is_primary);
        f.required("is_verified", channel.is_verified);
        f.required("used_for_auth", channel.used_for_auth);
    }
};

struct ChannelChange {
    std::optional<std::string> value;
    std::optional<bool> is_primary;
    std::optional<bool> is_verified;
    std::optional<bool> used_for_auth;
};

/// Primary first, then by age.
awaitable<std::vector<ContactChannel>> list_channels(pg::Executor& db, const UserId& user);
awaitable<std::optional<ContactChannel>> find_channel(pg::Executor& db, const UserId& user, std::string_view id);
awaitable<std::optional<ContactChannel>> find_channel_by_value(pg::Executor& db, const UserId& user, std::string_view value);
awaitable<std::optional<ContactChannel>> find_primary_channel(pg::Executor& db, const UserId& user);

/// Waits for other transactions that are about to give the address to somebody, then says who signs in with it, other than `except`.
awaitable<std::optional<Conflict>> claim_address(pg::Executor& tx, std::string_view value, const UserId& except);

/// A value that the user has already is a conflict of the caller's; a new primary one demotes the old one.
awaitable<Outcome<ContactChannel>> insert_channel(pg::Executor& tx, const ContactChannel& channel, TimePoint now);
awaitable<Outcome<ContactChannel>> update_channel(pg::Executor& tx, const ContactChannel& channel, const ChannelChange& change);
awaitable<> delete_channel(pg::Executor& tx, const UserId& user, std::string_view id);
}  // namespace argon::legacy
