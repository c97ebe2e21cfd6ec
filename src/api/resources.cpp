#include "api/resources.hpp"

#include <fmt/format.h>

namespace argon::api {

EndpointView make_endpoint_view(Services& services, branches::Endpoint endpoint) {
    const auto& addresses = services.addresses;
    EndpointView view;
    view.host = fmt::format("{}:{}", addresses.database_host(endpoint.id), endpoint.port);
    view.proxy_host = addresses.database_domain.empty() ? addresses.database_host(endpoint.id) : addresses.database_domain;
    view.is_running = services.clusters.state(endpoint.branch_id)->running;
    view.endpoint = std::move(endpoint);
    return view;
}

ConnectionDetails make_connection_details(const branches::Addresses& addresses, const branches::ConnectionTarget& target) {
    return {.connection_uri = addresses.connection_uri(target),
            .connection_parameters = {.database = target.database,
                                      .password = target.password.reveal(),
                                      .role = target.role,
                                      .host = fmt::format("{}:{}", addresses.database_host(target.endpoint), target.port),
                                      .pooler_host = fmt::format("{}:{}", addresses.pooler_host(target.endpoint), target.port)}};
}
}  // namespace argon::api
