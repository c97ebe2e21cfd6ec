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
}

std::vector<std::span<const api::ManagementRoute>> management_routes() {
    return {account::routes(),   account::api_key_routes(), projects::routes(),   branches::routes(),    endpoints::routes(),
            databases::routes(), roles::routes(),           operations::routes(), branch_auth::routes(), attachments::routes()};
}
}  // namespace argon::management
