// What changes or ends a branch: PATCH and DELETE of /projects/{project_id}/branches/{branch_id}, and below it set_as_default and restore.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/management_path.hpp"
#include "api/paging.hpp"
#include "api/resources.hpp"
#include "api/value_checks.hpp"
#include "branches/branch_changes.hpp"
#include "branches/branch_restore.hpp"
#include "branches/names.hpp"

namespace argon::management::branches {
namespace records = argon::branches;

api::ManagementEndpoint update, remove, set_as_default, restore;

namespace {
constexpr ErrorSpec no_history{422, "",
                               "source_lsn and source_timestamp: the history of a branch is not kept; leave them out to take it as it is now"};

constexpr auto branch_id = [](std::string_view text) -> std::optional<std::string> {
    if (api::is_path_id(text)) return {};
    return "Invalid branch id";
};

struct Changes {
    std::optional<std::string> name;
    std::optional<bool> is_protected;
    json::Patch<std::string> expires_at;  ///< null: never

    static void fields(auto& f, auto& changes) {
        f.optional("name", changes.name, records::display_name);
        f.optional("protected", changes.is_protected);
        f.optional("expires_at", changes.expires_at, api::time);
    }
};

struct UpdateBody {
    Changes branch;

    static void fields(auto& f, auto& body) { f.required("branch", body.branch); }
};

struct RestoreBody {
    std::string source_branch_id;
    std::optional<std::string> source_lsn;
    std::optional<std::string> source_timestamp;
    std::optional<std::string> preserve_under_name;

    static void fields(auto& f, auto& body) {
        f.required("source_branch_id", body.source_branch_id, branch_id);
        f.optional("source_lsn", body.source_lsn);
        f.optional("source_timestamp", body.source_timestamp, api::time);
        f.optional("preserve_under_name", body.preserve_under_name, records::display_name);
    }
};

Result<http::Response> reply_with(Result<records::ChangedBranch> changed) {
    if (!changed) return std::unexpected(changed.error());
    return http::Response::json(200,
                                api::BranchReply{{std::move(changed->branch)}, api::make_views<api::OperationView>(std::move(changed->operations))});
}
}  // namespace

extern const api::Description update_docs = api::describe<UpdateBody, api::BranchReply>("updateProjectBranch", "Rename, protect or expire a branch");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto& wanted = body->branch;
    records::BranchChanges changes{wanted.name, wanted.is_protected, wanted.expires_at.present, std::nullopt};
    if (wanted.expires_at.value) {
        const auto parsed = api::parse_expiry("branch.expires_at", *wanted.expires_at.value, ctx.now);
        if (!parsed) co_return std::unexpected(parsed.error());
        changes.expires_at = *parsed;
    }
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto changed = co_await records::change_branch(api::make_engine(ctx.services), branch->project_id, branch->id, std::move(changes));
    co_return reply_with(std::move(changed));
}

extern const api::Description remove_docs = api::describe<void, api::BranchReply>("deleteProjectBranch", "Delete a branch");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    // Nothing can be recovered here, so every deletion is what the cloud calls hard.
    const auto hard = api::parse_flag(ctx.query_parameters, "hard_delete", true);
    if (!hard) co_return std::unexpected(hard.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto removed = co_await records::delete_branch(api::make_engine(ctx.services), branch->project_id, branch->id);
    co_return reply_with(std::move(removed));
}

extern const api::Description set_as_default_docs = api::describe<void, api::BranchReply>("setDefaultProjectBranch", "Make a branch the default one");
awaitable<Result<http::Response>> set_as_default(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto changed = co_await records::make_default(api::make_engine(ctx.services), branch->project_id, branch->id);
    co_return reply_with(std::move(changed));
}

extern const api::Description restore_docs =
    api::describe<RestoreBody, api::BranchReply>("restoreProjectBranch", "Put a branch back to the state of another one");
awaitable<Result<http::Response>> restore(api::ManagementContext& ctx) {
    const auto body = ctx.body<RestoreBody>();
    if (!body) co_return std::unexpected(body.error());
    if (body->source_lsn || body->source_timestamp) co_return refuse(no_history);
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    records::RestoreRequest request{BranchId{body->source_branch_id}, body->preserve_under_name};
    auto restored = co_await records::restore_branch(api::make_engine(ctx.services), *project, branch->id, std::move(request));
    co_return reply_with(std::move(restored));
}
}  // namespace argon::management::branches
