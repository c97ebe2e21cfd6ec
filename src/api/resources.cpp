#include "api/resources.hpp"

#include <fmt/format.h>

namespace argon::api {
namespace {
/// `host:port`; the first where there are several.
std::string first_host(const std::string& hosts) { return hosts.substr(0, hosts.find(',')); }
}  // namespace

EndpointView make_endpoint_view(Services& services, branches::Endpoint endpoint) {
    const auto& addresses = services.addresses;
    branches::ConnectionTarget target{.endpoint = endpoint.id, .port = endpoint.port, .role = {}, .password = {}, .database = {}};
    services.compute.complete(endpoint.branch_id, target);
    const bool attached = !target.host.empty();
    EndpointView view;
    view.host = attached ? first_host(target.host) : fmt::format("{}:{}", addresses.database_host(endpoint.id), endpoint.port);
    view.proxy_host = attached                            ? view.host.substr(0, view.host.rfind(':'))
                      : addresses.database_domain.empty() ? addresses.database_host(endpoint.id)
                                                          : addresses.database_domain;
    view.is_running = attached || services.compute.state(endpoint.branch_id)->running;
    view.endpoint = std::move(endpoint);
    return view;
}

ConnectionDetails make_connection_details(const branches::Addresses& addresses, const branches::ConnectionTarget& target) {
    const auto host = [&](const std::string& own) { return target.host.empty() ? fmt::format("{}:{}", own, target.port) : first_host(target.host); };
    return {.connection_uri = addresses.connection_uri(target),
            .connection_parameters = {.database = target.database,
                                      .password = target.password.reveal(),
                                      .role = target.role,
                                      .host = host(addresses.database_host(target.endpoint)),
                                      .pooler_host = host(addresses.pooler_host(target.endpoint))}};
}
}  // namespace argon::api
