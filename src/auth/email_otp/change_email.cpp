// POST /email-otp/request-email-change and /email-otp/change-email: moving to another address by code, for branches that turn it on
// (advanced.emailOtp.changeEmail). The code goes to the new address and is good for this user and that address alone; a taken address gets
// the same answer and no code.
#include "api/brakes.hpp"
#include "api/pace.hpp"
#include "api/session.hpp"
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {
constexpr ErrorSpec same_email{400, "", "Email is the same"};
constexpr ErrorSpec code_required{400, "", "OTP is required to verify current email"};
constexpr ErrorSpec email_in_use{400, "", "Email already in use"};

struct RequestBody {
    std::string newEmail;
    std::optional<std::string> otp;

    static void fields(auto& f, auto& body) {
        f.required("newEmail", body.newEmail);
        f.optional("otp", body.otp);
    }
};

struct ChangeBody {
    std::string newEmail;
    std::string otp;

    static void fields(auto& f, auto& body) {
        f.required("newEmail", body.newEmail);
        f.required("otp", body.otp);
    }
};

struct SuccessReply {
    static void fields(auto& f, const auto&) { f.required("success", true); }
};

struct Change {
    api::ActiveSession session;
    std::string email;  ///< the new one

    const identity::User& user() const { return session.current.user; }
    /// What the code belongs to.
    std::string subject() const { return user().email + "-" + email; }
};

/// What both steps ask of a request.
awaitable<Result<Change>> begin(api::Context& ctx, const std::string& new_email) {
    auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    if (!ctx.settings().advanced.emailOtp.changeEmail.enabled) co_return refuse(errors::change_disabled);
    Change change{std::move(*session), identity::fold_email(new_email)};
    if (!json::is_email(change.email)) co_return refuse(errors::invalid_email);
    if (change.email == change.user().email) co_return refuse(same_email);
    co_return change;
}

/// The code that went to the old address, where the branch asks for one.
awaitable<Result<>> check_current(api::Context& ctx, const Change& change, const std::optional<std::string>& otp) {
    if (!ctx.settings().advanced.emailOtp.changeEmail.verifyCurrentEmail) co_return Result<>{};
    if (!otp || otp->empty()) co_return refuse(code_required);
    auto checked = co_await check(ctx, "email-verification", change.user().email, *otp);
    co_return checked;
}
}  // namespace

constexpr api::Description request_email_change_docs = api::describe<RequestBody, SuccessReply>(
    "requestEmailChangeWithEmailOTP", "Mail a code to the address that the user wants to have",
    {.needs = api::Needs::session,
     .refusals = {errors::change_disabled, errors::invalid_email, same_email, code_required, api::code_refusals, api::delivery_refusals}});
awaitable<Result<http::Response>> request_email_change(api::Context& ctx) {
    const auto body = ctx.body<RequestBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto change = co_await begin(ctx, body->newEmail);
    if (!change) co_return std::unexpected(change.error());
    auto limited = co_await api::brake_mail(ctx, change->email);
    if (limited) co_return std::move(*limited);
    const auto checked = co_await check_current(ctx, *change, body->otp);
    if (!checked) co_return std::unexpected(checked.error());

    const auto begun = std::chrono::steady_clock::now();
    const auto taken = co_await identity::find_user_by_email(ctx.db, change->email);
    ctx.answers_first = true;
    Result<> sent;
    if (!taken) {
        auto order = make_order(ctx, "change-email", change->subject(), change->user());
        order.to = change->email;
        sent = co_await api::send_code(ctx, std::move(order));
    }
    co_await api::even_out(begun);
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, SuccessReply{});
}

constexpr api::Description change_email_docs = api::describe<ChangeBody, SuccessReply>(
    "changeEmailWithEmailOTP", "Exchange a code for the new address",
    {.needs = api::Needs::session, .refusals = {errors::change_disabled, errors::invalid_email, same_email, api::code_refusals, email_in_use}});
awaitable<Result<http::Response>> change_email(api::Context& ctx) {
    const auto body = ctx.body<ChangeBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto change = co_await begin(ctx, body->newEmail);
    if (!change) co_return std::unexpected(change.error());
    const auto checked = co_await check(ctx, "change-email", change->subject(), body->otp);
    if (!checked) co_return std::unexpected(checked.error());
    // Nothing comes back when somebody has the address, or the user has moved on to another one meanwhile.
    const auto& user = change->user();
    auto changed = co_await identity::change_email(ctx.db, user.id, user.email, change->email, true, ctx.now);
    if (!changed) co_return refuse(email_in_use);
    const auto shown = api::shown(ctx, std::move(*changed));
    auto response = http::Response::json(200, SuccessReply{});
    api::set_session_cookies(ctx, response, {change->session.current.session, shown}, api::is_remembered(ctx));
    co_return response;
}
}  // namespace argon::auth::email_otp
