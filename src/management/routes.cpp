#include "management/routes.hpp"

namespace argon::management {

// Each folder has one table, or two. They are declared here because features include nothing of each other, this file included.
using Table = std::span<const api::ManagementRoute>;
namespace account {
Table routes();
Table api_key_routes();
}  // namespace account
namespace projects {
Table routes();
}
namespace branches {
Table routes();
}
namespace attachments {
Table routes();
}
namespace endpoints {
Table routes();
}
namespace databases {
Table routes();
}
namespace roles {
Table routes();
}
namespace operations {
Table routes();
}
namespace branch_auth {
Table routes();
Table domain_routes();
Table allow_localhost_routes();
Table oauth_provider_routes();
Table oidc_provider_routes();
Table email_provider_routes();
Table email_test_routes();
Table email_and_password_routes();
Table plugin_routes();
Table config_routes();
Table webhook_routes();
Table advanced_routes();
Table mail_template_routes();
Table webhook_delivery_routes();
Table webhook_trial_routes();
Table user_routes();
}  // namespace branch_auth
namespace legacy_auth {
Table routes();
Table key_routes();
Table user_routes();
Table transfer_routes();
Table domain_routes();
Table oauth_provider_routes();
Table email_server_routes();
Table config_routes();
Table migration_routes();
}  // namespace legacy_auth
namespace reference {
Table routes();
}

std::vector<std::span<const api::ManagementRoute>> management_routes() {
    return {account::routes(),
            account::api_key_routes(),
            projects::routes(),
            branches::routes(),
            endpoints::routes(),
            databases::routes(),
            roles::routes(),
            operations::routes(),
            attachments::routes(),
            branch_auth::routes(),
            branch_auth::domain_routes(),
            branch_auth::allow_localhost_routes(),
            branch_auth::oauth_provider_routes(),
            branch_auth::oidc_provider_routes(),
            branch_auth::email_provider_routes(),
            branch_auth::email_test_routes(),
            branch_auth::email_and_password_routes(),
            branch_auth::plugin_routes(),
            branch_auth::config_routes(),
            branch_auth::webhook_routes(),
            branch_auth::advanced_routes(),
            branch_auth::mail_template_routes(),
            branch_auth::webhook_delivery_routes(),
            branch_auth::webhook_trial_routes(),
            branch_auth::user_routes(),
            legacy_auth::routes(),
            legacy_auth::key_routes(),
            legacy_auth::user_routes(),
            legacy_auth::transfer_routes(),
            legacy_auth::domain_routes(),
            legacy_auth::oauth_provider_routes(),
            legacy_auth::email_server_routes(),
            legacy_auth::config_routes(),
            legacy_auth::migration_routes(),
            reference::routes()};
}
}  // namespace argon::management
