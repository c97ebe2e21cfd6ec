// POST /sign-in/phone-number: exchange a number and its owner's password for a session.
#include "api/brakes.hpp"
#include "api/session.hpp"
#include "auth/phone_number/phone_number.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::phone_number {
namespace {
constexpr ErrorSpec wrong{401, "INVALID_PHONE_NUMBER_OR_PASSWORD", "Invalid phone number or password"};
constexpr ErrorSpec not_verified{401, "PHONE_NUMBER_NOT_VERIFIED", "Phone number not verified"};

struct SignInBody {
    std::string phoneNumber;
    std::string password;
    bool rememberMe = true;

    static void fields(auto& f, auto& body) {
        f.required("phoneNumber", body.phoneNumber);
        f.required("password", body.password);
        f.optional("rememberMe", body.rememberMe);
    }
};

struct SignInReply {
    std::string token;
    identity::User user;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.required("user", reply.user);
    }
};

/// Only who knows the password has a code sent by trying.
awaitable<Error> refuse_unverified(api::Context& ctx, const identity::User& user, const std::string& number) {
    const auto limited = co_await api::brake_mail(ctx, number);
    if (!limited) {
        const auto sent = co_await api::send_code(ctx, make_order(ctx, number, user));
        if (!sent) co_return sent.error();
    }
    co_return Error{not_verified};
}
}  // namespace

constexpr api::Description sign_in_docs =
    api::describe<SignInBody, SignInReply>("signInPhoneNumber", "Sign in with a number and its owner's password",
                                           {.refusals = {wrong, not_verified, api::phone_delivery_refusals, api::admit_refusals}});
awaitable<Result<http::Response>> sign_in(api::Context& ctx) {
    const auto body = ctx.body<SignInBody>();
    if (!body) co_return std::unexpected(body.error());
    auto limited = co_await api::brake_account(ctx, body->phoneNumber);
    if (limited) co_return std::move(*limited);
    const auto found = co_await identity::find_user_by_phone(ctx.db, body->phoneNumber);
    // An unknown number costs a look-up and a hash, too.
    const auto stored = co_await identity::find_password(ctx.db, found ? found->id : UserId{"00000000-0000-0000-0000-000000000000"});
    const auto matches = co_await ctx.passwords().verify_or_burn(ctx.io(), stored, body->password);
    if (!matches) co_return std::unexpected(matches.error());
    if (!found || !*matches) co_return refuse(wrong);
    co_await api::forgive_account(ctx, body->phoneNumber);
    if (ctx.settings().advanced.phone.requireVerification && !found->phone.verified.value_or(false)) {
        auto error = co_await refuse_unverified(ctx, *found, body->phoneNumber);
        co_return std::unexpected(std::move(error));
    }
    const auto session = co_await api::admit(ctx, ctx.db, *found, body->rememberMe);
    if (!session) co_return std::unexpected(session.error());
    const auto user = api::shown(ctx, *found);
    auto response = http::Response::json(200, SignInReply{session->token, user});
    api::set_session_cookies(ctx, response, {*session, user}, body->rememberMe);
    co_return response;
}
}  // namespace argon::auth::phone_number
