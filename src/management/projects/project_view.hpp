// Projects as clients of the management API see them. What only a cloud counts or limits has constants; the rest of them are in
// api/resources.hpp.
#pragma once

#include "api/resources.hpp"
#include "branches/account_records.hpp"
#include "branches/project_records.hpp"

namespace argon::management::projects {

namespace constants = api::constants;

/// No limit on the size of a branch but the disk's.
inline constexpr int unlimited_size = 0;
/// -1 reads as "no limit" in the CLI and the SDKs.
inline constexpr int unlimited_count = -1;

/// The stored settings, with an allow list whether or not there is one: the Terraform provider ends where `settings` has none.
std::string shown_settings(const std::string& stored);

/// What a project shows wherever it occurs.
void common_fields(auto& f, const branches::Project& project) {
    f.required("id", project.id);
    f.required("platform_id", constants::platform);
    f.required("region_id", project.region_id);
    f.required("name", project.name);
    f.required("provisioner", project.provisioner);
    f.required("default_endpoint_settings", json::Raw{project.default_endpoint_settings});
    f.required("settings", json::Raw{shown_settings(project.settings)});
    f.required("pg_version", project.pg_version);
    f.required("proxy_host", "localhost");
    f.required("branch_logical_size_limit", unlimited_size);
    f.required("branch_logical_size_limit_bytes", unlimited_size);
    f.required("store_passwords", project.store_passwords);
    f.required("cpu_used_sec", constants::not_metered);
    f.required("creation_source", constants::creation_source);
    f.required("history_retention_seconds", project.history_retention_seconds);
    f.required("created_at", json::Seconds{project.created_at});
    f.required("updated_at", json::Seconds{project.updated_at});
    f.required("synthetic_storage_size", constants::not_metered);
    f.required("owner_id", project.owner_id);
}

struct ProjectListItem {
    static constexpr std::string_view schema_name = "ProjectListItem";
    branches::Project project;

    static void fields(auto& f, const auto& item) {
        common_fields(f, item.project);
        f.required("active_time", constants::not_metered);
    }
};

struct OwnerView {
    branches::Owner owner;

    static void fields(auto& f, const auto& view) {
        f.required("email", view.owner.email);
        f.required("name", view.owner.name);
        f.required("branches_limit", unlimited_count);
        f.required("subscription_type", "UNKNOWN");
    }
};

struct ProjectView {
    static constexpr std::string_view schema_name = "Project";
    branches::Project project;
    OwnerView owner;
    TimePoint period_start;  ///< of the current month, for tools that show consumption by month
    TimePoint period_end;

    static void fields(auto& f, const auto& view) {
        common_fields(f, view.project);
        f.required("data_storage_bytes_hour", constants::not_metered);
        f.required("data_transfer_bytes", constants::not_metered);
        f.required("written_data_bytes", constants::not_metered);
        f.required("compute_time_seconds", constants::not_metered);
        f.required("active_time_seconds", constants::not_metered);
        f.required("consumption_period_start", json::Seconds{view.period_start});
        f.required("consumption_period_end", json::Seconds{view.period_end});
        f.required("owner", view.owner);
    }
};

struct ProjectReply {
    ProjectView project;

    static void fields(auto& f, const auto& reply) { f.required("project", reply.project); }
};

ProjectView make_project_view(branches::Project project, branches::Owner owner, TimePoint now);
}  // namespace argon::management::projects
