// Auth of a project, as the earlier Neon Auth had it: an integration is made on one of its branches, listed, and removed.
#include "branches/endpoint_records.hpp"
#include "branches/names.hpp"
#include "management/legacy_auth/integrations.hpp"
#include "management/legacy_auth/lifecycle.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint create, list, remove;
extern const api::Description create_docs, list_docs, remove_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/auth/create", create, &create_docs, api::Access::project_in_body},
    {http::Method::get, "/projects/{project_id}/auth/integrations", list, &list_docs},
    {http::Method::delete_, "/projects/{project_id}/auth/integration/{auth_provider}", remove, &remove_docs},
};

constexpr pg::Statement select_integrations{"management.list_project_integrations", R"sql(
    SELECT i.branch_id, i.auth_provider, i.auth_provider_project_id, i.database_name, i.owned_by, i.created_at, l.transfer_status,
           (SELECT e.id FROM argonauth.endpoint e WHERE e.branch_id = i.branch_id AND e.type = 'read_write' ORDER BY e.created_at LIMIT 1)
      FROM argonauth.auth_integration i
      JOIN argonauth.branch b ON b.id = i.branch_id AND b.state = 'ready'
      LEFT JOIN argonauth.legacy_integration l ON l.branch_id = i.branch_id AND i.auth_provider = 'stack'
     WHERE b.project_id = $1 ORDER BY i.created_at, i.branch_id)sql"};

struct CreateBody {
    std::string auth_provider;
    ProjectId project_id;
    BranchId branch_id;
    std::optional<std::string> database_name;
    std::optional<std::string> role_name;  ///< deprecated: row-level security knows the role by the token

    static void fields(auto& f, auto& body) {
        f.required("auth_provider", body.auth_provider, legacy_auth::auth_provider);
        f.required("project_id", body.project_id);
        f.required("branch_id", body.branch_id);
        f.optional("database_name", body.database_name, branches::database_name);
        f.optional("role_name", body.role_name, branches::database_name);
    }
};

struct RemoveBody {
    bool delete_data = false;

    static void fields(auto& f, auto& body) { f.optional("delete_data", body.delete_data); }
};

struct IntegrationRow {
    branches::AuthIntegration integration;
    std::optional<std::string> transfer_status;
    std::optional<EndpointId> endpoint;

    static void columns(auto& column, auto& row) {
        branches::AuthIntegration::columns(column, row.integration);
        column(row.transfer_status)(row.endpoint);
    }
};

struct IntegrationView {
    IntegrationRow row;
    std::string jwks_url;
    std::string base_url;

    static void fields(auto& f, const auto& view) {
        const auto& integration = view.row.integration;
        f.required("auth_provider", integration.auth_provider);
        f.required("auth_provider_project_id", integration.auth_provider_project_id);
        f.required("branch_id", integration.branch_id);
        f.required("db_name", integration.database_name);
        f.required("created_at", json::Seconds{integration.created_at});
        f.required("owned_by", integration.owned_by);
        f.optional("transfer_status", view.row.transfer_status);
        f.required("jwks_url", view.jwks_url);
        f.required("base_url", view.base_url);
    }
};

struct ListReply {
    std::vector<IntegrationView> data;

    static void fields(auto& f, const auto& reply) { f.required("data", reply.data); }
};

IntegrationView make_view(const api::Services& services, IntegrationRow row) {
    const auto& integration = row.integration;
    if (branches::is_legacy(integration)) {
        auto jwks_url = services.addresses.legacy_jwks_url(integration.auth_provider_project_id);
        return {.row = std::move(row), .jwks_url = std::move(jwks_url), .base_url = services.addresses.legacy_base_url()};
    }
    const auto endpoint = row.endpoint.value_or(EndpointId{});
    auto jwks_url = services.addresses.jwks_url(endpoint, integration.database_name);
    auto base_url = services.addresses.base_url(endpoint, integration.database_name);
    return {.row = std::move(row), .jwks_url = std::move(jwks_url), .base_url = std::move(base_url)};
}

constexpr api::Description create_docs = api::describe<CreateBody, CreatedReply>(
    "createNeonAuthIntegration", "Enable auth on a branch, the legacy provider's or the newer one", {.status = 201});
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto project = co_await api::require_body_project(ctx, body->project_id);
    if (!project) co_return std::unexpected(project.error());
    if (body->auth_provider == "better_auth") {
        json::Object enable_body{{"auth_provider", "better_auth"}};
        if (body->database_name) enable_body["database_name"] = *body->database_name;
        co_return co_await forward_to_branch(ctx, body->branch_id, "", {}, json::Value(std::move(enable_body)));
    }
    if (body->auth_provider != "stack") {
        co_return refuse_with({422, "", ""}, "auth_provider: \"mock\" is not offered; use \"stack\" or \"better_auth\"");
    }
    const auto made = co_await enable(api::make_engine(ctx.services), *project, body->branch_id, body->database_name);
    if (!made) co_return std::unexpected(made.error());
    co_return http::Response::json(201, make_created_reply(ctx.services, made->integration.project_uuid, made->keys));
}

constexpr api::Description list_docs = api::describe<void, ListReply>("listNeonAuthIntegrations", "List a project's auth, of all its branches");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto rows = co_await ctx.control.query(select_integrations, project->id);
    ListReply reply;
    for (auto& row : rows.all<IntegrationRow>()) reply.data.push_back(make_view(ctx.services, std::move(row)));
    co_return http::Response::json(200, reply);
}

constexpr api::Description remove_docs = api::describe<RemoveBody, void>("deleteNeonAuthIntegration", "Disable auth of a project");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto body = ctx.body<RemoveBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto& provider = ctx.parameter("auth_provider");
    if (const auto complaint = auth_provider(provider)) {
        co_return refuse_with({400, "", ""}, "invalid request: parameter \"auth_provider\" in path: " + *complaint);
    }
    auto target = co_await require_target(ctx, provider);
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "");
    const auto disabled = co_await disable(api::make_engine(ctx.services), std::move(*target->legacy), body->delete_data);
    if (!disabled) co_return std::unexpected(disabled.error());
    co_return http::Response::empty(200);
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::legacy_auth
