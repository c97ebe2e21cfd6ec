// The column social_providers of neon_auth.project_config is a list of these: the OAuth providers people may sign in with.
#pragma once

#include <optional>
#include <string>

#include "json/decoder.hpp"

namespace argon::identity {

struct SocialProvider {
    std::string id;  ///< google, github, microsoft, vercel
    /// With the operator's credentials instead of the branch's own.
    bool isShared = false;
    std::optional<std::string> clientId;
    /// As stored, see branch_secrets.hpp.
    std::optional<std::string> clientSecret;
    std::optional<std::string> microsoftTenantId;

    static void fields(auto& f, auto& s) {
        f.required("id", s.id, json::max_length{64});
        f.optional("isShared", s.isShared);
        f.optional("clientId", s.clientId, json::max_length{1024});
        f.optional("clientSecret", s.clientSecret, json::max_length{8192});
        f.optional("microsoftTenantId", s.microsoftTenantId, json::max_length{256});
    }
};
}  // namespace argon::identity
