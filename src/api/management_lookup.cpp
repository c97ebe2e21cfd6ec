#include "api/management_lookup.hpp"

#include "api/management_key.hpp"

namespace argon::api {

branches::Engine make_engine(const Services& services) {
    return {.control = services.control(),
            .home = services.io(),
            .workers = services.workers,
            .compute = services.compute,
            .registry = services.registry,
            .proxy = services.proxy,
            .master_key = services.master_key,
            .shares_google = services.oauth.shares("google")};
}

awaitable<Result<branches::Project>> require_project(ManagementContext& ctx) {
    const ProjectId id{ctx.parameter("project_id")};
    auto project = co_await branches::find_project(ctx.control, ctx.caller.account_id, id);
    if (!project) co_return refuse(errors::project_not_found);
    co_return std::move(*project);
}

awaitable<Result<branches::Project>> require_body_project(ManagementContext& ctx, const ProjectId& id) {
    if (auto allowed = check_project_limit(ctx.caller, id); !allowed) co_return std::unexpected(allowed.error());
    ctx.path_parameters.insert_or_assign("project_id", id.value);
    co_return co_await require_project(ctx);
}

awaitable<Result<branches::Branch>> require_branch(ManagementContext& ctx) {
    const auto project = co_await require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const BranchId id{ctx.parameter("branch_id")};
    auto branch = co_await branches::find_branch(ctx.control, project->id, id);
    if (!branch) co_return refuse(errors::branch_not_found);
    co_return std::move(*branch);
}
}  // namespace argon::api
