// Codes and tokens that people get by mail or phone: made, kept as keyed hashes, sent, checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/deliver.hpp"
#include "identity/verifications.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec invalid_otp{400, "INVALID_OTP", "Invalid OTP"};
inline constexpr ErrorSpec otp_expired{400, "OTP_EXPIRED", "OTP expired"};
inline constexpr ErrorSpec otp_not_found{400, "OTP_NOT_FOUND", "OTP not found"};
inline constexpr ErrorSpec too_many_attempts{403, "TOO_MANY_ATTEMPTS", "Too many attempts"};
}  // namespace errors

/// How the table knows a token.
std::string hash_token(const Context& ctx, std::string_view token);

struct CodeOrder {
    CodePurpose purpose;
    std::string identifier;  ///< `sign-in-otp-<address>`; an earlier code of that identifier is void
    std::string to;
    bool by_phone = false;
    std::int64_t length;
    std::int64_t life;  ///< seconds
    std::optional<identity::User> user;
};

/// Stores the code in `db` and sends it. With a webhook in the mail's place, `db` is to be the pool (deliver.hpp).
awaitable<Result<>> send_code(Context& ctx, pg::Executor& db, CodeOrder order);
/// As above, code and mail in a transaction of their own.
awaitable<Result<>> send_code(Context& ctx, CodeOrder order);

struct CodeTry {
    std::string identifier;
    std::string code;
    std::int64_t allowed_attempts;
    identity::CodeUse use = identity::CodeUse::consume;
    ErrorSpec when_absent = errors::invalid_otp;
};
/// Counts a failure before anybody learns of it (identity::try_code).
awaitable<Result<>> check_code(Context& ctx, CodeTry attempt);
inline constexpr Refusals code_refusals{errors::invalid_otp, errors::otp_expired, errors::too_many_attempts};

/// Stores `row`, if there is one, and sends the link: both or neither.
awaitable<Result<>> send_link(Context& ctx, std::optional<identity::NewVerification> row, LinkMessage message);

/// `<base_url><path>?token=<token>&callbackURL=<callback>`; from the configured public URL, whatever Host the request named.
std::string make_link(const Context& ctx, std::string_view path, std::string_view token, std::string_view callback);
std::string base_url(const Context& ctx);
}  // namespace argon::api
