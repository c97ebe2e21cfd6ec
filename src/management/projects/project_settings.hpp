// Settings of a project, taken and given back as the contract has them. Of all of them `suspend_timeout_seconds` has an effect; the others
// steer what a cloud has and this program has not, and are kept so that tools which write them find them again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/decoder.hpp"
#include "json/writer.hpp"

namespace argon::management::projects {

/// An object whose members are all text.
struct TextMembersCheck {
    std::optional<std::string> operator()(const json::Object& object) const;
    void describe(json::Object& schema) const { schema["additionalProperties"] = json::Object{{"type", "string"}}; }
};
inline constexpr TextMembersCheck text_members;

struct ComputeUnitsCheck {
    std::optional<std::string> operator()(double units) const;
    void describe(json::Object& schema) const { schema["minimum"] = 0.25; }
};
inline constexpr ComputeUnitsCheck compute_units;

inline constexpr json::range not_negative{0, 9007199254740991};
inline constexpr json::range suspend_range{-1, 604800};
inline constexpr json::range retention_range{0, 2592000};

struct Quota {
    std::optional<std::int64_t> active_time_seconds;
    std::optional<std::int64_t> compute_time_seconds;
    std::optional<std::int64_t> written_data_bytes;
    std::optional<std::int64_t> data_transfer_bytes;
    std::optional<std::int64_t> logical_size_bytes;

    static void fields(auto& f, auto& quota) {
        f.optional("active_time_seconds", quota.active_time_seconds, not_negative);
        f.optional("compute_time_seconds", quota.compute_time_seconds, not_negative);
        f.optional("written_data_bytes", quota.written_data_bytes, not_negative);
        f.optional("data_transfer_bytes", quota.data_transfer_bytes, not_negative);
        f.optional("logical_size_bytes", quota.logical_size_bytes, not_negative);
    }
};

struct AllowedIps {
    std::optional<std::vector<std::string>> ips;
    std::optional<bool> protected_branches_only;

    static void fields(auto& f, auto& allowed) {
        f.optional("ips", allowed.ips);
        f.optional("protected_branches_only", allowed.protected_branches_only);
    }
};

struct MaintenanceWindow {
    std::vector<std::int64_t> weekdays;
    std::string start_time;
    std::string end_time;

    static void fields(auto& f, auto& window) {
        f.required("weekdays", window.weekdays);
        f.required("start_time", window.start_time);
        f.required("end_time", window.end_time);
    }
};

struct PreloadLibraries {
    std::optional<bool> use_defaults;
    std::optional<std::vector<std::string>> enabled_libraries;

    static void fields(auto& f, auto& libraries) {
        f.optional("use_defaults", libraries.use_defaults);
        f.optional("enabled_libraries", libraries.enabled_libraries);
    }
};

struct Settings {
    std::optional<Quota> quota;
    std::optional<AllowedIps> allowed_ips;
    std::optional<bool> enable_logical_replication;
    std::optional<MaintenanceWindow> maintenance_window;
    std::optional<bool> block_public_connections;
    std::optional<bool> block_vpc_connections;
    std::optional<std::string> audit_log_level;
    std::optional<bool> hipaa;
    std::optional<PreloadLibraries> preload_libraries;

    static void fields(auto& f, auto& settings) {
        f.optional("quota", settings.quota);
        f.optional("allowed_ips", settings.allowed_ips);
        f.optional("enable_logical_replication", settings.enable_logical_replication);
        f.optional("maintenance_window", settings.maintenance_window);
        f.optional("block_public_connections", settings.block_public_connections);
        f.optional("block_vpc_connections", settings.block_vpc_connections);
        f.optional("audit_log_level", settings.audit_log_level, json::one_of{{"base", "extended", "full"}});
        f.optional("hipaa", settings.hipaa);
        f.optional("preload_libraries", settings.preload_libraries);
    }
};

struct DefaultEndpointSettings {
    std::optional<json::Object> pg_settings;
    std::optional<json::Object> pgbouncer_settings;
    std::optional<double> autoscaling_limit_min_cu;
    std::optional<double> autoscaling_limit_max_cu;
    std::optional<int> suspend_timeout_seconds;

    static void fields(auto& f, auto& settings) {
        f.optional("pg_settings", settings.pg_settings, text_members);
        f.optional("pgbouncer_settings", settings.pgbouncer_settings, text_members);
        f.optional("autoscaling_limit_min_cu", settings.autoscaling_limit_min_cu, compute_units);
        f.optional("autoscaling_limit_max_cu", settings.autoscaling_limit_max_cu, compute_units);
        f.optional("suspend_timeout_seconds", settings.suspend_timeout_seconds, suspend_range);
    }
};
}  // namespace argon::management::projects
