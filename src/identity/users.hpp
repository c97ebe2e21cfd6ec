// People: rows of neon_auth."user".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "pg/executor.hpp"

namespace argon::identity {

/// The phone plugin's columns; on the wire only where the plugin is on (auth-wire-facts.md, fact 12).
struct Phone {
    std::optional<std::string> number;
    std::optional<bool> verified;
};

struct User {
    static constexpr std::string_view schema_name = "User";
    UserId id;
    std::string name;
    std::string email;
    bool email_verified = false;
    std::optional<std::string> image;
    TimePoint created_at;
    TimePoint updated_at;
    std::optional<std::string> role;
    std::optional<bool> banned;
    std::optional<std::string> ban_reason;
    std::optional<TimePoint> ban_expires;
    Phone phone;
    bool shows_phone = false;

    /// The order of hosted Neon's answers; `id` is the last key.
    static void fields(auto& f, const auto& user) {
        f.required("name", user.name);
        f.required("email", user.email);
        f.required("emailVerified", user.email_verified);
        f.required("image", user.image);
        f.required("createdAt", user.created_at);
        f.required("updatedAt", user.updated_at);
        f.required("role", user.role);
        f.required("banned", user.banned);
        f.required("banReason", user.ban_reason);
        f.required("banExpires", user.ban_expires);
        if (user.shows_phone) {
            f.required("phoneNumber", user.phone.number);
            f.required("phoneNumberVerified", user.phone.verified);
        }
        f.required("id", user.id);
    }
    static void columns(auto& column, auto& user) {
        column(user.id);
        column(user.name);
        column(user.email);
        column(user.email_verified);
        column(user.image);
        column(user.created_at);
        column(user.updated_at);
        column(user.role);
        column(user.banned);
        column(user.ban_reason);
        column(user.ban_expires);
        column(user.phone.number);
        column(user.phone.verified);
    }
};

/// The columns User reads, for SELECT and RETURNING lists; the table's alias is u.
#define ARGON_USER_COLUMNS                                                                                                       \
    "u.id, u.name, u.email, u.\"emailVerified\", u.image, u.\"createdAt\", u.\"updatedAt\", u.role, u.banned, u.\"banReason\", " \
    "u.\"banExpires\", u.\"phoneNumber\", u.\"phoneNumberVerified\""

struct NewUser {
    std::string name;
    std::string email;  ///< lower case
    bool email_verified = false;
    std::optional<std::string> image;
    std::optional<std::string> verified_phone;
};

/// Absent when the address or number is taken, also by somebody who signs up at this very moment.
awaitable<std::optional<User>> insert_user(pg::Executor& db, const NewUser& user, TimePoint now);

struct UserChange {
    std::optional<std::string> name;
    bool sets_image = false;
    std::optional<std::string> image;
    bool drops_phone = false;
};
awaitable<std::optional<User>> update_user(pg::Executor& db, const UserId& id, const UserChange& change, TimePoint now);

awaitable<std::optional<User>> find_user(pg::Executor& db, const UserId& id);
/// Holds off whoever else takes this lock until the transaction ends. False when there is no such user.
awaitable<bool> lock_user(pg::Executor& tx, const UserId& id);
/// `email` in lower case.
awaitable<std::optional<User>> find_user_by_email(pg::Executor& db, std::string_view email);
awaitable<std::optional<User>> find_user_by_phone(pg::Executor& db, std::string_view number);

/// Marks the address as the user's own. Nothing when the user is gone, has another address by now, or had it proven already.
awaitable<std::optional<User>> verify_email(pg::Executor& db, const UserId& id, std::string_view email, TimePoint now);
/// As verify_email, for an address proven by its mailbox: what was there before the proof goes, password, providers' accounts and sessions
/// (fact 28). Whoever signed up with somebody else's address is out. `kept_account`, if any, is the one that proved the address.
/// Nothing when the address was proven already.
awaitable<std::optional<User>> prove_email(pg::Executor& db, const UserId& id, TimePoint now,
                                           const std::optional<std::string>& kept_account = std::nullopt);
/// Nothing when the user no longer has the address `from`, or somebody has the address `to`.
awaitable<std::optional<User>> change_email(pg::Executor& db, const UserId& id, std::string_view from, std::string_view to, bool verified,
                                            TimePoint now);
/// Nothing when somebody has the number.
awaitable<std::optional<User>> set_phone(pg::Executor& db, const UserId& id, std::string_view number, TimePoint now);
awaitable<std::optional<User>> verify_phone(pg::Executor& db, const UserId& id, TimePoint now);

/// With accounts and sessions, and the codes and links that wait for the user.
awaitable<> delete_user(pg::Executor& db, const User& user);

/// Ends a ban whose time has come.
awaitable<> lift_ban(pg::Executor& db, const UserId& id);

/// E.164: `+`, no leading zero, at most 15 digits.
bool is_phone_number(std::string_view text);

/// Lower case as JavaScript does it for the ASCII addresses that are accepted.
std::string fold_email(std::string_view email);
}  // namespace argon::identity
