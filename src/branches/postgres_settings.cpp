#include "branches/postgres_settings.hpp"

#include <fmt/format.h>

namespace argon::branches {

std::vector<std::string> server_arguments(const ClusterSettings& settings) {
    std::vector<std::string> arguments{"-D", settings.data.string()};
    const auto set = [&](std::string_view name, std::string_view value) {
        arguments.emplace_back("-c");
        arguments.push_back(fmt::format("{}={}", name, value));
    };
    set("cluster_name", settings.name);
    set("unix_socket_directories", fmt::format("\"{}\"", settings.socket_directory.string()));  // a list: quoted for commas
    set("unix_socket_permissions", "0700");
    set("port", std::to_string(settings.port));
    set("listen_addresses", settings.accept_tcp ? "127.0.0.1" : "");
    set("ssl", settings.accept_tcp ? "on" : "off");
    set("password_encryption", "scram-sha-256");
    // Nothing acknowledged is ever lost.
    for (const auto* name : {"fsync", "full_page_writes", "synchronous_commit"}) set(name, "on");
    // Recovery begins with a sync of everything: one call instead of one for each of 1,300 files.
    set("recovery_init_sync_method", "syncfs");
    // Small, since many clusters share a machine, but each can be the parent of several branches at once (base backup: two senders).
    set("shared_buffers", fmt::format("{}MB", settings.shared_buffers_mb));
    set("max_connections", std::to_string(settings.max_connections));
    set("huge_pages", "off");
    set("wal_level", "replica");
    set("max_wal_senders", "10");
    set("max_replication_slots", "10");
    // A copy begins to stream the log a moment after its start; checkpoints of other copies must not remove that part meanwhile.
    set("wal_keep_size", "64MB");
    set("min_wal_size", "32MB");
    set("max_wal_size", "256MB");
    set("max_worker_processes", "4");
    set("max_parallel_workers", "2");
    set("max_logical_replication_workers", "0");
    set("jit", "off");
    set("autovacuum", "on");
    set("track_activities", "on");
    set("timezone", "UTC");
    set("log_timezone", "UTC");
    set("lc_messages", "C");  // explain_failure reads English
    set("logging_collector", "off");
    set("log_destination", "stderr");
    set("log_checkpoints", "off");
    set("log_min_messages", "warning");
    set("log_min_error_statement", "panic");  // a failed statement may hold a password
    for (const auto& [name, value] : settings.more) set(name, value);
    return arguments;
}

std::string access_rules() {
    // First match wins. Whoever may alter roles could give these two a password, so it must not help over TCP.
    return fmt::format(
        "local  all          {0},{1}           peer map=argonauth\n"
        "local  replication  {0}               peer map=argonauth\n"
        "host   all          {0},{1}  all      reject\n"
        "host   all          all  127.0.0.1/32  scram-sha-256\n"
        "host   all          all  ::1/128       scram-sha-256\n"
        "local  all          all               reject\n"
        "host   all          all  all           reject\n",
        superuser, auth_role);
}

std::string identity_map(const Account& account) {
    const auto ours = current_account();
    std::string map;
    for (const auto& role : {superuser, auth_role}) {
        map += fmt::format("argonauth \"{}\" {}\n", account.name, role);
        if (ours.name != account.name) map += fmt::format("argonauth \"{}\" {}\n", ours.name, role);
    }
    return map;
}
}  // namespace argon::branches
