// POST /request-password-reset: mail a link to whoever has the address. The answer is the same for every address, and as fast.
#include "api/brakes.hpp"
#include "api/one_time.hpp"
#include "api/pace.hpp"
#include "auth/email_password/email_password.hpp"
#include "crypto/random.hpp"

namespace argon::auth::email_password {
namespace {
constexpr std::size_t token_length = 24;

struct RequestBody {
    std::string email;
    std::optional<std::string> redirectTo;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.optional("redirectTo", body.redirectTo);
    }
};

struct RequestReply {
    static void fields(auto& f, const auto&) {
        f.required("status", true);
        f.required("message", "If this email exists in our system, check your email for the reset link");
    }
};

awaitable<Result<>> send_reset_link(api::Context& ctx, const identity::User& user, const std::string& redirect_to) {
    const std::chrono::seconds life{ctx.settings().advanced.password.resetTokenExpiresIn};
    auto token = crypto::random_text(token_length, crypto::alphanumeric);
    identity::NewVerification row{"reset-password:" + api::hash_token(ctx, token), user.id.value, ctx.now + life};
    auto url = api::base_url(ctx) + "/reset-password/" + token + "?callbackURL=" + http::percent_encode(redirect_to);
    auto sent =
        co_await api::send_link(ctx, std::move(row), {api::LinkPurpose::forget_password, user.email, std::move(url), std::move(token), life, user});
    co_return sent;
}
}  // namespace

constexpr api::Description request_password_reset_docs = api::describe<RequestBody, RequestReply>(
    "requestPasswordReset", "Mail a link that leads to a new password", {.refusals = api::delivery_refusals});
awaitable<Result<http::Response>> request_password_reset(api::Context& ctx) {
    const auto body = ctx.body<RequestBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    auto limited = co_await api::brake_mail(ctx, email);
    if (limited) co_return std::move(*limited);

    const auto begun = std::chrono::steady_clock::now();
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    ctx.answers_first = true;
    Result<> sent;
    if (user) sent = co_await send_reset_link(ctx, *user, body->redirectTo.value_or(""));
    co_await api::even_out(begun);
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, RequestReply{});
}
}  // namespace argon::auth::email_password
