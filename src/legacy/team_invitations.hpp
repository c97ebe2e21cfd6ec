// Invitations into teams: a code in a mail, kept as a keyed hash. It belongs to whoever has proven to own the address it was sent to, is used
// up by one statement, and is open until it is used, expires or is taken back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "legacy/project_keys.hpp"
#include "legacy/verification_codes.hpp"
#include "pg/executor.hpp"

namespace argon::legacy {

struct Invitation {
    std::string id;
    std::string team_id;
    std::string team_display_name;
    TimePoint expires_at;
    std::string recipient_email;

    static void columns(auto& column, auto& row) { column(row.id)(row.team_id)(row.team_display_name)(row.expires_at)(row.recipient_email); }
    static void fields(auto& f, const auto& row) {
        f.required("id", row.id);
        f.required("team_id", row.team_id);
        f.required("team_display_name", row.team_display_name);
        f.required("expires_at_millis", to_unix_millis(row.expires_at));
        f.required("recipient_email", row.recipient_email);
    }
};

inline constexpr std::int64_t most_open_invitations = 500;

struct NewInvitation {
    std::string id;
    std::string code;  ///< for the mail alone
};
/// `email` in lower case, `tx` a transaction that has locked the team. Nothing when the team has too many open invitations.
awaitable<std::optional<NewInvitation>> insert_invitation(pg::Executor& tx, const ProjectKeys& keys, const std::string& team,
                                                          const std::string& email, std::chrono::seconds life, TimePoint now);
/// The open ones of a team, oldest first.
awaitable<std::vector<Invitation>> list_invitations(pg::Executor& db, const std::string& team, TimePoint now);
/// The open ones to any address that the user has proven.
awaitable<std::vector<Invitation>> list_invitations_to(pg::Executor& db, const UserId& user, TimePoint now);
/// False when the team has no such open invitation.
awaitable<bool> delete_invitation(pg::Executor& db, const std::string& team, const std::string& id, TimePoint now);

/// What a code stands for; used and expired ones included.
struct FoundInvitation {
    CodeVerdict verdict = CodeVerdict::unknown;
    std::string id;
    std::string team_id;
    std::string team_display_name;
};
awaitable<FoundInvitation> find_invitation(pg::Executor& db, const ProjectKeys& keys, std::string code, TimePoint now);
/// The team of an open invitation.
awaitable<std::optional<std::string>> find_invitation_team(pg::Executor& db, const std::string& id, TimePoint now);
/// Uses the invitation up. False, and nothing is changed, when it is open no more or the user has not proven its address.
awaitable<bool> take_invitation(pg::Executor& tx, const std::string& id, const UserId& user, TimePoint now);
}  // namespace argon::legacy
