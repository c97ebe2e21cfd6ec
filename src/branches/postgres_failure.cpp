#include "branches/postgres_failure.hpp"

#include <fmt/format.h>

namespace argon::branches {
namespace {
std::string_view word_after(std::string_view text, std::string_view phrase) {
    const auto found = text.find(phrase);
    if (found == std::string_view::npos) return "?";
    text.remove_prefix(found + phrase.size());
    return text.substr(0, text.find_first_of(" ,.\n"));
}
}  // namespace

std::string_view last_lines(std::string_view text, int count) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    auto start = text.size();
    for (; count > 0 && start != std::string_view::npos && start > 0; --count) start = text.rfind('\n', start - 1);
    return start == std::string_view::npos || start == 0 ? text : text.substr(start + 1);
}

// Special cases first.
std::string explain_cause(std::string_view log, const ClusterSettings& settings) {
    const auto says = [&](std::string_view text) { return log.contains(text); };
    const auto home = settings.data.parent_path().string();
    if (says("could not create semaphores") || says("could not map anonymous shared memory") || says("could not resize shared memory") ||
        says("could not create shared memory") || says("Cannot allocate memory")) {
        return "PostgreSQL did not get the memory it needs. Free memory, or raise the limits of this container (memory, /dev/shm, semaphores).";
    }
    if (says("No space left on device") || says("Disk quota exceeded")) {
        return fmt::format("The disk that holds {} is full. Free some space and start again; no committed data is lost.", home);
    }
    if (says("database files are incompatible with server") && says("initialized by PostgreSQL version")) {
        const auto theirs = word_after(log, "initialized by PostgreSQL version ");
        return fmt::format(
            "{} was made by PostgreSQL {}, which is not the version that was started. Name that version's directory with --pg-bin "
            "(/usr/lib/postgresql/{}/bin on Debian).",
            settings.data.string(), theirs, theirs);
    }
    if (says("Address already in use")) {
        return fmt::format("Another program listens on 127.0.0.1:{}, the port of this database. Stop it, or choose another port.", settings.port);
    }
    if (says("pre-existing shared memory block")) {
        return fmt::format("Another PostgreSQL process still works on {}. Stop it and start again.", settings.data.string());
    }
    if (says("invalid permissions") || says("wrong ownership") || says("Permission denied")) {
        return fmt::format("The permissions of {} do not let PostgreSQL use it: it must belong to PostgreSQL's user, with mode 0700.", home);
    }
    if (says("Read-only file system")) return fmt::format("{} is on a read-only file system.", home);
    return {};
}

std::string explain_failure(std::string_view log, const ClusterSettings& settings) {
    const auto known = explain_cause(log, settings);
    if (known.empty()) return fmt::format("PostgreSQL did not start. Its log, {}, ends with:\n{}", settings.log().string(), last_lines(log, 6));
    return fmt::format("{} PostgreSQL said:\n{}", known, last_lines(log, 3));
}
}  // namespace argon::branches
