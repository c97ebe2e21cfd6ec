// PATCH /projects/{project_id}: change its name, retention or settings.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "branches/names.hpp"
#include "management/projects/project_settings.hpp"
#include "management/projects/project_view.hpp"

namespace argon::management::projects {
namespace {

struct Changes {
    std::optional<std::string> name;
    std::optional<Settings> settings;
    std::optional<DefaultEndpointSettings> default_endpoint_settings;
    std::optional<int> history_retention_seconds;

    static void fields(auto& f, auto& changes) {
        f.optional("name", changes.name, branches::display_name);
        f.optional("settings", changes.settings);
        f.optional("default_endpoint_settings", changes.default_endpoint_settings);
        f.optional("history_retention_seconds", changes.history_retention_seconds, retention_range);
    }
};

struct UpdateBody {
    Changes project;

    static void fields(auto& f, auto& body) { f.required("project", body.project); }
};

struct UpdateReply {
    ProjectView project;
    std::vector<api::OperationView> operations;  ///< none: a change is done when the answer arrives

    static void fields(auto& f, const auto& reply) {
        f.required("project", reply.project);
        f.required("operations", reply.operations);
    }
};

template <class T>
std::optional<std::string> to_json(const std::optional<T>& value) {
    if (!value) return {};
    return json::encode(*value);
}
}  // namespace

extern const api::Description update_docs = api::describe<UpdateBody, UpdateReply>("updateProject", "Change the name or settings of a project");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto& wanted = body->project;
    const branches::ProjectChanges changes{wanted.name, wanted.history_retention_seconds, to_json(wanted.settings),
                                           to_json(wanted.default_endpoint_settings)};
    const ProjectId id{ctx.parameter("project_id")};
    auto project = co_await branches::update_project(ctx.control, ctx.caller.account_id, id, changes);
    if (!project) co_return refuse(api::errors::project_not_found);
    auto owner = co_await branches::get_owner(ctx.control, project->owner_id);
    co_return http::Response::json(200, UpdateReply{make_project_view(std::move(*project), std::move(owner), ctx.now), {}});
}
}  // namespace argon::management::projects
