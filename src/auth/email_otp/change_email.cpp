// POST /email-otp/request-email-change and /email-otp/change-email: moving to another address by code. No branch can turn this on yet:
// links do it (auth/user/change_email.cpp). The routes answer as a server without the option does.
#include "api/session.hpp"
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {

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

template <class Body>
awaitable<Result<http::Response>> refuse_change(api::Context& ctx) {
    const auto body = ctx.body<Body>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    co_return refuse(errors::change_disabled);
}
}  // namespace

constexpr api::Description request_email_change_docs =
    api::describe<RequestBody, void>("requestEmailChangeWithEmailOTP", "Refused: addresses are changed by link here",
                                     {.status = 400, .needs = api::Needs::session, .refusals = errors::change_disabled});
constexpr api::Description change_email_docs =
    api::describe<ChangeBody, void>("changeEmailWithEmailOTP", "Refused: addresses are changed by link here",
                                    {.status = 400, .needs = api::Needs::session, .refusals = errors::change_disabled});
awaitable<Result<http::Response>> request_email_change(api::Context& ctx) {
    auto refused = co_await refuse_change<RequestBody>(ctx);
    co_return refused;
}

awaitable<Result<http::Response>> change_email(api::Context& ctx) {
    auto refused = co_await refuse_change<ChangeBody>(ctx);
    co_return refused;
}
}  // namespace argon::auth::email_otp
