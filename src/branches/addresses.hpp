// Where things answer: base_url of a branch's auth service, origins that are our own, hosts and ports of databases
// (architecture.md, section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"

namespace argon::branches {

/// What a connection string is made of.
struct ConnectionTarget {
    EndpointId endpoint;
    std::uint16_t port;
    std::string role;
    Secret<> password;
    std::string database;
    /// Of an attached database: `host:port`, several with commas, in the place of the endpoint's own; and options of the URI.
    std::string host = {};
    std::string options = {};
};

struct Addresses {
    /// Scheme, host and port without a path: `http://localhost:4400`.
    std::string public_url;
    /// Other origins under which the same server is reached, such as http://127.0.0.1:4400.
    std::vector<std::string> aliases;
    /// Where `*.{auth_domain}` leads here: each branch's auth service has a host of its own. In lower case, without a port; else empty.
    std::string auth_domain;
    /// One branch only, without the endpoint in its path (`--routing single`).
    bool single_branch = false;
    /// `localhost` where `<anything>.localhost` resolves to loopback, else empty and hosts are 127.0.0.1.
    std::string database_domain;

    std::string management_url() const { return public_url + "/api/v2"; }
    /// `/{endpoint_id}/{database}/auth`, or `/{database}/auth` with one branch.
    std::string base_path(const EndpointId& endpoint, std::string_view database) const;
    /// The origin with the endpoint's own host: `https://{endpoint_id}.{auth_domain}`, scheme and port as in `public_url`.
    std::string endpoint_origin(std::string_view endpoint) const;
    std::string base_url(const EndpointId& endpoint, std::string_view database) const;
    std::string jwks_url(const EndpointId& endpoint, std::string_view database) const {
        return base_url(endpoint, database) + "/.well-known/jwks.json";
    }

    /// Where the SDKs of the legacy provider find it: they add /api/v1 themselves.
    const std::string& legacy_base_url() const { return public_url; }
    std::string legacy_jwks_url(std::string_view project_uuid) const;

    /// The endpoint whose own host this is (a Host field: name and perhaps port); nothing when it is none.
    std::optional<std::string> endpoint_of_host(std::string_view host) const;
    /// The origin the client used when it is one of ours, else the public one: a foreign Host header never gets into a link or a token.
    std::string origin_for(std::string_view host) const;
    bool is_own_origin(std::string_view origin) const;

    /// Name of the machine in a connection string; starts with the endpoint's id where names resolve.
    std::string database_host(const EndpointId& endpoint) const;
    std::string pooler_host(const EndpointId& endpoint) const;
    /// `postgresql://role:password@host:port/database`. No sslmode: the certificate is self-signed, and drivers that read `require` as
    /// `verify-full` (node-postgres) would refuse it. libpq uses TLS all the same.
    std::string connection_uri(const ConnectionTarget& target, bool pooled = false) const;
};
}  // namespace argon::branches
