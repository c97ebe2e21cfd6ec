// POST /send-verification-email: mail the link or code that proves an address. To strangers the answer is the same for every address.
#include "api/brakes.hpp"
#include "api/email_verification.hpp"
#include "api/pace.hpp"
#include "api/session.hpp"
#include "auth/email_verification/email_verification.hpp"

namespace argon::auth::email_verification {
namespace {
constexpr ErrorSpec email_mismatch{400, "EMAIL_MISMATCH", "Email mismatch"};
constexpr ErrorSpec already_verified{400, "EMAIL_ALREADY_VERIFIED", "Email is already verified"};

struct SendBody {
    std::string email;
    std::optional<std::string> callbackURL;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.optional("callbackURL", body.callbackURL);
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};

awaitable<Result<>> send_to_stranger(api::Context& ctx, const std::string& email, const std::string& callback) {
    const auto begun = std::chrono::steady_clock::now();
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    ctx.answers_first = true;
    Result<> sent;
    if (user && !user->email_verified) sent = co_await api::send_email_verification(ctx, *user, callback);
    co_await api::even_out(begun);
    co_return sent;
}

awaitable<Result<>> send_to_owner(api::Context& ctx, const identity::User& user, const std::string& email, const std::string& callback) {
    if (user.email != email) co_return refuse(email_mismatch);
    if (user.email_verified) co_return refuse(already_verified);
    auto sent = co_await api::send_email_verification(ctx, user, callback);
    co_return sent;
}
}  // namespace

constexpr api::Description send_verification_email_docs =
    api::describe<SendBody, StatusReply>("sendVerificationEmail", "Mail the link or code that proves an address",
                                         {.refusals = {email_mismatch, already_verified, api::delivery_refusals}});
awaitable<Result<http::Response>> send_verification_email(api::Context& ctx) {
    const auto body = ctx.body<SendBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    const auto callback = body->callbackURL.value_or("/");
    const auto lookup = co_await api::find_session(ctx, {.refresh = false, .cache = false});
    Result<> sent;
    if (lookup.active) {
        sent = co_await send_to_owner(ctx, lookup.active->current.user, email, callback);
    } else {
        sent = co_await send_to_stranger(ctx, email, callback);
    }
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::email_verification
