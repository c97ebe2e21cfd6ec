// POST /projects/{project_id}/endpoints, PATCH and DELETE of one of them, and its start, suspend and restart.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/management_path.hpp"
#include "api/resources.hpp"
#include "api/value_checks.hpp"
#include "branches/endpoint_changes.hpp"
#include "branches/names.hpp"

namespace argon::management::endpoints {
namespace records = argon::branches;

api::ManagementEndpoint create, update, remove, start, suspend, restart;

namespace {
constexpr ErrorSpec no_replicas{422, "", "endpoint.type: read_only endpoints are not offered; a branch has one read_write endpoint"};
constexpr ErrorSpec no_pooler{422, "", "endpoint.pooler_enabled: connections are not pooled"};
constexpr ErrorSpec no_passwordless{422, "", "endpoint.passwordless_access: every connection needs a password"};
constexpr ErrorSpec stays_on_branch{422, "", "endpoint.branch_id: an endpoint cannot move to another branch"};
constexpr ErrorSpec other_region{422, "", "endpoint.region_id: an endpoint is in the region of its project"};

constexpr auto branch_id = [](std::string_view text) -> std::optional<std::string> {
    if (api::is_path_id(text)) return {};
    return "Invalid branch id";
};

/// What both requests can say about an endpoint.
struct Options {
    std::optional<std::string> name;
    std::optional<int> suspend_timeout_seconds;
    std::optional<bool> disabled;
    std::optional<json::Object> settings;
    std::optional<bool> pooler_enabled;
    std::optional<bool> passwordless_access;
    // Kept and shown.
    std::optional<double> autoscaling_limit_min_cu;
    std::optional<double> autoscaling_limit_max_cu;
    std::optional<std::string> provisioner;
    // Taken because clients send it.
    std::optional<std::string> pooler_mode;

    static void fields(auto& f, auto& options) {
        f.optional("name", options.name, json::max_length{64}, records::display_name);
        f.optional("suspend_timeout_seconds", options.suspend_timeout_seconds, api::suspend_range);
        f.optional("disabled", options.disabled);
        f.optional("settings", options.settings);
        f.optional("pooler_enabled", options.pooler_enabled);
        f.optional("passwordless_access", options.passwordless_access);
        f.optional("pooler_mode", options.pooler_mode, json::one_of{{"transaction"}});
        f.optional("autoscaling_limit_min_cu", options.autoscaling_limit_min_cu, api::compute_units);
        f.optional("autoscaling_limit_max_cu", options.autoscaling_limit_max_cu, api::compute_units);
        f.optional("provisioner", options.provisioner, api::label);
    }
};

struct NewOptions : Options {
    std::string branch_id;
    std::string type;
    std::optional<std::string> region_id;

    static void fields(auto& f, auto& options) {
        f.required("branch_id", options.branch_id, endpoints::branch_id);
        f.required("type", options.type, json::one_of{{"read_only", "read_write"}});
        f.optional("region_id", options.region_id, api::label);
        Options::fields(f, options);
    }
};

struct ChangedOptions : Options {
    std::optional<std::string> branch_id;

    static void fields(auto& f, auto& options) {
        f.optional("branch_id", options.branch_id, endpoints::branch_id);
        Options::fields(f, options);
    }
};

template <class EndpointOptions>
struct Body {
    EndpointOptions endpoint;

    static void fields(auto& f, auto& body) { f.required("endpoint", body.endpoint); }
};

std::optional<ErrorSpec> find_unsupported(const Options& options) {
    if (options.pooler_enabled.value_or(false)) return no_pooler;
    if (options.passwordless_access.value_or(false)) return no_passwordless;
    return {};
}

Result<records::EndpointChanges> make_changes(const Options& options) {
    const auto compute = api::parse_compute_limits("endpoint", options.autoscaling_limit_min_cu, options.autoscaling_limit_max_cu);
    if (!compute) return std::unexpected(compute.error());
    std::optional<std::string> settings;
    if (options.settings) settings = json::to_text(json::Value(*options.settings));
    return records::EndpointChanges{options.name, options.suspend_timeout_seconds, options.disabled, settings, *compute, options.provisioner};
}

Result<http::Response> reply_with(api::ManagementContext& ctx, int status, Result<records::ChangedEndpoint> changed) {
    if (!changed) return std::unexpected(changed.error());
    const api::EndpointReply reply{api::make_endpoint_view(ctx.services, std::move(changed->endpoint)),
                                   api::make_views<api::OperationView>(std::move(changed->operations))};
    return http::Response::json(status, reply);
}

using Act = awaitable<Result<records::ChangedEndpoint>>(records::Engine, ProjectId, EndpointId);

awaitable<Result<http::Response>> act_on(api::ManagementContext& ctx, Act& act) {
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    auto changed = co_await act(api::make_engine(ctx.services), project->id, EndpointId{ctx.parameter("endpoint_id")});
    co_return reply_with(ctx, 200, std::move(changed));
}
}  // namespace

extern const api::Description create_docs =
    api::describe<Body<NewOptions>, api::EndpointReply>("createProjectEndpoint", "Make an endpoint", {.status = 201});
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<Body<NewOptions>>();
    if (!body) co_return std::unexpected(body.error());
    if (body->endpoint.type == "read_only") co_return refuse(no_replicas);
    if (const auto unsupported = find_unsupported(body->endpoint)) co_return refuse(*unsupported);
    const auto options = make_changes(body->endpoint);
    if (!options) co_return std::unexpected(options.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    if (body->endpoint.region_id.value_or(project->region_id) != project->region_id) co_return refuse(other_region);
    auto made = co_await records::create_endpoint(api::make_engine(ctx.services), project->id, BranchId{body->endpoint.branch_id}, *options);
    co_return reply_with(ctx, 201, std::move(made));
}

extern const api::Description update_docs = api::describe<Body<ChangedOptions>, api::EndpointReply>("updateProjectEndpoint", "Change an endpoint");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<Body<ChangedOptions>>();
    if (!body) co_return std::unexpected(body.error());
    if (const auto unsupported = find_unsupported(body->endpoint)) co_return refuse(*unsupported);
    const auto changes = make_changes(body->endpoint);
    if (!changes) co_return std::unexpected(changes.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const EndpointId id{ctx.parameter("endpoint_id")};
    const auto endpoint = co_await records::find_endpoint(ctx.control, project->id, id);
    if (!endpoint) co_return refuse(api::errors::endpoint_not_found);
    if (body->endpoint.branch_id && *body->endpoint.branch_id != endpoint->branch_id.value) co_return refuse(stays_on_branch);
    auto changed = co_await records::change_endpoint(api::make_engine(ctx.services), project->id, id, *changes);
    co_return reply_with(ctx, 200, std::move(changed));
}

extern const api::Description remove_docs = api::describe<void, api::EndpointReply>("deleteProjectEndpoint", "Delete an endpoint");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) { return act_on(ctx, records::remove_endpoint); }
extern const api::Description start_docs = api::describe<void, api::EndpointReply>("startProjectEndpoint", "Start the database of an endpoint");
awaitable<Result<http::Response>> start(api::ManagementContext& ctx) { return act_on(ctx, records::start_endpoint); }
extern const api::Description suspend_docs =
    api::describe<void, api::EndpointReply>("suspendProjectEndpoint", "Stop the database of an endpoint until it is used");
awaitable<Result<http::Response>> suspend(api::ManagementContext& ctx) { return act_on(ctx, records::suspend_endpoint); }
extern const api::Description restart_docs = api::describe<void, api::EndpointReply>("restartProjectEndpoint", "Restart the database of an endpoint");
awaitable<Result<http::Response>> restart(api::ManagementContext& ctx) { return act_on(ctx, records::restart_endpoint); }
}  // namespace argon::management::endpoints
