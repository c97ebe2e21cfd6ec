// POST /projects/{project_id}/branches: a copy of a live branch, ready when the answer arrives because clients do not wait for operations.
#include <algorithm>

#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/management_path.hpp"
#include "api/resources.hpp"
#include "api/value_checks.hpp"
#include "branches/branching.hpp"
#include "branches/names.hpp"

namespace argon::management::branches {
namespace records = argon::branches;
namespace {
constexpr ErrorSpec no_history{422, "",
                               "parent_lsn and parent_timestamp: the history of a branch is not kept; leave them out to copy it as it is now"};
constexpr ErrorSpec no_archive{422, "", "archived: a branch cannot be made archived"};
constexpr ErrorSpec no_replicas{422, "", "endpoints: read_only endpoints are not offered; a branch has one read_write endpoint"};
constexpr ErrorSpec one_endpoint{422, "", "endpoints: a branch has one read_write endpoint"};
constexpr ErrorSpec protected_expires{422, "", "a protected branch cannot expire"};

constexpr auto branch_id = [](std::string_view text) -> std::optional<std::string> {
    if (api::is_path_id(text)) return {};
    return "Invalid branch id";
};

struct EndpointOptions {
    std::string type;
    std::optional<int> suspend_timeout_seconds;
    std::optional<json::Object> settings;
    std::optional<double> autoscaling_limit_min_cu;
    std::optional<double> autoscaling_limit_max_cu;
    std::optional<std::string> provisioner;

    static void fields(auto& f, auto& endpoint) {
        f.required("type", endpoint.type, json::one_of{{"read_only", "read_write"}});
        f.optional("suspend_timeout_seconds", endpoint.suspend_timeout_seconds, api::suspend_range);
        f.optional("settings", endpoint.settings);
        f.optional("autoscaling_limit_min_cu", endpoint.autoscaling_limit_min_cu, api::compute_units);
        f.optional("autoscaling_limit_max_cu", endpoint.autoscaling_limit_max_cu, api::compute_units);
        f.optional("provisioner", endpoint.provisioner, api::label);
    }
};

struct BranchOptions {
    std::optional<std::string> parent_id;
    std::optional<std::string> name;
    std::optional<std::string> parent_lsn;
    std::optional<std::string> parent_timestamp;
    bool is_protected = false;
    bool archived = false;
    std::string init_source = "parent-data";
    std::optional<std::string> expires_at;
    bool auth_scrub = false;  ///< our own: docs/branching.md

    static void fields(auto& f, auto& branch) {
        f.optional("parent_id", branch.parent_id, branch_id);
        f.optional("name", branch.name, records::display_name);
        f.optional("parent_lsn", branch.parent_lsn);
        f.optional("parent_timestamp", branch.parent_timestamp, api::time);
        f.optional("protected", branch.is_protected);
        f.optional("archived", branch.archived);
        f.optional("init_source", branch.init_source, json::one_of{{"parent-data", "schema-only"}});
        f.optional("expires_at", branch.expires_at, api::time);
        f.optional("auth_scrub", branch.auth_scrub);
    }
};

struct CreateBody {
    std::vector<EndpointOptions> endpoints;
    BranchOptions branch;
    std::optional<json::Object> annotation_value;

    static void fields(auto& f, auto& body) {
        f.optional("endpoints", body.endpoints);
        f.optional("branch", body.branch);
        f.optional("annotation_value", body.annotation_value, api::annotation);
    }
};

struct CreateReply {
    api::BranchView branch;
    std::vector<api::EndpointView> endpoints;
    std::vector<api::OperationView> operations;
    std::vector<api::RoleView> roles;
    std::vector<api::DatabaseView> databases;
    std::optional<std::vector<api::ConnectionDetails>> connection_uris;

    static void fields(auto& f, const auto& reply) {
        f.required("branch", reply.branch);
        f.required("endpoints", reply.endpoints);
        f.required("operations", reply.operations);
        f.required("roles", reply.roles);
        f.required("databases", reply.databases);
        f.optional("connection_uris", reply.connection_uris);
    }
};

std::optional<ErrorSpec> find_unsupported(const CreateBody& body) {
    const auto& branch = body.branch;
    if (branch.parent_lsn || branch.parent_timestamp) return no_history;
    if (branch.archived) return no_archive;
    if (branch.is_protected && branch.expires_at) return protected_expires;
    if (std::ranges::any_of(body.endpoints, [](const EndpointOptions& endpoint) { return endpoint.type == "read_only"; })) return no_replicas;
    if (body.endpoints.size() > 1) return one_endpoint;
    return {};
}

/// Tools that can only write annotations ask for a scrubbed copy there.
bool wants_scrub(const CreateBody& body) {
    if (body.branch.auth_scrub) return true;
    if (!body.annotation_value) return false;
    const auto* value = body.annotation_value->if_contains("auth_scrub");
    return value && value->is_string() && value->get_string() == "true";
}

/// What endpoints of the project begin with.
struct EndpointDefaults {
    std::optional<int> suspend_timeout_seconds;
    std::optional<double> autoscaling_limit_min_cu;
    std::optional<double> autoscaling_limit_max_cu;

    static void fields(auto& f, auto& defaults) {
        f.optional("suspend_timeout_seconds", defaults.suspend_timeout_seconds);
        f.optional("autoscaling_limit_min_cu", defaults.autoscaling_limit_min_cu);
        f.optional("autoscaling_limit_max_cu", defaults.autoscaling_limit_max_cu);
    }
};

EndpointDefaults defaults_of(const records::Project& project) {
    EndpointDefaults defaults;
    const auto settings = json::parse(project.default_endpoint_settings);
    if (settings) json::decode(&*settings, "default_endpoint_settings", defaults);
    return defaults;
}

Result<records::ComputeLimits> compute_limits(const CreateBody& body, const EndpointDefaults& defaults) {
    const auto* own = body.endpoints.empty() ? nullptr : &body.endpoints.front();
    if (own && (own->autoscaling_limit_min_cu || own->autoscaling_limit_max_cu)) {
        return api::parse_compute_limits("endpoints[0]", own->autoscaling_limit_min_cu, own->autoscaling_limit_max_cu);
    }
    return api::parse_compute_limits("default_endpoint_settings", defaults.autoscaling_limit_min_cu, defaults.autoscaling_limit_max_cu);
}

records::BranchRequest make_request(const CreateBody& body, const EndpointDefaults& defaults, const records::ComputeLimits& compute,
                                    std::optional<TimePoint> expires_at) {
    records::BranchRequest request{.name = body.branch.name.value_or(""),
                                   .is_protected = body.branch.is_protected,
                                   .schema_only = body.branch.init_source == "schema-only",
                                   .scrub_auth = wants_scrub(body),
                                   .expires_at = expires_at,
                                   .endpoint_asked = !body.endpoints.empty(),
                                   .suspend_timeout_seconds = defaults.suspend_timeout_seconds.value_or(0),
                                   .compute = compute};
    if (body.branch.parent_id) request.parent = BranchId{*body.branch.parent_id};
    if (body.annotation_value) request.annotation = json::to_text(json::Value(*body.annotation_value));
    if (body.endpoints.empty()) return request;
    const auto& endpoint = body.endpoints.front();
    if (endpoint.suspend_timeout_seconds) request.suspend_timeout_seconds = *endpoint.suspend_timeout_seconds;
    request.endpoint_provisioner = endpoint.provisioner;
    if (endpoint.settings) request.endpoint_settings = json::to_text(json::Value(*endpoint.settings));
    return request;
}

/// Passwords are in the connection strings, or can be revealed; where the project stores none, this answer is the only place.
CreateReply make_reply(api::ManagementContext& ctx, records::CreatedBranch made, bool stored) {
    CreateReply reply;
    if (made.roles.size() == 1 && made.databases.size() == 1 && made.roles.front().second) {
        const auto& [role, password] = made.roles.front();
        const records::ConnectionTarget target{made.endpoint.id, made.endpoint.port, role.name, *password, made.databases.front().name};
        reply.connection_uris = {api::make_connection_details(ctx.services.addresses, target)};
    }
    for (auto& [role, password] : made.roles) {
        std::optional<std::string> shown;
        if (password && !stored) shown = password->reveal();
        reply.roles.push_back({std::move(role), std::move(shown)});
    }
    reply.branch = {std::move(made.branch)};
    reply.endpoints = {api::make_endpoint_view(ctx.services, std::move(made.endpoint))};
    reply.operations = api::make_views<api::OperationView>(std::move(made.operations));
    reply.databases = api::make_views<api::DatabaseView>(std::move(made.databases));
    return reply;
}
}  // namespace

extern const api::Description create_docs =
    api::describe<CreateBody, CreateReply>("createProjectBranch", "Make a branch: a copy of another one as it is now", {.status = 201});
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    if (const auto unsupported = find_unsupported(*body)) co_return refuse(*unsupported);
    std::optional<TimePoint> expires_at;
    if (body->branch.expires_at) {
        const auto parsed = api::parse_expiry("branch.expires_at", *body->branch.expires_at, ctx.now);
        if (!parsed) co_return std::unexpected(parsed.error());
        expires_at = *parsed;
    }
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto defaults = defaults_of(*project);
    const auto compute = compute_limits(*body, defaults);
    if (!compute) co_return std::unexpected(compute.error());
    auto made = co_await records::create_branch(api::make_engine(ctx.services), *project, make_request(*body, defaults, *compute, expires_at));
    if (!made) co_return std::unexpected(made.error());
    co_return http::Response::json(201, make_reply(ctx, std::move(*made), project->store_passwords));
}
}  // namespace argon::management::branches
