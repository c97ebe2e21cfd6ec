// The settings of a legacy integration in the form in which mails and providers are handled everywhere.
#pragma once

#include <string>

#include "api/services.hpp"
#include "identity/settings.hpp"

namespace argon::api {

/// Name and mail server of the project. Throws when the project is gone.
awaitable<identity::Settings> load_legacy_settings(Services& services, std::string project_uuid);
}  // namespace argon::api
