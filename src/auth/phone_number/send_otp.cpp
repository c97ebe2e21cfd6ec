// POST /phone-number/send-otp: send a code to a number, whoever has it.
#include "api/brakes.hpp"
#include "auth/phone_number/phone_number.hpp"

namespace argon::auth::phone_number {
namespace {

struct SendBody {
    std::string phoneNumber;

    static void fields(auto& f, auto& body) { f.required("phoneNumber", body.phoneNumber); }
};

struct SentReply {
    static void fields(auto& f, const auto&) { f.required("message", "code sent"); }
};
}  // namespace

constexpr api::Description send_otp_docs = api::describe<SendBody, SentReply>(
    "sendPhoneNumberOTP", "Send a code to a number", {.refusals = {errors::invalid_phone_number, api::phone_delivery_refusals}});
awaitable<Result<http::Response>> send_otp(api::Context& ctx) {
    const auto body = ctx.body<SendBody>();
    if (!body) co_return std::unexpected(body.error());
    if (!identity::is_phone_number(body->phoneNumber)) co_return refuse(errors::invalid_phone_number);
    auto limited = co_await api::brake_mail(ctx, body->phoneNumber);
    if (limited) co_return std::move(*limited);
    const auto user = co_await identity::find_user_by_phone(ctx.db, body->phoneNumber);
    const auto sent = co_await api::send_code(ctx, make_order(ctx, body->phoneNumber, user));
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, SentReply{});
}
}  // namespace argon::auth::phone_number
