#include "api/oauth_credentials.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "branches/names.hpp"

namespace argon::api {

std::optional<std::string> ClientIdCheck::operator()(std::string_view id) const {
    if (!id.empty() && id.size() <= 512 && branches::is_plain_text(id)) return {};
    return "Invalid client id: one to 512 characters are allowed, none of them a control character";
}

std::optional<std::string> ClientSecretCheck::operator()(std::string_view secret) const {
    if (!secret.empty() && secret.size() <= 4096 && branches::is_plain_text(secret)) return {};
    return "Invalid client secret: one to 4096 characters are allowed, none of them a control character";
}

std::optional<std::string> TenantCheck::operator()(std::string_view tenant) const {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    if (!tenant.empty() && tenant.size() <= 253 && tenant.front() != '.' && std::ranges::all_of(tenant, allowed)) return {};
    return "Invalid tenant: expected the id or domain of a directory";
}

Result<> check_tenant(std::string_view provider, const OauthCredentials& credentials) {
    if (provider == "microsoft" || !credentials.microsoft_tenant_id) return {};
    return refuse_with({400, "", ""}, fmt::format("invalid request: [body.microsoft_tenant_id] Not a setting of {}", provider));
}
}  // namespace argon::api
