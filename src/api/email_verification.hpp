// Proof of an e-mail address, as sign-up, sign-in and several features ask for it: by a link whose token is signed and stored nowhere, or
// by a code (auth-wire-facts.md, fact 30).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/one_time.hpp"

namespace argon::api {

/// What the token of a verification link says. Tokens that change an address have the last three: the user's id keeps a link that was
/// used from working on whoever has the old address next.
struct LinkClaims {
    std::string email;
    std::optional<std::string> updateTo;
    std::optional<std::string> requestType;
    std::optional<UserId> userId;
    std::int64_t iat = 0;
    std::int64_t exp = 0;

    static void fields(auto& f, auto& claims) {
        f.required("email", claims.email, json::email);
        f.optional("updateTo", claims.updateTo, json::email);
        f.optional("requestType", claims.requestType);
        f.optional("userId", claims.userId);
        f.required("iat", claims.iat);
        f.required("exp", claims.exp);
    }
};

inline constexpr std::string_view confirms_change = "change-email-confirmation";
inline constexpr std::string_view verifies_change = "change-email-verification";

enum class LinkFlaw { invalid, expired };

std::string make_link_token(const Context& ctx, LinkClaims claims);
std::expected<LinkClaims, LinkFlaw> read_link_token(const Context& ctx, std::string_view token);

/// Sends the link or the code that proves the user's address, in `db`. Nothing is sent to a mailbox that had its share of mails.
awaitable<Result<>> send_email_verification(Context& ctx, pg::Executor& db, const identity::User& user, std::string_view callback);
/// In a transaction of its own.
awaitable<Result<>> send_email_verification(Context& ctx, const identity::User& user, std::string_view callback);
/// The e-mail OTP plugin's code on sign-up, beside the link.
awaitable<Result<>> send_email_verification_code(Context& ctx, pg::Executor& db, const identity::User& user);

/// Sends the link that changes the user's address to `to`, to the address that is to be proven: the old one or the new.
awaitable<Result<>> send_change_link(Context& ctx, const identity::User& user, std::string_view to, std::string_view request_type,
                                     std::string_view callback);

/// Whether a webhook takes the mail's place: then it is to be sent after the commit, over the pool.
bool verification_waits_for_webhook(const Context& ctx, const identity::User& user);
}  // namespace argon::api
