// POST /phone-number/request-password-reset: send a code to whoever has the number. The answer is the same for every number, and as fast.
#include "api/brakes.hpp"
#include "api/pace.hpp"
#include "auth/phone_number/phone_number.hpp"

namespace argon::auth::phone_number {
namespace {

struct RequestBody {
    std::string phoneNumber;

    static void fields(auto& f, auto& body) { f.required("phoneNumber", body.phoneNumber); }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};
}  // namespace

constexpr api::Description request_password_reset_docs = api::describe<RequestBody, StatusReply>(
    "requestPasswordResetPhoneNumber", "Send a code for a new password", {.refusals = api::phone_delivery_refusals});
awaitable<Result<http::Response>> request_password_reset(api::Context& ctx) {
    const auto body = ctx.body<RequestBody>();
    if (!body) co_return std::unexpected(body.error());
    auto limited = co_await api::brake_mail(ctx, body->phoneNumber);
    if (limited) co_return std::move(*limited);
    const auto begun = std::chrono::steady_clock::now();
    const auto user = co_await identity::find_user_by_phone(ctx.db, body->phoneNumber);
    ctx.answers_first = true;
    Result<> sent;
    if (user) sent = co_await api::send_code(ctx, make_reset_order(ctx, body->phoneNumber, user));
    co_await api::even_out(begun);
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::phone_number
