// GET /magic-link/verify?token=...: exchange the mailed link for a session, and go on to the app or answer JSON.
// POST /magic-link/verify: the same, from the confirmation page.
#include "api/confirm_page.hpp"
#include "api/deliver.hpp"
#include "api/guards.hpp"
#include "api/one_time.hpp"
#include "api/redirects.hpp"
#include "api/session.hpp"
#include "auth/magic_link/magic_link.hpp"

namespace argon::auth::magic_link {
namespace {

struct Link {
    std::string token;
    std::optional<std::string> callbackURL;  ///< absent: the answer is JSON
    std::optional<std::string> errorCallbackURL;
    std::optional<std::string> newUserCallbackURL;

    static void fields(auto& f, auto& link) {
        f.required("token", link.token);
        f.optional("callbackURL", link.callbackURL);
        f.optional("errorCallbackURL", link.errorCallbackURL);
        f.optional("newUserCallbackURL", link.newUserCallbackURL);
    }
};

struct Invited {
    std::string email;
    std::string name;

    static void fields(auto& f, auto& invited) {
        f.required("email", invited.email, json::email);
        f.optional("name", invited.name);
    }
};

struct VerifyReply {
    std::string token;
    identity::User user;
    identity::Session session;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.required("user", reply.user);
        f.required("session", reply.session);
    }
};

std::string first_of(const std::optional<std::string>& wanted, std::string_view otherwise) {
    return wanted && !wanted->empty() ? *wanted : std::string{otherwise};
}

http::Response fail(const api::Context& ctx, const Link& link, std::string_view code) {
    const auto target = first_of(link.errorCallbackURL, first_of(link.callbackURL, "/"));
    return api::send_on(api::with_parameter(api::resolve_target(ctx, target), "error", code));
}

struct Entered {
    identity::SessionAndUser session;
    bool is_new = false;
};

/// Absent when the address was taken at this very moment.
awaitable<Result<std::optional<Entered>>> sign_up(api::Context& ctx, identity::NewUser new_user) {
    const auto approved = co_await api::approve_new_user(ctx, new_user, "magic-link");
    if (!approved) co_return std::unexpected(approved.error());
    auto tx = co_await ctx.pool->begin();
    const auto user = co_await identity::insert_user(tx, new_user, ctx.now);
    if (!user) co_return std::nullopt;
    co_await api::announce_user_created(ctx, tx, *user, "magic-link");
    const auto session = co_await api::admit(ctx, tx, *user);
    if (!session) co_return std::unexpected(session.error());
    co_await tx.commit();
    co_return Entered{{*session, api::shown(ctx, *user)}, true};
}

awaitable<Result<std::optional<Entered>>> enter(api::Context& ctx, identity::User user) {
    auto tx = co_await ctx.pool->begin();
    const auto proven = co_await identity::prove_email(tx, user.id, ctx.now);
    if (proven) user = *proven;
    const auto session = co_await api::admit(ctx, tx, user);
    if (!session) co_return std::unexpected(session.error());
    co_await tx.commit();
    co_return Entered{{*session, api::shown(ctx, std::move(user))}, false};
}

std::optional<Invited> read_row(const std::optional<std::string>& row) {
    const auto value = row ? json::parse(*row) : std::nullopt;
    Invited invited;
    if (!value || !json::decode(&*value, "row", invited).empty()) return {};
    return invited;
}

awaitable<Result<http::Response>> use_link(api::Context& ctx, Link link) {
    const auto row = co_await identity::take_verification(ctx.db, "magic-link:" + api::hash_token(ctx, link.token), ctx.now);
    const auto invited = read_row(row);
    if (!invited) co_return fail(ctx, link, "INVALID_TOKEN");
    const auto email = identity::fold_email(invited->email);
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    if (!user && ctx.settings().plugins.magicLink.config.disableSignUp) co_return fail(ctx, link, "new_user_signup_disabled");

    Result<std::optional<Entered>> entered;
    if (user) {
        entered = co_await enter(ctx, *user);
    } else {
        entered = co_await sign_up(ctx, {.name = invited->name, .email = email, .email_verified = true});
    }
    if (!entered) co_return std::unexpected(entered.error());
    if (!*entered) co_return fail(ctx, link, "failed_to_create_user");
    const auto& [session, is_new] = **entered;
    auto response = http::Response::json(200, VerifyReply{session.session.token, session.user, session.session});
    if (link.callbackURL && !link.callbackURL->empty()) {
        const auto target = is_new ? first_of(link.newUserCallbackURL, *link.callbackURL) : *link.callbackURL;
        response = api::send_on(api::resolve_target(ctx, target));
    }
    api::set_session_cookies(ctx, response, session, true);
    co_return response;
}
}  // namespace

constexpr api::Description open_link_docs = api::describe<void, VerifyReply, Link>(
    "verifyMagicLink", "Sign in, or up, with a mailed link",
    {.refusals = {api::link_target_refusals, api::new_user_refusals, api::admit_refusals}, .redirects = true, .shows_page = true});
awaitable<Result<http::Response>> open_link(api::Context& ctx) {
    auto link = ctx.parameters<Link>();
    if (!link) co_return std::unexpected(link.error());
    if (auto checked = api::check_link_targets(ctx); !checked) co_return std::unexpected(checked.error());
    if (api::wants_confirmation(ctx)) co_return api::confirm_page(ctx, "Sign in with this browser?", "Sign in");
    auto used = co_await use_link(ctx, std::move(*link));
    co_return used;
}

awaitable<Result<http::Response>> post_link(api::Context& ctx) {
    auto link = ctx.body<Link>();
    if (!link) co_return std::unexpected(link.error());
    if (auto checked = api::check_form_origin(ctx); !checked) co_return std::unexpected(checked.error());
    auto used = co_await use_link(ctx, std::move(*link));
    co_return used;
}
}  // namespace argon::auth::magic_link
