// The project as its apps see it, and the keys with which they verify its tokens.
#include <fmt/format.h>

#include "api/legacy.hpp"

namespace argon::stack::projects {
namespace {
struct ProviderView {
    std::string id;

    static void fields(auto& f, auto& view) { f.required("id", view.id); }
};

struct ConfigView {
    const branches::Integration& project;

    static void fields(auto& f, const auto& view) {
        const auto& config = view.project.config;
        f.required("sign_up_enabled", config.sign_up_enabled);
        f.required("credential_enabled", config.credential_enabled);
        f.required("magic_link_enabled", config.magic_link_enabled);
        f.required("passkey_enabled", false);
        f.required("client_team_creation_enabled", config.client_team_creation_enabled);
        f.required("client_user_deletion_enabled", config.client_user_deletion_enabled);
        f.required("allow_localhost", config.allow_localhost);
        f.required("allow_user_api_keys", false);
        f.required("allow_team_api_keys", false);
        std::vector<ProviderView> providers;
        for (const auto& provider : view.project.oauth_providers) providers.push_back({provider.id});
        f.required("enabled_oauth_providers", providers);
        f.required("domains", view.project.domains);
    }
};

struct ProjectView {
    const branches::Integration& project;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.project.project_uuid);
        f.required("display_name", view.project.display_name);
        f.required("config", ConfigView{view.project});
    }
};

awaitable<Result<http::Response>> get_current(api::LegacyContext& ctx) { co_return http::Response::json(200, ProjectView{*ctx.project}); }

/// Without keys: verifiers know nothing but the address. Restricted and anonymous users would have keys of their own; there are none here.
awaitable<Result<http::Response>> get_jwks(api::LegacyContext& ctx) {
    const auto id = http::to_lower(ctx.parameter("project_id"));
    const auto project = co_await branches::find_integration(ctx.services.control(), id);
    if (!project) co_return api::known::refuse_text(404, "Project not found");
    const auto keys = legacy::project_keys(ctx.services.master_key, project->project_uuid);
    auto response = http::Response::text(200, "application/json", fmt::format(R"({{"keys":[{}]}})", keys->signer.public_jwk()));
    response.set("Cache-Control", "public, max-age=3600");
    co_return response;
}

using api::LegacyAccess;
constexpr api::LegacyRoute table[] = {
    {http::Method::get, "/projects/current", get_current},
    {http::Method::get, "/projects/{project_id}/.well-known/jwks.json", get_jwks, LegacyAccess::open},
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }
}  // namespace argon::stack::projects
