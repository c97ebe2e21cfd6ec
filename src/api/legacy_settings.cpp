#include "api/legacy_settings.hpp"

#include <stdexcept>

#include "branches/integration_records.hpp"
#include "identity/branch_secrets.hpp"

namespace argon::api {
namespace {
/// The password is sealed for its place in the control database; everywhere else it is known by the place of a branch's setting.
std::string seal_anew(const crypto::MasterKey& master_key, const branches::Integration& project) {
    const auto& sealed = project.email_server.sealed_password;
    if (!sealed) return {};
    const auto password = branches::open_legacy_secret(master_key, project.project_uuid, branches::email_password, *sealed);
    return identity::seal_branch_secret(master_key, identity::email_password_place, password.reveal());
}
}  // namespace

awaitable<identity::Settings> load_legacy_settings(Services& services, std::string project_uuid) {
    const auto project = co_await branches::find_integration(services.control(), project_uuid);
    if (!project) throw std::runtime_error("the legacy project is gone");
    identity::Settings settings;
    settings.application_name = project->display_name;
    const auto& server = project->email_server;
    if (server.type != "standard") co_return settings;
    settings.email_provider = {.type = "standard",
                               .host = server.host.value_or(""),
                               .port = server.port.value_or(587),
                               .username = server.username.value_or(""),
                               .password = seal_anew(services.master_key, *project),
                               .senderEmail = server.sender_email.value_or(""),
                               .senderName = server.sender_name.value_or(""),
                               .security = {}};
    co_return settings;
}
}  // namespace argon::api
