// The legacy provider's projects: what the SDKs of the earlier Neon Auth know by a UUID, with their keys and settings. The rows of
// argonauth.legacy_*; the branch and the database of auth are those of argonauth.auth_integration. The users are in the branch's database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "crypto/secret_key.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

/// The provider's switches, with the defaults of a provisioned project.
struct LegacyConfig {
    bool sign_up_enabled = true;
    bool credential_enabled = true;
    bool magic_link_enabled = false;
    bool allow_localhost = true;
    bool client_team_creation_enabled = false;
    bool client_user_deletion_enabled = false;

    static void fields(auto& f, auto& config) {
        f.optional("sign_up_enabled", config.sign_up_enabled);
        f.optional("credential_enabled", config.credential_enabled);
        f.optional("magic_link_enabled", config.magic_link_enabled);
        f.optional("allow_localhost", config.allow_localhost);
        f.optional("client_team_creation_enabled", config.client_team_creation_enabled);
        f.optional("client_user_deletion_enabled", config.client_user_deletion_enabled);
    }
};

struct LegacyDomain {
    std::string domain;
    std::string handler_path;

    static void fields(auto& f, auto& item) {
        f.required("domain", item.domain);
        f.required("handler_path", item.handler_path);
    }
};

/// Without a client id: the operator's own credentials, `shared`.
struct LegacyOauthProvider {
    std::string id;
    std::optional<std::string> client_id;
    std::optional<std::string> sealed_client_secret;  ///< open_legacy_secret(..., client_secret_of(id), ...)
    std::optional<std::string> microsoft_tenant_id;

    bool is_shared() const { return !client_id; }
    static void fields(auto& f, auto& provider) {
        f.required("id", provider.id);
        f.optional("client_id", provider.client_id);
        f.optional("sealed_client_secret", provider.sealed_client_secret);
        f.optional("microsoft_tenant_id", provider.microsoft_tenant_id);
    }
};

/// The operator's (`shared`), or one of the project's own (`standard`).
struct LegacyEmailServer {
    std::string type = "shared";
    std::optional<std::string> host;
    std::optional<std::int64_t> port;
    std::optional<std::string> username;
    std::optional<std::string> sealed_password;  ///< open_legacy_secret(..., email_password, ...)
    std::optional<std::string> sender_email;
    std::optional<std::string> sender_name;

    static void fields(auto& f, auto& server) {
        f.optional("type", server.type);
        f.optional("host", server.host);
        f.optional("port", server.port);
        f.optional("username", server.username);
        f.optional("sealed_password", server.sealed_password);
        f.optional("sender_email", server.sender_email);
        f.optional("sender_name", server.sender_name);
    }
};

struct Integration {
    std::string project_uuid;  ///< lower case
    ProjectId project_id;
    BranchId branch_id;
    std::string database;
    std::string display_name;
    std::string owned_by;                        ///< `neon`, or `user` after a transfer
    std::optional<std::string> transfer_status;  ///< `initiated` or `finished`
    TimePoint created_at;
    LegacyConfig config;
    LegacyEmailServer email_server;
    std::vector<LegacyDomain> domains;
    std::vector<LegacyOauthProvider> oauth_providers;
};

/// As an SDK names it. Absent for what is no UUID, and while the branch is not ready.
awaitable<std::optional<Integration>> find_integration(pg::Executor& control, std::string_view project_uuid);
/// The one of a project of the management API.
awaitable<std::optional<Integration>> find_legacy_integration(pg::Executor& control, const ProjectId& project);

// ---- keys

struct LegacyKeyPair {
    Secret<> publishable;  ///< pck_...
    Secret<> secret;       ///< ssk_...
};

/// What may be shown of a pair later.
struct LegacyKey {
    std::int64_t id = 0;
    std::string description;
    std::string publishable_last_four;
    std::string secret_last_four;
    TimePoint created_at;

    static void columns(auto& column, auto& key) { column(key.id)(key.description)(key.publishable_last_four)(key.secret_last_four)(key.created_at); }
};

/// 45 characters of Crockford's base32, lower case: 224 bits and one to spare.
std::string random_base32();
/// Stored as hashes: the pair that is returned is the only copy.
awaitable<LegacyKeyPair> insert_legacy_keys(pg::Executor& control, const std::string& project_uuid, const std::string& description);
awaitable<std::vector<LegacyKey>> list_legacy_keys(pg::Executor& control, const std::string& project_uuid);
/// False when there is no such pair, or not any more.
awaitable<bool> revoke_legacy_keys(pg::Executor& control, const std::string& project_uuid, std::int64_t id);
/// Whether it is one of the project's, not revoked.
awaitable<bool> is_publishable_key(pg::Executor& control, std::string_view project_uuid, std::string_view key);
awaitable<bool> is_secret_server_key(pg::Executor& control, std::string_view project_uuid, std::string_view key);

// ---- secrets at rest, bound to the project and their place

inline constexpr std::string_view email_password = "email_server|password";
/// Where the client secret of an OAuth provider stands.
std::string client_secret_of(std::string_view provider);
std::string seal_legacy_secret(const crypto::MasterKey& master, const std::string& project_uuid, std::string_view place, std::string_view secret);
/// Throws std::runtime_error for a text that was not sealed for this place with this master key.
Secret<> open_legacy_secret(const crypto::MasterKey& master, const std::string& project_uuid, std::string_view place, const std::string& sealed);
}  // namespace argon::branches
