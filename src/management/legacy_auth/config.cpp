// Switches of a legacy project that the contract has no path for: who may sign up, with what, and what apps' users may do themselves.
#include "branches/integration_changes.hpp"
#include "management/legacy_auth/integrations.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint get, update;
extern const api::Description get_docs, update_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/auth/legacy_config", get, &get_docs},
    {http::Method::patch, "/projects/{project_id}/auth/legacy_config", update, &update_docs},
};

/// All of it is known.
struct View {
    branches::LegacyConfig config;

    static void fields(auto& f, const auto& view) { branches::LegacyConfig::fields(f, view.config); }
};

constexpr api::Description get_docs = api::describe<void, View>("getLegacyAuthConfig", "Show the switches of a project's legacy auth");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto integration = co_await require_legacy(ctx);
    if (!integration) co_return std::unexpected(integration.error());
    co_return http::Response::json(200, View{integration->config});
}

constexpr api::Description update_docs =
    api::describe<branches::LegacyConfig, View>("updateLegacyAuthConfig", "Change the switches of a project's legacy auth");
/// What is absent stays as it is.
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto checked = ctx.body<branches::LegacyConfig>();
    if (!checked) co_return std::unexpected(checked.error());
    const auto integration = co_await require_legacy(ctx);
    if (!integration) co_return std::unexpected(integration.error());
    const auto& members = ctx.request.body;
    const auto changed = co_await branches::change_legacy_config(ctx.control, integration->project_uuid, members.empty() ? "{}" : members);
    if (!changed) co_return refuse(errors::no_legacy);
    co_return http::Response::json(200, View{*changed});
}
}  // namespace

std::span<const api::ManagementRoute> config_routes() { return table; }
}  // namespace argon::management::legacy_auth
