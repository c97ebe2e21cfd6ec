#include "branches/addresses.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "http/message.hpp"
#include "http/url.hpp"

namespace argon::branches {

std::string Addresses::base_path(const EndpointId& endpoint, std::string_view database) const {
    const auto name = http::percent_encode(database);
    return single_branch ? fmt::format("/{}/auth", name) : fmt::format("/{}/{}/auth", endpoint.value, name);
}

std::string Addresses::legacy_jwks_url(std::string_view project_uuid) const {
    return fmt::format("{}/api/v1/projects/{}/.well-known/jwks.json", public_url, project_uuid);
}

std::string Addresses::endpoint_origin(std::string_view endpoint) const {
    const auto parsed = http::parse_url(public_url);
    return fmt::format("{}://{}.{}{}{}", parsed->scheme, endpoint, auth_domain, parsed->port.empty() ? "" : ":", parsed->port);
}

std::string Addresses::base_url(const EndpointId& endpoint, std::string_view database) const {
    if (auth_domain.empty()) return public_url + base_path(endpoint, database);
    return fmt::format("{}/{}/auth", endpoint_origin(endpoint.value), http::percent_encode(database));
}

std::optional<std::string> Addresses::endpoint_of_host(std::string_view host) const {
    if (auth_domain.empty()) return {};
    const auto name = http::to_lower(host.substr(0, host.find(':')));
    const auto dot = name.find('.');
    if (dot == std::string::npos || !name.starts_with("ep-") || std::string_view{name}.substr(dot + 1) != auth_domain) return {};
    return name.substr(0, dot);
}

std::string Addresses::origin_for(std::string_view host) const {
    if (const auto endpoint = endpoint_of_host(host)) return endpoint_origin(*endpoint);
    const auto matches = [&](const std::string& origin) { return origin.substr(origin.find("://") + 3) == host; };
    const auto alias = std::ranges::find_if(aliases, matches);
    return alias == aliases.end() ? public_url : *alias;
}

bool Addresses::is_own_origin(std::string_view origin) const { return origin == public_url || std::ranges::find(aliases, origin) != aliases.end(); }

std::string Addresses::database_host(const EndpointId& endpoint) const {
    return database_domain.empty() ? "127.0.0.1" : endpoint.value + "." + database_domain;
}

std::string Addresses::pooler_host(const EndpointId& endpoint) const {
    return database_domain.empty() ? "127.0.0.1" : endpoint.value + "-pooler." + database_domain;
}

std::string Addresses::connection_uri(const ConnectionTarget& target, bool pooled) const {
    const auto own = fmt::format("{}:{}", pooled ? pooler_host(target.endpoint) : database_host(target.endpoint), target.port);
    return fmt::format("postgresql://{}:{}@{}/{}{}{}", http::percent_encode(target.role), http::percent_encode(target.password.reveal()),
                       target.host.empty() ? own : target.host, http::percent_encode(target.database), target.options.empty() ? "" : "?",
                       target.options);
}
}  // namespace argon::branches
