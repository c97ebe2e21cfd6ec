// Codes that people get by mail: 45 characters, of which mails for typing show six. Kept as keyed hashes; used up by one statement, so of
// any number of requests at once one succeeds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "json/value.hpp"
#include "legacy/project_keys.hpp"
#include "pg/executor.hpp"

namespace argon::legacy {

inline constexpr std::size_t typed_length = 6;

struct NewCode {
    std::string_view purpose;
    std::optional<UserId> user_id;
    json::Object data;
    std::chrono::seconds life;
};
/// The code itself, for the mail alone. Codes that expired a while ago go with it, a few at a time.
awaitable<std::string> insert_code(pg::Executor& db, const ProjectKeys& keys, const NewCode& code, TimePoint now);

enum class CodeVerdict { right, unknown, expired, used, exhausted };
struct TriedCode {
    CodeVerdict verdict = CodeVerdict::unknown;
    std::optional<UserId> user_id;
    json::Object data;
};
/// Whether the code is good; with `consume` it is used up. Every try counts before its outcome is known, twenty are allowed.
awaitable<TriedCode> try_code(pg::Executor& db, const ProjectKeys& keys, std::string_view purpose, std::string code, bool consume, TimePoint now);
/// Codes of that purpose for the user are void.
awaitable<> delete_codes(pg::Executor& db, std::string_view purpose, const UserId& user);
}  // namespace argon::legacy
