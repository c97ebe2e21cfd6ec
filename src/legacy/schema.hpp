// The tables of a legacy (Stack-compatible) integration in the branch's database: neon_auth.users_sync, which apps read, and schema
// stack_auth, the provider's own. All of it blocks: for worker threads.
#pragma once

#include <string>

namespace argon::legacy {

/// How to reach the database, as branches::Compute tells.
struct DatabaseAccess {
    std::string admin_conninfo;    ///< a role that may make schemas
    std::string service_conninfo;  ///< the role that owns them and serves requests
    std::string own_role;          ///< its name; empty where both are one
    std::string owner;             ///< of the database: reads and references the users as its own
};

enum class Installed { done, foreign_schema, not_permitted };

/// Makes both schemas and their tables, or brings them up to date; what is there stays.
/// `foreign_schema`: somebody else's neon_auth or stack_auth is in the way, and nothing was changed.
Installed install(const DatabaseAccess& access);

/// Removes both schemas with all users. Throws pg::Unavailable while another session holds a lock on them.
void remove_all(const DatabaseAccess& access);
}  // namespace argon::legacy
