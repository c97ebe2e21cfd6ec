// Things that are good for one use and a while: rows of neon_auth.verification (auth-wire-facts.md, facts 29-34).
// Callers pass codes and tokens as keyed hashes (api/one_time.hpp), so the table is of no use to who reads it. Every use is one statement:
// of any number of requests at once, one succeeds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "pg/executor.hpp"

namespace argon::identity {

struct NewVerification {
    std::string identifier;
    std::string value;
    TimePoint expires_at;
};

/// Adds a row beside those with the same identifier. Rows that expired a while ago go with each insertion, a few at a time.
awaitable<> insert_verification(pg::Executor& db, const NewVerification& verification, TimePoint now);
/// Adds a row in place of those with the same identifier.
awaitable<> replace_verification(pg::Executor& db, const NewVerification& verification, TimePoint now);

/// The value, unless it is absent or expired. The row stays.
awaitable<std::optional<std::string>> find_verification(pg::Executor& db, std::string_view identifier, TimePoint now);
/// Removes the row and returns its value, unless it is absent or expired.
awaitable<std::optional<std::string>> take_verification(pg::Executor& db, std::string_view identifier, TimePoint now);

enum class CodeUse { keep, consume };
enum class CodeVerdict { right, wrong, absent, expired, exhausted };

/// Compares a code's hash with a row whose value is `hash:failures`, and counts a failure. From the failure `allowed` on the code is
/// exhausted, right or wrong. A row that is exhausted, expired, or right and to be consumed is gone afterwards.
/// The row is locked first, so parallel guesses are counted one after the other.
awaitable<CodeVerdict> try_code(pg::Executor& db, std::string_view identifier, std::string_view hash, std::int64_t allowed, CodeUse use,
                                TimePoint now);

/// Every password reset link of the user.
awaitable<> delete_reset_links(pg::Executor& db, const UserId& user);
}  // namespace argon::identity
