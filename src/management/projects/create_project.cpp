// POST /projects: make a project with a branch, a database, a role and an endpoint. Its database accepts connections when the
// answer arrives, because clients do not wait for operations.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/management_path.hpp"
#include "api/value_checks.hpp"
#include "branches/attach.hpp"
#include "branches/lifecycle.hpp"
#include "branches/names.hpp"
#include "management/projects/project_settings.hpp"
#include "management/projects/project_view.hpp"

namespace argon::management::projects {
namespace {
constexpr ErrorSpec other_version{422, "", "pg_version: this server runs PostgreSQL 15 and no other version"};

struct FirstBranch {
    std::string name = "main";
    std::string role_name = "neondb_owner";
    std::string database_name = "neondb";
    json::Object annotations;

    static void fields(auto& f, auto& branch) {
        f.optional("name", branch.name, branches::display_name);
        f.optional("role_name", branch.role_name, branches::role_name);
        f.optional("database_name", branch.database_name, branches::database_name);
        f.optional("annotations", branch.annotations, text_members);
    }
};

constexpr auto organization_id = [](std::string_view text) -> std::optional<std::string> {
    if (api::is_path_id(text)) return {};
    return "Invalid organization id";
};

/// Beyond Neon: the project's first branch is a database that somebody else runs.
struct AttachOptions {
    std::string connection_uri;

    static void fields(auto& f, auto& attach) { f.required("connection_uri", attach.connection_uri); }
};

struct ProjectOptions {
    std::optional<std::string> name;
    Settings settings;
    FirstBranch branch;
    DefaultEndpointSettings default_endpoint_settings;
    int pg_version = branches::postgres_version;
    bool store_passwords = true;
    int history_retention_seconds = 86400;
    std::optional<double> autoscaling_limit_min_cu;
    std::optional<double> autoscaling_limit_max_cu;
    // Kept and shown.
    std::string provisioner{branches::local_label};
    std::string region_id{branches::local_label};
    // Taken because clients send it; there are no organizations.
    std::optional<std::string> org_id;
    std::optional<AttachOptions> attach;

    static void fields(auto& f, auto& project) {
        f.optional("name", project.name, branches::display_name);
        f.optional("settings", project.settings);
        f.optional("branch", project.branch);
        f.optional("default_endpoint_settings", project.default_endpoint_settings);
        f.optional("pg_version", project.pg_version, json::range{14, 18});
        f.optional("store_passwords", project.store_passwords);
        f.optional("history_retention_seconds", project.history_retention_seconds, retention_range);
        f.optional("autoscaling_limit_min_cu", project.autoscaling_limit_min_cu, compute_units);
        f.optional("autoscaling_limit_max_cu", project.autoscaling_limit_max_cu, compute_units);
        f.optional("provisioner", project.provisioner, api::label);
        f.optional("region_id", project.region_id, api::label);
        f.optional("org_id", project.org_id, organization_id);
        f.optional("attach", project.attach);
    }
};

struct CreateBody {
    ProjectOptions project;

    static void fields(auto& f, auto& body) { f.required("project", body.project); }
};

struct CreateReply {
    ProjectView project;
    std::vector<api::ConnectionDetails> connection_uris;
    std::vector<api::RoleView> roles;
    std::vector<api::DatabaseView> databases;
    std::vector<api::OperationView> operations;
    api::BranchView branch;
    std::vector<api::EndpointView> endpoints;

    static void fields(auto& f, const auto& reply) {
        f.required("project", reply.project);
        f.required("connection_uris", reply.connection_uris);
        f.required("roles", reply.roles);
        f.required("databases", reply.databases);
        f.required("operations", reply.operations);
        f.required("branch", reply.branch);
        f.required("endpoints", reply.endpoints);
    }
};

/// Of the first endpoint; those of later ones come from default_endpoint_settings alone.
Result<branches::ComputeLimits> compute_limits(const ProjectOptions& options) {
    const auto& defaults = options.default_endpoint_settings;
    const bool own = options.autoscaling_limit_min_cu || options.autoscaling_limit_max_cu;
    if (own) return api::parse_compute_limits("project", options.autoscaling_limit_min_cu, options.autoscaling_limit_max_cu);
    return api::parse_compute_limits("project.default_endpoint_settings", defaults.autoscaling_limit_min_cu, defaults.autoscaling_limit_max_cu);
}

branches::NewProject make_request(const ProjectOptions& options, const std::string& owner_id, const branches::ComputeLimits& compute) {
    return {.owner_id = owner_id,
            .name = options.name.value_or(""),
            .region_id = options.region_id,
            .provisioner = options.provisioner,
            .branch_name = options.branch.name,
            .database_name = options.branch.database_name,
            .role_name = options.branch.role_name,
            .store_passwords = options.store_passwords,
            .history_retention_seconds = options.history_retention_seconds,
            .suspend_timeout_seconds = options.default_endpoint_settings.suspend_timeout_seconds.value_or(0),
            .compute = compute,
            .settings = json::encode(options.settings),
            .default_endpoint_settings = json::encode(options.default_endpoint_settings)};
}

CreateReply make_reply(api::ManagementContext& ctx, branches::CreatedProject made, branches::Owner owner) {
    branches::ConnectionTarget target{made.endpoint.id, made.endpoint.port, made.role.name, made.password, made.database.name};
    ctx.services.compute.complete(made.branch.id, target);
    return {.project = make_project_view(std::move(made.project), std::move(owner), ctx.now),
            .connection_uris = {api::make_connection_details(ctx.services.addresses, target)},
            .roles = {{std::move(made.role), made.password.reveal()}},
            .databases = {{std::move(made.database)}},
            .operations = api::make_views<api::OperationView>(std::move(made.operations)),
            .branch = {std::move(made.branch)},
            .endpoints = {api::make_endpoint_view(ctx.services, std::move(made.endpoint))}};
}
}  // namespace

extern const api::Description create_docs =
    api::describe<CreateBody, CreateReply>("createProject", "Make a project with a branch, a database and a role", {.status = 201});
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto& options = body->project;
    const auto engine = api::make_engine(ctx.services);
    if (!options.attach && !engine.compute.makes_databases()) co_return refuse(branches::errors::nothing_attached);
    if (!options.attach && options.pg_version != branches::postgres_version) co_return refuse(other_version);

    const auto compute = compute_limits(options);
    if (!compute) co_return std::unexpected(compute.error());
    const auto owner = co_await branches::get_owner(ctx.control, ctx.caller.account_id);
    auto request = make_request(options, ctx.caller.account_id, *compute);
    std::optional<Result<branches::CreatedProject>> made;
    if (options.attach) {
        branches::NewAttachment attachment{Secret<>{options.attach->connection_uri}, options.branch.name};
        made = co_await branches::attach_project(engine, std::move(request), std::move(attachment));
    } else {
        made = co_await branches::create_project(engine, std::move(request));
    }
    if (!*made) co_return std::unexpected(made->error());
    co_return http::Response::json(201, make_reply(ctx, std::move(**made), owner));
}
}  // namespace argon::management::projects
