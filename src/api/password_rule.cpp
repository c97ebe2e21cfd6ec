#include "api/password_rule.hpp"

#include "identity/common_passwords.hpp"
#include "identity/verifications.hpp"

namespace argon::api {

Result<> check_password_length(const Context& ctx, std::string_view password) {
    const auto& rule = ctx.settings().advanced.password;
    const auto length = static_cast<std::int64_t>(json::utf16_length(password));
    if (length < rule.minLength) return refuse(errors::password_too_short);
    if (length > rule.maxLength) return refuse(errors::password_too_long);
    return {};
}

Result<> check_password_strength(const Context& ctx, std::string_view password, std::string_view address) {
    if (!ctx.settings().advanced.password.blockCommon || !identity::is_common_password(password, address)) return {};
    return refuse(errors::password_compromised);
}

awaitable<> store_reset_password(Context& ctx, pg::Executor& db, UserId user, const std::string& password_hash) {
    co_await identity::set_password(db, user, password_hash, ctx.now);
    co_await identity::delete_reset_links(db, user);
    if (ctx.settings().advanced.password.revokeSessionsOnReset) co_await identity::delete_sessions_of(db, user);
}
}  // namespace argon::api
