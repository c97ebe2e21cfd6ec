// POST /change-email: mail the link that moves the user to another address: to the new address, or first to the proven old one where the
// branch wants its consent. A taken address gets the same answer and no mail.
#include "api/brakes.hpp"
#include "api/email_verification.hpp"
#include "api/pace.hpp"
#include "api/session.hpp"
#include "auth/user/user.hpp"

namespace argon::auth::user {
namespace {
constexpr ErrorSpec disabled{400, "CHANGE_EMAIL_DISABLED", "Change email is disabled"};
constexpr ErrorSpec same_email{400, "", "Email is the same"};

struct ChangeBody {
    std::string newEmail;
    std::optional<std::string> callbackURL;

    static void fields(auto& f, auto& body) {
        f.required("newEmail", body.newEmail, json::email);
        f.optional("callbackURL", body.callbackURL);
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};
}  // namespace

constexpr api::Description change_email_docs =
    api::describe<ChangeBody, StatusReply>("changeEmail", "Mail the link that moves the user to another address",
                                           {.needs = api::Needs::session, .refusals = {disabled, same_email, api::delivery_refusals}});
awaitable<Result<http::Response>> change_email(api::Context& ctx) {
    const auto body = ctx.body<ChangeBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto& rules = ctx.settings().advanced.user.changeEmail;
    if (!rules.enabled) co_return refuse(disabled);
    const auto& user = session->current.user;
    const auto email = identity::fold_email(body->newEmail);
    if (email == user.email) co_return refuse(same_email);

    const auto begun = std::chrono::steady_clock::now();
    const auto taken = co_await identity::find_user_by_email(ctx.db, email);
    ctx.answers_first = true;
    Result<> sent;
    if (!taken) {
        const auto step = user.email_verified && rules.confirmToCurrentEmail ? api::confirms_change : api::verifies_change;
        sent = co_await api::send_change_link(ctx, user, email, step, body->callbackURL.value_or("/"));
    }
    co_await api::even_out(begun);
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::user
