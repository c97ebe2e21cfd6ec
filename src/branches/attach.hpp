// Attaching: a database that somebody else runs becomes a branch. Nothing is made in it before auth is enabled there, and nothing is
// removed from it when the branch is deleted.
#pragma once

#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "branches/engine.hpp"
#include "branches/lifecycle.hpp"
#include "pg/conninfo.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec attach_not_offered{
    422, "", "attach: this server runs its own databases (argonauth dev); databases of other servers are attached to argonauth serve"};
inline constexpr ErrorSpec nothing_attached{
    422, "", "this server makes no databases: attach one, with project.attach.connection_uri in this request or with `argonauth branch attach`"};
}  // namespace errors

struct NewAttachment {
    Secret<> connection_uri;
    std::string branch_name = "main";
};

/// The string, if it is one that a node can connect with; the error names what is wrong and never repeats the string.
Result<pg::Conninfo> read_connection_string(const Secret<>& text);

/// A new project whose default branch is the database. Refused when the string is unusable or the database is attached already;
/// throws pg::Unreachable when it cannot be connected to.
awaitable<Result<CreatedProject>> attach_project(Engine engine, NewProject request, NewAttachment attachment);
/// One more branch of a project.
awaitable<Result<CreatedProject>> attach_branch(Engine engine, Project project, NewAttachment attachment);
/// Another way to the same database: a new password, a new host. Database and role stay what they are, because the role owns neon_auth.
awaitable<Result<>> replace_attachment(Engine engine, BranchId branch, Secret<> connection_uri);
}  // namespace argon::branches
