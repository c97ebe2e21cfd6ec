// POST /email-otp/verify-email: exchange a code for a proven address and, where the branch says so, a session.
#include "api/session.hpp"
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {

struct VerifyBody {
    std::string email;
    std::string otp;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.required("otp", body.otp);
    }
};

struct VerifyReply {
    std::optional<std::string> token;
    identity::User user;

    static void fields(auto& f, const auto& reply) {
        f.required("status", true);
        f.required("token", reply.token);
        f.required("user", reply.user);
    }
};
}  // namespace

constexpr api::Description verify_email_docs =
    api::describe<VerifyBody, VerifyReply>("verifyEmailByOTP", "Prove an address with a code",
                                           {.refusals = {errors::invalid_email, api::code_refusals, errors::user_not_found, api::admit_refusals}});
awaitable<Result<http::Response>> verify_email(api::Context& ctx) {
    const auto body = ctx.body<VerifyBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    if (!json::is_email(email)) co_return refuse(errors::invalid_email);
    const auto checked = co_await check(ctx, "email-verification", email, body->otp);
    if (!checked) co_return std::unexpected(checked.error());
    const auto found = co_await identity::find_user_by_email(ctx.db, email);
    if (!found) co_return refuse(errors::user_not_found);

    const auto verified = co_await identity::verify_email(ctx.db, found->id, email, ctx.now);
    const auto user = api::shown(ctx, verified ? *verified : *found);
    if (ctx.settings().email_and_password.autoSignInAfterVerification) {
        const auto session = co_await api::admit(ctx, ctx.db, user);
        if (!session) co_return std::unexpected(session.error());
        auto response = http::Response::json(200, VerifyReply{session->token, user});
        api::set_session_cookies(ctx, response, {*session, user}, true);
        co_return response;
    }
    auto response = http::Response::json(200, VerifyReply{{}, user});
    const auto lookup = co_await api::find_session(ctx, {.refresh = false, .cache = false});
    const bool is_own = lookup.active && lookup.active->current.user.id == user.id;
    if (is_own) api::set_session_cache(ctx, response, {lookup.active->current.session, user}, api::is_remembered(ctx));
    co_return response;
}
}  // namespace argon::auth::email_otp
