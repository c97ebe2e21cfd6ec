// The member `data` of /admin/create-user and /admin/update-user: columns of a user, by name.
#pragma once

#include "auth/admin/access.hpp"

namespace argon::auth::admin {

/// Checked columns with their values as JSON, ready for apply_patch.
class UserPatch {
public:
    /// Refuses columns that are not set here, and values of another type. What is no column at all is passed over, as Better Auth does
    /// with fields that an app has not declared.
    static Result<UserPatch> read(const api::Context& ctx, const json::Object& data);

    bool has(std::string_view column) const { return columns_.contains({column.data(), column.size()}); }
    bool is_ban() const { return has("banned") || has("banReason") || has("banExpires"); }
    bool bans() const;
    /// The number that it gives the user, if any.
    std::optional<std::string> phone_number() const;
    bool empty() const { return columns_.empty(); }
    void remove(std::string_view column) { columns_.erase({column.data(), column.size()}); }
    std::string text() const { return json::to_text(columns_); }

private:
    json::Object columns_;
};

/// What the caller needs a right for, beyond the one of the endpoint.
Result<> check_rights(const identity::User& caller, const UserPatch& patch);

/// Changes the columns, in the caller's transaction. Another address is unproven unless the patch says otherwise, and voids the reset
/// links mailed to the old one; a ban ends all sessions. Refused when the address is taken.
awaitable<Result<identity::User>> apply_patch(pg::Executor& tx, UserId id, const UserPatch& patch, TimePoint now);
}  // namespace argon::auth::admin
