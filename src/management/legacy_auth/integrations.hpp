// Which integration a request of this folder means, and how it is shown. A path of a project names no branch: `stack` is the project's
// one legacy integration, `better_auth` the default branch's, or that of the oldest branch that has it.
#pragma once

#include <optional>
#include <string>

#include "api/forward.hpp"
#include "api/management_lookup.hpp"
#include "branches/integration_records.hpp"

namespace argon::management::legacy_auth {

namespace errors {
inline constexpr ErrorSpec not_enabled{404, "", "Neon Auth is not enabled on this project"};
inline constexpr ErrorSpec no_legacy{404, "", "the project has no legacy (\"stack\") integration"};
inline constexpr ErrorSpec no_better_auth{404, "", "no branch of the project has auth enabled (\"better_auth\")"};
}  // namespace errors

inline constexpr json::one_of auth_provider{{"mock", "stack", "better_auth"}};

/// Absent where a provider was named that the project does not have; without a name the legacy one is preferred.
struct Target {
    std::optional<branches::Integration> legacy;
    std::optional<BranchId> better_auth;
};
/// The project is the one of the context. `provider` empty: whichever there is. Refused when there is none, and for `mock`.
awaitable<Result<Target>> require_target(api::ManagementContext& ctx, std::string_view provider);
/// As require_target, where only the legacy one will do.
awaitable<Result<branches::Integration>> require_legacy(api::ManagementContext& ctx);

/// The branch's own route for what a path of the project asks.
awaitable<Result<http::Response>> forward_to_branch(api::ManagementContext& ctx, const BranchId& branch, std::string_view rest,
                                                    api::PathParameters more = {}, std::optional<json::Value> body = {});

/// With keys once, when they are made.
struct CreatedReply {
    std::string auth_provider = "stack";
    std::string project_uuid;
    std::string pub_client_key;
    std::string secret_server_key;
    std::string jwks_url;
    std::string base_url;

    static void fields(auto& f, const auto& reply) {
        f.required("auth_provider", reply.auth_provider);
        f.required("auth_provider_project_id", reply.project_uuid);
        f.required("pub_client_key", reply.pub_client_key);
        f.required("secret_server_key", reply.secret_server_key);
        f.required("jwks_url", reply.jwks_url);
        f.required("schema_name", "neon_auth");
        f.required("table_name", "users_sync");
        f.required("base_url", reply.base_url);
    }
};
CreatedReply make_created_reply(const api::Services& services, const std::string& project_uuid, const branches::LegacyKeyPair& keys);
}  // namespace argon::management::legacy_auth
