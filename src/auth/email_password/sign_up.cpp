// POST /sign-up/email: make a user with a password, and a session unless the branch wants the address proven first.
#include "api/deliver.hpp"
#include "api/email_verification.hpp"
#include "api/guards.hpp"
#include "api/password_rule.hpp"
#include "api/session.hpp"
#include "auth/email_password/email_password.hpp"
#include "auth/email_password/errors.hpp"
#include "crypto/random.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::email_password {
namespace {

struct SignUpBody {
    std::string name;
    std::string email;
    std::string password;
    std::optional<std::string> image;
    std::optional<std::string> callbackURL;
    bool rememberMe = true;

    static void fields(auto& f, auto& body) {
        f.required("name", body.name, json::max_length{1024});
        f.required("email", body.email, json::email);
        f.required("password", body.password, json::min_length{1});
        f.optional("image", body.image, json::max_length{8192});
        f.optional("callbackURL", body.callbackURL);
        f.optional("rememberMe", body.rememberMe);
    }
};

struct SignUpReply {
    std::optional<std::string> token;
    identity::User user;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.required("user", reply.user);
    }
};

/// Columns that only an administrator sets; the others of the user table are silently left out.
Result<> check_protected_fields(const json::Value& body) {
    for (const std::string_view name : {"role", "banReason", "banExpires", "phoneNumberVerified"}) {
        const auto* value = json::find(body, name);
        if (value && json::is_truthy(*value)) return refuse_with(errors::field_not_allowed, std::string{name} + " is not allowed to be set");
    }
    return {};
}

bool hides_duplicates(const identity::Settings& settings) {
    return settings.email_and_password.requireEmailVerification || !settings.advanced.password.autoSignIn;
}

/// What a stranger sees who signs up with an address that is taken: a user who does not exist (fact 36).
identity::User invent_user(const api::Context& ctx, const SignUpBody& body) {
    identity::User user{.id = UserId{crypto::random_uuid()},
                        .name = body.name,
                        .email = identity::fold_email(body.email),
                        .image = body.image,
                        .created_at = ctx.now,
                        .updated_at = ctx.now,
                        .banned = false};
    user.shows_phone = ctx.settings().plugins.phoneNumber.enabled;
    return user;
}

identity::NewUser new_user(const SignUpBody& body) { return {.name = body.name, .email = identity::fold_email(body.email), .image = body.image}; }

/// What the new address is sent, if anything: the proof that the branch asks for, and the plugin's code beside a link.
awaitable<Result<>> send_proofs(api::Context& ctx, pg::Executor& db, const identity::User& user, const SignUpBody& body) {
    const auto& rules = ctx.settings().email_and_password;
    Result<> sent;
    if (rules.sendVerificationEmailOnSignUp || rules.requireEmailVerification) {
        sent = co_await api::send_email_verification(ctx, db, user, body.callbackURL.value_or("/"));
    }
    const bool wants_code = ctx.settings().advanced.emailOtp.sendVerificationOnSignUp && !ctx.settings().verifies_by_code();
    if (sent && wants_code) sent = co_await api::send_email_verification_code(ctx, db, user);
    co_return sent;
}

struct SignedUp {
    identity::User user;
    std::optional<identity::Session> session;
};

/// User, account, session and mail come into being together or not at all. Nothing when the address was taken meanwhile.
awaitable<Result<std::optional<SignedUp>>> create_account(api::Context& ctx, const SignUpBody& body, const std::string& password_hash) {
    auto tx = co_await ctx.pool->begin();
    auto user = co_await identity::insert_user(tx, new_user(body), ctx.now);
    if (!user) co_return std::nullopt;
    user->shows_phone = ctx.settings().plugins.phoneNumber.enabled;
    co_await identity::insert_credential(tx, user->id, password_hash, ctx.now);
    co_await api::announce_user_created(ctx, tx, *user, "credential");
    SignedUp signed_up{.user = std::move(*user)};
    if (!hides_duplicates(ctx.settings())) signed_up.session = co_await api::open_session(ctx, tx, signed_up.user.id, body.rememberMe);
    const bool by_webhook = api::verification_waits_for_webhook(ctx, signed_up.user);
    if (!by_webhook) {
        const auto sent = co_await send_proofs(ctx, tx, signed_up.user, body);
        if (!sent) co_return std::unexpected(sent.error());
    }
    co_await tx.commit();
    // A taken address is answered at once, and so is a new one.
    ctx.answers_first = hides_duplicates(ctx.settings());
    // Whoever's code the webhook did not take has an account all the same, and can ask for another.
    if (by_webhook) co_await send_proofs(ctx, ctx.db, signed_up.user, body);
    co_return signed_up;
}

Result<http::Response> answer_duplicate(const api::Context& ctx, const SignUpBody& body) {
    if (!hides_duplicates(ctx.settings())) return refuse(errors::user_exists);
    return http::Response::json(200, SignUpReply{{}, invent_user(ctx, body)});
}
}  // namespace

constexpr api::Description sign_up_docs = api::describe<SignUpBody, SignUpReply>(
    "signUpWithEmailAndPassword", "Sign up with email and password",
    {.refusals = {api::form_origin_refusals, errors::sign_up_disabled, api::length_refusals, errors::field_not_allowed, errors::user_exists,
                  api::new_user_refusals, api::delivery_refusals}});
awaitable<Result<http::Response>> sign_up(api::Context& ctx) {
    const auto body = ctx.open_body<SignUpBody>();
    if (!body) co_return std::unexpected(body.error());
    if (auto checked = api::check_form_origin(ctx); !checked) co_return std::unexpected(checked.error());
    const auto& rules = ctx.settings().email_and_password;
    if (!rules.enabled || rules.disableSignUp) co_return refuse(errors::sign_up_disabled);
    if (auto checked = api::check_password_length(ctx, body->password); !checked) co_return std::unexpected(checked.error());
    if (auto strong = api::check_password_strength(ctx, body->password, body->email); !strong) co_return std::unexpected(strong.error());
    if (auto checked = check_protected_fields(*ctx.parsed_body); !checked) co_return std::unexpected(checked.error());

    const auto existing = co_await identity::find_credential(ctx.db, identity::fold_email(body->email));
    if (existing && !hides_duplicates(ctx.settings())) co_return refuse(errors::user_exists);
    if (!existing) {
        // Asked before the costly part; events are for rows that come to be, so a taken address asks nobody.
        const auto user = new_user(*body);
        if (auto approved = co_await api::approve_new_user(ctx, user, "credential"); !approved) co_return std::unexpected(approved.error());
    }
    // Hashed for a taken address too where the answer hides it: the time must not tell.
    const auto password_hash = co_await ctx.passwords().hash(ctx.io(), body->password);
    if (!password_hash) co_return std::unexpected(password_hash.error());
    if (existing) co_return answer_duplicate(ctx, *body);
    const auto created = co_await create_account(ctx, *body, *password_hash);
    if (!created) co_return std::unexpected(created.error());
    if (!*created) co_return answer_duplicate(ctx, *body);

    const auto& [user, session] = **created;
    if (!session) co_return http::Response::json(200, SignUpReply{{}, user});
    auto response = http::Response::json(200, SignUpReply{session->token, user});
    api::set_session_cookies(ctx, response, {*session, user}, body->rememberMe);
    co_return response;
}
}  // namespace argon::auth::email_password
