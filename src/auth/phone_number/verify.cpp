// POST /phone-number/verify: exchange a code for a session - of the number's owner, or of a new user where the branch allows it - or attach the
// number to the signed-in user.
#include "api/session.hpp"
#include "auth/phone_number/phone_number.hpp"

namespace argon::auth::phone_number {
namespace {
constexpr ErrorSpec user_not_found{401, "USER_NOT_FOUND", "User not found"};
constexpr ErrorSpec number_taken{400, "PHONE_NUMBER_EXIST", "Phone number already exists"};
// Upstream fails with a 500 here; this says what is the matter.
constexpr ErrorSpec not_registered{400, "PHONE_NUMBER_NOT_EXIST", "phone number isn't registered"};

struct VerifyBody {
    std::string phoneNumber;
    std::string code;
    bool disableSession = false;
    bool updatePhoneNumber = false;

    static void fields(auto& f, auto& body) {
        f.required("phoneNumber", body.phoneNumber);
        f.required("code", body.code);
        f.optional("disableSession", body.disableSession);
        f.optional("updatePhoneNumber", body.updatePhoneNumber);
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

awaitable<Result<http::Response>> attach(api::Context& ctx, const std::string& number) {
    const auto lookup = co_await api::find_session(ctx, {.refresh = false, .cache = false});
    if (!lookup.active) co_return refuse(user_not_found);
    const auto& current = lookup.active->current;
    auto tx = co_await ctx.pool->begin();
    const auto user = co_await identity::set_phone(tx, current.user.id, number, ctx.now);
    if (!user) co_return refuse(number_taken);
    co_await api::announce_phone_verified(ctx, tx, *user);
    co_await tx.commit();
    const auto shown = api::shown(ctx, *user);
    auto response = http::Response::json(200, VerifyReply{current.session.token, shown});
    api::set_session_cache(ctx, response, {current.session, shown}, api::is_remembered(ctx));
    co_return response;
}

std::string temporary_email(const api::Context& ctx, const std::string& number) {
    return number.substr(1) + "@" + ctx.settings().advanced.phone.temporaryEmailDomain;
}

/// The owner, now verified, or a new user.
awaitable<Result<identity::User>> claim(api::Context& ctx, pg::Executor& db, const std::optional<identity::User>& owner,
                                        const identity::NewUser& new_user) {
    std::optional<identity::User> user;
    if (owner) {
        user = co_await identity::verify_phone(db, owner->id, ctx.now);
    } else {
        user = co_await identity::insert_user(db, new_user, ctx.now);
        if (user) co_await api::announce_user_created(ctx, db, *user, "phone-number");
    }
    if (!user) co_return refuse(not_registered);
    co_await api::announce_phone_verified(ctx, db, *user);
    co_return api::shown(ctx, std::move(*user));
}
}  // namespace

constexpr api::Description verify_docs = api::describe<VerifyBody, VerifyReply>(
    "verifyPhoneNumber", "Prove a number with a code, to sign in or up or to attach it to the signed-in user",
    {.refusals = {check_refusals, user_not_found, number_taken, not_registered, api::new_user_refusals, api::admit_refusals}});
awaitable<Result<http::Response>> verify(api::Context& ctx) {
    const auto body = ctx.open_body<VerifyBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto checked = co_await check(ctx, body->phoneNumber, body->code);
    if (!checked) co_return std::unexpected(checked.error());
    if (body->updatePhoneNumber) {
        auto attached = co_await attach(ctx, body->phoneNumber);
        co_return attached;
    }

    const auto owner = co_await identity::find_user_by_phone(ctx.db, body->phoneNumber);
    if (!owner && !ctx.settings().advanced.phone.signUpOnVerification) co_return refuse(not_registered);
    const identity::NewUser new_user{
        .name = body->phoneNumber, .email = temporary_email(ctx, body->phoneNumber), .verified_phone = body->phoneNumber};
    if (!owner) {
        const auto approved = co_await api::approve_new_user(ctx, new_user, "phone-number");
        if (!approved) co_return std::unexpected(approved.error());
    }
    auto tx = co_await ctx.pool->begin();
    const auto user = co_await claim(ctx, tx, owner, new_user);
    if (!user) co_return std::unexpected(user.error());
    if (body->disableSession) {
        co_await tx.commit();
        co_return http::Response::json(200, VerifyReply{{}, *user});
    }
    const auto session = co_await api::admit(ctx, tx, *user);
    if (!session) co_return std::unexpected(session.error());
    co_await tx.commit();
    auto response = http::Response::json(200, VerifyReply{session->token, *user});
    api::set_session_cookies(ctx, response, {*session, *user}, true);
    co_return response;
}
}  // namespace argon::auth::phone_number
