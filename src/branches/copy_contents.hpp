// What makes a copy of a cluster a branch of its own: new passwords, its own endpoint, sessions that nobody holds a token of.
// All of it blocks and happens before anybody can reach the copy.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "branches/compute.hpp"
#include "pg/session.hpp"

namespace argon::branches {

struct CopyPlan {
    EndpointId endpoint;
    std::optional<std::string> auth_database;  ///< where the parent has auth enabled
    std::optional<std::string> legacy_database = {};  ///< where the legacy provider keeps its users
    bool schema_only = false;                  ///< structure without rows
    bool scrub_auth = false;                   ///< without sessions, provider tokens and verification rows
    std::map<std::string, Secret<>> verifiers = {};  ///< what PostgreSQL stores for the roles that keep their password; others get new ones
    std::map<std::string, Secret<>> passwords = {};  ///< the same passwords, as far as they are known
};

struct CopiedRole {
    std::string name;
    bool can_login = true;
    std::optional<Secret<>> password;  ///< of roles that can log in
};

struct CopiedDatabase {
    std::string name;
    std::string owner;

    static void columns(auto& column, auto& database) { column(database.name)(database.owner); }
};

struct CopiedContents {
    std::vector<CopiedRole> roles;
    std::vector<CopiedDatabase> databases;
    bool has_auth = false;    ///< schema neon_auth is there and was made ready
    bool has_legacy = false;  ///< the same of schema stack_auth
};

/// The copy of `branch` must run.
CopiedContents prepare_copy(const Compute& compute, const BranchId& branch, const CopyPlan& plan);

/// The part of it that concerns auth; false when the database has no auth schema of ours.
bool prepare_auth(const Compute& compute, const BranchId& branch, const CopyPlan& plan);

/// By role: what PostgreSQL stores instead of a password.
std::map<std::string, Secret<>> read_verifiers(pg::Session& admin);

/// Roles and databases as PostgreSQL has them, those made with SQL included; the program's own are left out.
std::vector<CopiedRole> read_roles(pg::Session& admin);
std::vector<CopiedDatabase> read_databases(pg::Session& admin);
}  // namespace argon::branches
