// The operating system account PostgreSQL runs as. Its server refuses root, so a root process needs another one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace argon::branches {

struct Account {
    uid_t uid;
    gid_t gid;
    std::string name;
    std::vector<gid_t> groups;  // all of them, looked up before any fork: the lookup is not async-signal-safe
};

/// The account this process runs under. Throws SetupError when the system does not know it by name.
Account current_account();

/// Whom PostgreSQL runs as: `configured` (or `postgres`) when we are root, ourselves otherwise - then `configured` does not matter.
Account choose_postgres_account(std::optional<std::string_view> configured = {});

/// While it lives, this thread (and no other) opens, creates and removes files as `account`, without root's powers.
/// What lies in a directory of the account may have been replaced by a symbolic link: root must never follow it.
/// Does nothing unless we are root. Not for coroutines: they may resume on another thread.
class FilesAs {
public:
    explicit FilesAs(const Account& account);
    ~FilesAs();
    FilesAs(const FilesAs&) = delete;
    FilesAs& operator=(const FilesAs&) = delete;

private:
    bool active_ = false;
    std::vector<gid_t> groups_before_;
};
}  // namespace argon::branches
