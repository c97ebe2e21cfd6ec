#include "api/branch_database.hpp"

#include "api/management_lookup.hpp"
#include "branches/auth_lifecycle.hpp"
#include "branches/endpoint_records.hpp"

namespace argon::api {
namespace {
constexpr ErrorSpec legacy_provider{422, "",
                                    "the branch has a legacy (\"stack\") integration: its settings and users are under /projects/{project_id}/auth"};
constexpr ErrorSpec not_served{422, "", "the branch's auth service is out of use: is its endpoint disabled?"};
}  // namespace

awaitable<Result<BranchDatabase>> require_auth_database(ManagementContext& ctx) {
    const auto branch = co_await require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto integration = co_await branches::find_integration(ctx.control, branch->id);
    if (!integration) co_return refuse(branches::errors::auth_not_enabled);
    if (branches::is_legacy(*integration)) co_return refuse(legacy_provider);
    const auto endpoint = co_await branches::require_main_endpoint(ctx.control, branch->id);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    const auto live = co_await ctx.services.registry.find(ctx.control, endpoint->id.value, integration->database_name);
    if (!live) co_return refuse(not_served);
    ctx.working_in = {branch->project_id, branch->id};
    auto pool = co_await ctx.services.registry.pool(*live);
    co_return BranchDatabase{branch->id, std::move(pool), live};
}
}  // namespace argon::api
