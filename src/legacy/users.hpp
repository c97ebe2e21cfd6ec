// Users of a legacy integration and their mirror in neon_auth.users_sync. `tx` is always a transaction: what a function changes, and the
// row that apps read, become visible together or not at all. Text and JSON must hold no NUL (the decoders see to it).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "json/decoder.hpp"
#include "json/value.hpp"
#include "legacy/list_position.hpp"
#include "pg/executor.hpp"

namespace argon::legacy {

/// The server's view as JSON (stack-auth.md, 2.1), and what the program itself asks of it.
struct User {
    UserId id;
    json::Object view;

    /// A member that is a text or null.
    std::optional<std::string> text(std::string_view member) const;
    bool flag(std::string_view member) const;
    std::int64_t number(std::string_view member) const;
    /// Without what only servers may see.
    json::Object client_view() const;
};

/// Absent members stay as they are, and null ones are cleared. For a new user, absent is null or false.
struct UserChange {
    json::Patch<std::string> display_name;
    json::Patch<std::string> profile_image_url;
    json::Patch<json::Value> client_metadata;
    json::Patch<json::Value> client_read_only_metadata;
    json::Patch<json::Value> server_metadata;
    json::Patch<std::string> primary_email;  ///< in lower case; a new one demotes the old one, null removes it
    json::Patch<bool> primary_email_verified;
    json::Patch<bool> primary_email_auth_enabled;
    json::Patch<std::string> password_hash;  ///< bcrypt
    json::Patch<bool> otp_auth_enabled;
    json::Patch<std::string> selected_team_id;  ///< of a team that exists
    json::Patch<bool> is_anonymous;
};

/// Why a change was not made. The caller drops its transaction.
enum class Conflict {
    email_taken,             ///< somebody else signs in with the address, which is verified
    email_taken_unverified,  ///< as above, but it is not
    no_such_user,
    no_such_team,            ///< or the user is no member of it
};
template <class T>
using Outcome = std::expected<T, Conflict>;

/// With a given id an import keeps its users' ids; nobody may have it yet.
awaitable<Outcome<User>> create_user(pg::Executor& tx, const UserChange& user, TimePoint now, std::optional<UserId> id = {});
awaitable<Outcome<User>> update_user(pg::Executor& tx, const UserId& id, const UserChange& change, TimePoint now);
/// Everything of the user goes; the row in users_sync stays, with `deleted_at`. False when there is none.
awaitable<bool> delete_user(pg::Executor& tx, const UserId& id, TimePoint now);
/// Writes the user to users_sync as it is now: to be called at the end of every transaction that changes what the view shows.
awaitable<User> mirror_user(pg::Executor& tx, const UserId& id, TimePoint now);
/// No other transaction changes the user until this one ends. False when there is none.
awaitable<bool> lock_user(pg::Executor& tx, const UserId& id);

awaitable<std::optional<User>> find_user(pg::Executor& db, const UserId& id);

/// What signing in with an address asks for.
struct SignInUser {
    UserId id;
    std::optional<std::string> password_hash;
    bool otp_auth_enabled = false;
    bool is_verified = false;
    bool is_primary = false;

    static void columns(auto& column, auto& user) { column(user.id)(user.password_hash)(user.otp_auth_enabled)(user.is_verified)(user.is_primary); }
};
/// Whoever signs in with the address; `email` in lower case.
awaitable<std::optional<SignInUser>> find_by_auth_email(pg::Executor& db, std::string_view email);
awaitable<std::optional<std::string>> find_password_hash(pg::Executor& db, const UserId& id);
/// Not mirrored: it would write a row for every request.
awaitable<> touch_user(pg::Executor& db, const UserId& id, TimePoint now);

struct UserFilter {
    std::optional<std::string> search;   ///< part of the name or an address, or the whole id
    std::optional<std::string> team_id;
    bool include_anonymous = false;
    bool only_anonymous = false;
};
struct UserOrder {
    bool by_activity = false;
    bool descending = false;
};
/// A part of a list as JSON text: a project's users may be more than anyone wants to hold parsed, or at once.
struct UserPage {
    std::string items;  ///< server's views, with commas between them
    std::int64_t count = 0;
    std::optional<ListPosition> next;
};
/// Nothing when nobody ever had that id.
awaitable<std::optional<ListPosition>> find_position(pg::Executor& db, const std::string& user, bool by_activity);
awaitable<UserPage> list_users(pg::Executor& db, const UserFilter& filter, UserOrder order, const std::optional<ListPosition>& from,
                               std::int64_t limit);
}  // namespace argon::legacy
