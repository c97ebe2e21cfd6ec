// POST /sign-in/magic-link: mail a link that signs in. Strangers get one too, even where sign-up is closed: the answer tells nothing.
#include "api/brakes.hpp"
#include "api/one_time.hpp"
#include "api/pace.hpp"
#include "auth/magic_link/magic_link.hpp"
#include "crypto/random.hpp"

namespace argon::auth::magic_link {
namespace {
constexpr std::size_t token_length = 32;

struct SignInBody {
    std::string email;
    std::optional<std::string> name;
    std::optional<std::string> callbackURL;
    std::optional<std::string> newUserCallbackURL;
    std::optional<std::string> errorCallbackURL;
    std::optional<json::Object> metadata;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.optional("name", body.name, json::max_length{1024});
        f.optional("callbackURL", body.callbackURL);
        f.optional("newUserCallbackURL", body.newUserCallbackURL);
        f.optional("errorCallbackURL", body.errorCallbackURL);
        f.optional("metadata", body.metadata);
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};

/// What the row remembers; the address as it was typed.
struct Invited {
    std::string email;
    std::optional<std::string> name;

    static void fields(auto& f, const auto& invited) {
        f.required("email", invited.email);
        f.optional("name", invited.name);
    }
};

std::string url_of(const api::Context& ctx, const SignInBody& body, const std::string& token) {
    const auto callback = body.callbackURL.value_or("");
    auto url = api::make_link(ctx, "/magic-link/verify", token, callback.empty() ? "/" : callback);
    const auto append = [&](std::string_view name, const std::optional<std::string>& target) {
        if (target && !target->empty()) url += "&" + std::string{name} + "=" + http::percent_encode(*target);
    };
    append("newUserCallbackURL", body.newUserCallbackURL);
    append("errorCallbackURL", body.errorCallbackURL);
    return url;
}
}  // namespace

constexpr api::Description sign_in_docs =
    api::describe<SignInBody, StatusReply>("signInWithMagicLink", "Mail a link that signs in, or up", {.refusals = api::delivery_refusals});
awaitable<Result<http::Response>> sign_in(api::Context& ctx) {
    const auto body = ctx.body<SignInBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    auto limited = co_await api::brake_mail(ctx, email);
    if (limited) co_return std::move(*limited);

    const auto begun = std::chrono::steady_clock::now();
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    const std::chrono::seconds life{ctx.settings().magic_link_life()};
    auto token = crypto::random_text(token_length, crypto::letters);
    identity::NewVerification row{"magic-link:" + api::hash_token(ctx, token), json::encode(Invited{body->email, body->name}), ctx.now + life};
    auto url = url_of(ctx, *body, token);
    const auto sent = co_await api::send_link(ctx, std::move(row), {api::LinkPurpose::sign_in, email, std::move(url), std::move(token), life, user});
    co_await api::even_out(begun);
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::magic_link
