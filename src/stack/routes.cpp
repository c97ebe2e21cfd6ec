#include "stack/routes.hpp"

namespace argon::stack {

// Declared here because features include nothing of each other, this file included.
using Table = std::span<const api::LegacyRoute>;
namespace users {
Table routes();
}
namespace projects {
Table routes();
}
namespace password {
Table routes();
}
namespace sessions {
Table routes();
}
namespace oauth {
Table routes();
}
namespace otp {
Table routes();
}
namespace contact_channels {
Table routes();
}
namespace teams {
Table routes();
}
namespace misc {
Table routes();
}

std::vector<std::span<const api::LegacyRoute>> stack_routes() {
    return {users::routes(), projects::routes(),         password::routes(), sessions::routes(), oauth::routes(),
            otp::routes(),   contact_channels::routes(), teams::routes(),    misc::routes()};
}
}  // namespace argon::stack
