// From the legacy provider to the newer auth service of the same database: users with their ids, addresses, password hashes and OAuth
// accounts. Copied in batches, each in a transaction with the record of it, so that an interruption costs nothing and the next call goes on;
// who changes meanwhile is copied again. Nothing is taken away from the legacy provider until close_legacy. All of it blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace argon::legacy {

struct MigrationCounts {
    std::int64_t users = 0;
    std::int64_t copied = 0;
    std::int64_t with_password = 0;
    std::int64_t verified = 0;
    std::int64_t oauth_accounts = 0;
    std::int64_t teams = 0;

    static void columns(auto& column, auto& counts) {
        column(counts.users)(counts.copied)(counts.with_password)(counts.verified)(counts.oauth_accounts)(counts.teams);
    }
    static void fields(auto& f, auto& counts) {
        f.required("users", counts.users);
        f.required("copied", counts.copied);
        f.required("with_password", counts.with_password);
        f.required("verified", counts.verified);
        f.required("oauth_accounts", counts.oauth_accounts);
        f.required("teams", counts.teams);
    }
};

/// A user who cannot have the address they had: `no_email`, or `email_taken` where another user has it.
struct MigrationProblem {
    std::string user_id;
    std::optional<std::string> email;
    std::string problem;
    std::string placeholder;  ///< in the address's place; nobody can receive mail there

    static void columns(auto& column, auto& problem) { column(problem.user_id)(problem.email)(problem.problem)(problem.placeholder); }
    static void fields(auto& f, auto& problem) {
        f.required("user_id", problem.user_id);
        f.optional("email", problem.email);
        f.required("problem", problem.problem);
        f.required("placeholder", problem.placeholder);
    }
};

struct MigrationReport {
    MigrationCounts counts;
    std::vector<MigrationProblem> problems;  ///< the first hundred
    std::int64_t problems_total = 0;

    static void fields(auto& f, auto& report) {
        f.required("counts", report.counts);
        f.required("problems", report.problems);
        f.required("problems_total", report.problems_total);
    }
};

/// What copying would do; changes nothing.
MigrationReport plan_migration(pg::Session& service);
/// What has been done.
MigrationReport read_migration(pg::Session& service);

/// At most so many users who are not copied yet, or changed since; returns how many. The newer service's tables must be there.
std::int64_t copy_users(pg::Session& service, std::int64_t most);

/// The rest, while nobody changes a user; then the legacy provider's tables take no more writes, so that nothing is acknowledged there that
/// would be lost. `also` runs in the same transaction. Throws pg::Unavailable when the tables are locked by others.
void close_legacy(pg::Session& service, const std::function<void(pg::Session&)>& also);
/// For an integration that is made anew on the same database.
void reopen_legacy(pg::Session& service);
}  // namespace argon::legacy
