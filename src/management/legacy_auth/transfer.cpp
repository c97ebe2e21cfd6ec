// Giving a legacy project to an account: this makes the link, the page behind it (console/transfer) asks who takes it and confirms once.
#include "branches/integration_transfers.hpp"
#include "management/legacy_auth/integrations.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint start;
extern const api::Description start_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/auth/transfer_ownership", start, &start_docs, api::Access::project_in_body},
};

constexpr ErrorSpec only_legacy{422, "", "auth_provider: only a \"stack\" integration is transferred; the newer one belongs to its project"};
constexpr ErrorSpec transferred{409, "", "the integration was transferred already; projects can only be transferred once"};

struct StartBody {
    ProjectId project_id;
    std::string auth_provider;

    static void fields(auto& f, auto& body) {
        f.required("project_id", body.project_id);
        f.required("auth_provider", body.auth_provider, legacy_auth::auth_provider);
    }
};

struct StartReply {
    std::string url;

    static void fields(auto& f, const auto& reply) { f.required("url", reply.url); }
};

constexpr api::Description start_docs = api::describe<StartBody, StartReply>(
    "transferNeonAuthProviderProject", "Make a link, good for one hour, that gives a legacy project to an account");
awaitable<Result<http::Response>> start(api::ManagementContext& ctx) {
    const auto body = ctx.body<StartBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto project = co_await api::require_body_project(ctx, body->project_id);
    if (!project) co_return std::unexpected(project.error());
    const auto target = co_await require_target(ctx, body->auth_provider);
    if (!target) co_return std::unexpected(target.error());
    if (!target->legacy) co_return refuse(only_legacy);
    const auto code = co_await branches::start_transfer(ctx.control, target->legacy->project_uuid, ctx.now);
    if (!code) co_return refuse(transferred);
    const auto& origin = ctx.services.addresses.public_url;
    co_return http::Response::json(200, StartReply{origin + "/integrations/neon/projects/transfer/confirm?code=" + code->reveal()});
}
}  // namespace

std::span<const api::ManagementRoute> transfer_routes() { return table; }
}  // namespace argon::management::legacy_auth
