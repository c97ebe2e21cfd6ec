// The schemas' histories, embedded from migrations/ (cmake/embed.cmake).
#pragma once

#include <span>

#include "pg/migration.hpp"

namespace argon::migrations {
extern const std::span<const pg::Migration> control;
extern const std::span<const pg::Migration> neon_auth;
extern const std::span<const pg::Migration> stack_auth;
}  // namespace argon::migrations
