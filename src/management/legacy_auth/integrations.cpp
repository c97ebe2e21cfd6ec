#include "management/legacy_auth/integrations.hpp"

#include <fmt/format.h>

namespace argon::management::legacy_auth {
namespace {
constexpr pg::Statement select_better_auth{"management.find_project_better_auth", R"sql(
    SELECT b.id FROM argonauth.auth_integration i JOIN argonauth.branch b ON b.id = i.branch_id AND b.state = 'ready'
     WHERE b.project_id = $1 AND i.auth_provider = 'better_auth' ORDER BY b.is_default DESC, i.created_at, b.id LIMIT 1)sql"};

awaitable<std::optional<BranchId>> find_better_auth(pg::Executor& db, const std::string& project) {
    const auto rows = co_await db.query(select_better_auth, project);
    co_return rows.maybe<BranchId>();
}
}  // namespace

awaitable<Result<Target>> require_target(api::ManagementContext& ctx, std::string_view provider) {
    if (provider == "mock") co_return refuse_with({422, "", ""}, "auth_provider: \"mock\" is not offered; use \"stack\" or \"better_auth\"");
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    Target target;
    if (provider != "better_auth") {
        target.legacy = co_await branches::find_legacy_integration(ctx.control, project->id);
        if (target.legacy) co_return target;
        if (provider == "stack") co_return refuse(errors::no_legacy);
    }
    target.better_auth = co_await find_better_auth(ctx.control, project->id.value);
    if (!target.better_auth) co_return refuse(provider.empty() ? errors::not_enabled : errors::no_better_auth);
    co_return target;
}

awaitable<Result<branches::Integration>> require_legacy(api::ManagementContext& ctx) {
    auto target = co_await require_target(ctx, "stack");
    if (!target) co_return std::unexpected(target.error());
    co_return std::move(*target->legacy);
}

awaitable<Result<http::Response>> forward_to_branch(api::ManagementContext& ctx, const BranchId& branch, std::string_view rest,
                                                    api::PathParameters more, std::optional<json::Value> body) {
    more["project_id"] = ctx.parameter("project_id");
    more["branch_id"] = branch.value;
    const auto path = fmt::format("/projects/{{project_id}}/branches/{{branch_id}}/auth{}", rest);
    co_return co_await api::forward(ctx, ctx.request.method, path, std::move(more), std::move(body));
}

CreatedReply make_created_reply(const api::Services& services, const std::string& project_uuid, const branches::LegacyKeyPair& keys) {
    return {.project_uuid = project_uuid,
            .pub_client_key = keys.publishable.reveal(),
            .secret_server_key = keys.secret.reveal(),
            .jwks_url = services.addresses.legacy_jwks_url(project_uuid),
            .base_url = services.addresses.legacy_base_url()};
}
}  // namespace argon::management::legacy_auth
