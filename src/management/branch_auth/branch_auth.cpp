// Auth of a branch: enabled, shown, disabled. Enabling makes schema neon_auth in the branch's database; what serves it is the registry.
#include "api/forward.hpp"
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "base/log.hpp"
#include "branches/auth_lifecycle.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/names.hpp"
#include "management/branch_auth/settings_row.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint enable, get, disable;
extern const api::Description enable_docs, get_docs, disable_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth", enable, &enable_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth", get, &get_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}/auth", disable, &disable_docs},
};

constexpr ErrorSpec other_provider{422, "", ""};

struct EnableBody {
    std::string auth_provider;
    std::optional<std::string> database_name;

    static void fields(auto& f, auto& body) {
        f.required("auth_provider", body.auth_provider, json::one_of{{"mock", "stack", "better_auth"}});
        f.optional("database_name", body.database_name, branches::database_name);
    }
};

struct DisableBody {
    bool delete_data = false;

    static void fields(auto& f, auto& body) { f.optional("delete_data", body.delete_data); }
};

struct EnableReply {
    branches::AuthIntegration integration;
    std::string jwks_url;
    std::string base_url;

    static void fields(auto& f, const auto& reply) {
        f.required("auth_provider", reply.integration.auth_provider);
        f.required("auth_provider_project_id", reply.integration.auth_provider_project_id);
        // Better Auth needs neither; the contract wants both.
        f.required("pub_client_key", "");
        f.required("secret_server_key", "");
        f.required("jwks_url", reply.jwks_url);
        f.required("schema_name", "neon_auth");
        // As every documented sample has it, although the users are in neon_auth.user.
        f.required("table_name", "users_sync");
        f.required("base_url", reply.base_url);
    }
};

struct GetReply {
    branches::AuthIntegration integration;
    std::string jwks_url;
    std::string base_url;
    std::optional<std::string> name;  ///< of the application

    static void fields(auto& f, const auto& reply) {
        f.required("auth_provider", reply.integration.auth_provider);
        f.required("auth_provider_project_id", reply.integration.auth_provider_project_id);
        f.required("branch_id", reply.integration.branch_id);
        f.required("db_name", reply.integration.database_name);
        f.required("created_at", json::Seconds{reply.integration.created_at});
        f.required("owned_by", reply.integration.owned_by);
        f.required("jwks_url", reply.jwks_url);
        f.required("base_url", reply.base_url);
        f.optional("name", reply.name);
    }
};

/// EnableReply and GetReply differ in what they tell of the same integration.
template <class Reply>
awaitable<Result<Reply>> make_reply(api::ManagementContext& ctx, branches::AuthIntegration integration) {
    const auto endpoint = co_await branches::require_main_endpoint(ctx.control, integration.branch_id);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    const auto& addresses = ctx.services.addresses;
    if (branches::is_legacy(integration)) {
        auto jwks_url = addresses.legacy_jwks_url(integration.auth_provider_project_id);
        co_return Reply{.integration = std::move(integration), .jwks_url = std::move(jwks_url), .base_url = addresses.legacy_base_url()};
    }
    const auto database = integration.database_name;
    co_return Reply{.integration = std::move(integration),
                    .jwks_url = addresses.jwks_url(endpoint->id, database),
                    .base_url = addresses.base_url(endpoint->id, database)};
}

/// Nothing when the branch's database does not answer: its addresses are worth telling all the same.
awaitable<std::optional<std::string>> find_application_name(api::ManagementContext& ctx) {
    try {
        const auto row = co_await read_settings(ctx);
        if (row && !row->name.empty()) co_return row->name;
    } catch (const std::exception& error) {
        log::warn("the name of an application cannot be read", {{"branch", ctx.parameter("branch_id")}, {"reason", error.what()}});
    }
    co_return std::nullopt;
}

constexpr api::Description enable_docs = api::describe<EnableBody, EnableReply>("createNeonAuth", "Enable auth on a branch", {.status = 201});
awaitable<Result<http::Response>> enable(api::ManagementContext& ctx) {
    const auto body = ctx.body<EnableBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    if (body->auth_provider != "better_auth") {
        co_return refuse_with(other_provider, "auth_provider: \"" + body->auth_provider +
                                                  "\" is not offered on this path; use \"better_auth\", or POST /projects/auth/create for \"stack\"");
    }
    const BranchId branch{ctx.parameter("branch_id")};
    auto integration = co_await branches::enable_auth(api::make_engine(ctx.services), *project, branch, body->database_name);
    if (!integration) co_return std::unexpected(integration.error());
    const auto reply = co_await make_reply<EnableReply>(ctx, std::move(*integration));
    if (!reply) co_return std::unexpected(reply.error());
    co_return http::Response::json(201, *reply);
}

constexpr api::Description get_docs = api::describe<void, GetReply>("getNeonAuth", "Show the auth of a branch");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto integration = co_await branches::find_integration(ctx.control, branch->id);
    if (!integration) co_return refuse(branches::errors::auth_not_enabled);
    auto reply = co_await make_reply<GetReply>(ctx, std::move(*integration));
    if (!reply) co_return std::unexpected(reply.error());
    if (!branches::is_legacy(reply->integration)) reply->name = co_await find_application_name(ctx);
    co_return http::Response::json(200, *reply);
}

constexpr api::Description disable_docs = api::describe<DisableBody, void>("disableNeonAuth", "Disable auth on a branch");
awaitable<Result<http::Response>> disable(api::ManagementContext& ctx) {
    const auto body = ctx.body<DisableBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto integration = co_await branches::find_integration(ctx.control, branch->id);
    if (integration && branches::is_legacy(*integration)) {
        api::PathParameters parameters{{"project_id", branch->project_id.value}, {"auth_provider", integration->auth_provider}};
        co_return co_await api::forward(ctx, http::Method::delete_, "/projects/{project_id}/auth/integration/{auth_provider}", std::move(parameters));
    }
    const auto disabled = co_await branches::disable_auth(api::make_engine(ctx.services), branch->project_id, branch->id, body->delete_data);
    if (!disabled) co_return std::unexpected(disabled.error());
    co_return http::Response::empty(200);
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::branch_auth
