// What makes `argonauth dev` useful at once: an operator with a lasting API key, and a project with auth enabled.
#pragma once

#include "api/services.hpp"
#include "app/panel.hpp"
#include "branches/data_directory.hpp"
#include "pg/session.hpp"

namespace argon::app {

/// The key of the file `api-key` (0600), the same at every start; made and registered at the first one.
Secret<> provide_api_key(pg::Session& control, const branches::DataDirectory& directory);

/// Makes the first project when there is none; the panel shows the oldest project's default branch. Blocks; I/O threads must run.
Panel provide_first_project(api::Services& services, pg::Session& control);
}  // namespace argon::app
