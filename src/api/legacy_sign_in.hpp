// What the ways to sign in share: sessions, passwords, and where links may lead.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "api/legacy.hpp"
#include "legacy/sessions.hpp"
#include "legacy/verification_codes.hpp"

namespace argon::api {

struct OpenedSession {
    std::string access_token;
    std::string refresh_token;
    SessionId id;
};
/// In the caller's transaction, or the pool. Nothing when the user has just been deleted.
awaitable<std::optional<OpenedSession>> open_legacy_session(LegacyContext& ctx, pg::Executor& db, const legacy::User& user,
                                                            std::chrono::milliseconds life = legacy::session_life, bool is_impersonation = false);
std::string make_legacy_token(const LegacyContext& ctx, const legacy::User& user, const SessionId& session);
/// `{API}` of stack-auth.md: `<public url>/api/v1`.
std::string legacy_api_url(const Services& services);

struct TokensReply {
    std::string access_token;
    std::string refresh_token;
    UserId user_id;
    std::optional<bool> is_new_user;

    static void fields(auto& f, auto& reply) {
        f.required("access_token", reply.access_token);
        f.required("refresh_token", reply.refresh_token);
        f.required("user_id", reply.user_id);
        f.optional("is_new_user", reply.is_new_user);
    }
};

/// 8 characters to 70 bytes: bcrypt looks at 72.
Result<> check_legacy_password(std::string_view password);

/// Localhost where the project allows it, or the scheme, host and port of a trusted domain. `*` stands for one label of a host, `**` for any
/// number of them.
bool is_trusted_url(const branches::Integration& project, std::string_view url);
Result<> check_callback(const LegacyContext& ctx, std::string_view url);

/// The refusal for a code that is not good.
Result<> check_verdict(legacy::CodeVerdict verdict);

/// A mail with a link to `callback` that carries the code; in the transaction that made the code.
struct LegacyMail {
    std::string kind;  ///< mail/templates.hpp
    std::string to;
    std::string callback;
    std::string code;
    bool shows_code = false;  ///< the first six characters, for typing
    std::string detail = {};  ///< what it is about: the team
    std::chrono::seconds life;
};
awaitable<> send_legacy_mail(LegacyContext& ctx, pg::Executor& tx, LegacyMail mail);

namespace code_purposes {
inline constexpr std::string_view verify_email = "contact_channel_verification";
inline constexpr std::string_view reset_password = "password_reset";
inline constexpr std::string_view sign_in = "otp_sign_in";
}  // namespace code_purposes
inline constexpr std::chrono::seconds code_life = std::chrono::hours{7 * 24};

/// Makes a code that proves the address and mails it.
awaitable<> send_verification(LegacyContext& ctx, pg::Executor& tx, const UserId& user, const std::string& email, const std::string& callback);

/// The bodies `{code}` of all endpoints that check one.
struct CodeBody {
    std::string code;

    static void fields(auto& f, auto& body) { f.required("code", body.code, json::max_length{200}); }
};
/// `.../check-code`: whether a code of that purpose would be taken.
awaitable<Result<http::Response>> answer_check_code(LegacyContext& ctx, std::string_view purpose);
}  // namespace argon::api
