#include "app/first_project.hpp"

#include "app/blocking.hpp"
#include "base/log.hpp"
#include "branches/account_records.hpp"
#include "branches/auth_lifecycle.hpp"
#include "branches/lifecycle.hpp"
#include "branches/postgres_server.hpp"
#include "branches/role_password.hpp"
#include "branches/setup_error.hpp"
#include "management/api_key_command.hpp"

namespace argon::app {
namespace {
/// The oldest project's default branch with what a connection string is made of.
struct FirstProject {
    std::string project;
    BranchId branch;
    EndpointId endpoint;
    std::uint16_t port;
    std::string role;
    std::optional<std::string> sealed_password;
    std::string database;

    static void columns(auto& column, auto& first) {
        column(first.project)(first.branch)(first.endpoint)(first.port)(first.role)(first.sealed_password)(first.database);
    }
};

std::optional<FirstProject> find_first_project(pg::Session& control) {
    return control
        .query(R"sql(
            SELECT b.project_id, b.id, e.id, e.port, r.name, r.sealed_password, coalesce(i.database_name, d.name)
              FROM argonauth.project p
              JOIN argonauth.branch b ON b.project_id = p.id AND b.is_default AND b.state = 'ready'
              JOIN argonauth.endpoint e ON e.branch_id = b.id AND e.type = 'read_write'
              JOIN argonauth.database d ON d.branch_id = b.id
              JOIN argonauth.role r ON r.branch_id = b.id AND r.name = d.owner_name
              LEFT JOIN argonauth.auth_integration i ON i.branch_id = b.id
             ORDER BY p.created_at, p.id, d.id LIMIT 1)sql")
        .maybe<FirstProject>();
}

awaitable<> make_first_project(api::Services& services, std::string owner) {
    branches::Engine engine{services.control(), services.io(),  services.workers,    services.compute,
                            services.registry,  services.proxy, services.master_key, services.oauth.shares("google")};
    branches::NewProject request{.owner_id = std::move(owner), .name = "dev"};
    const auto made = co_await branches::create_project(engine, std::move(request));
    if (!made) throw branches::SetupError{std::string{made.error().message()}};
    const auto enabled = co_await branches::enable_auth(engine, made->project, made->branch.id, made->database.name);
    if (!enabled) throw branches::SetupError{std::string{enabled.error().message()}};
}
}  // namespace

Secret<> provide_api_key(pg::Session& control, const branches::DataDirectory& directory) {
    auto key = directory.read_or_create_secret("api-key", [] { return branches::make_api_key().reveal(); });
    management::register_api_key(control, "dev", key);
    return key;
}

Panel provide_first_project(api::Services& services, pg::Session& control) {
    auto first = find_first_project(control);
    if (first) {
        run_on(services.threads, 0, [&services, &first] { return services.compute.ensure_running(services.threads.io(0), first->branch); });
    } else {
        const auto owner = management::ensure_owner(control);
        run_on(services.threads, 0, [&services, &owner] { return make_first_project(services, owner); });
        first = find_first_project(control);
    }
    const auto& addresses = services.addresses;
    Secret<> password;
    if (first->sealed_password) password = branches::open_role_password(services.master_key, first->branch, first->role, *first->sealed_password);
    const branches::ConnectionTarget target{first->endpoint, first->port, first->role, password, first->database};
    return {.management_url = addresses.management_url(),
            .api_key = {},
            .project_id = first->project,
            .branch_id = first->branch.value,
            .endpoint_id = first->endpoint.value,
            .base_url = addresses.base_url(first->endpoint, first->database),
            .jwks_url = addresses.jwks_url(first->endpoint, first->database),
            .connection_uri = Secret<>{addresses.connection_uri(target)}};
}
}  // namespace argon::app
