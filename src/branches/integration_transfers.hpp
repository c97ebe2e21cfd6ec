// Giving a legacy project to an account: a code that a page carries for one hour, confirmed once (stack-auth.md, section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

/// What the page tells of the project it would transfer.
struct Transfer {
    std::string project_uuid;
    ProjectId project_id;
    std::string display_name;
    bool finished = false;

    static void columns(auto& column, auto& transfer) {
        column(transfer.project_uuid)(transfer.project_id)(transfer.display_name)(transfer.finished);
    }
};

/// A code for the project; others stay good. Nothing when the project was transferred already.
awaitable<std::optional<Secret<>>> start_transfer(pg::Executor& db, const std::string& project_uuid, TimePoint now);
/// Nothing for a code that is unknown or whose hour is over. A finished transfer is found, for the page to say so.
awaitable<std::optional<Transfer>> find_transfer(pg::Executor& db, std::string_view code, TimePoint now);
/// One statement, so that of all confirmations of all codes of a project one succeeds. Its keys and users stay as they are.
awaitable<bool> confirm_transfer(pg::Executor& db, std::string_view code, const std::string& account_id, TimePoint now);
}  // namespace argon::branches
