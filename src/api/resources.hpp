// Branches, endpoints, roles, databases and operations as clients of the management API see them. Members that mean something in
// Neon's cloud only have constants, all of them here and in management/projects/project_view.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/services.hpp"
#include "base/secret.hpp"
#include "branches/branch_records.hpp"
#include "branches/database_records.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/operation_records.hpp"
#include "json/writer.hpp"

namespace argon::api {

namespace constants {
inline constexpr const char* platform = "local";
inline constexpr const char* creation_source = "console";
/// Nothing is metered.
inline constexpr int not_metered = 0;
}  // namespace constants

inline std::optional<json::Seconds> to_seconds(const std::optional<TimePoint>& time) {
    if (!time) return {};
    return json::Seconds{*time};
}

struct BranchView {
    static constexpr std::string_view schema_name = "Branch";
    static constexpr std::string_view member_name = "branch";
    branches::Branch branch;

    static void fields(auto& f, const auto& view) {
        const auto& branch = view.branch;
        f.required("id", branch.id);
        f.required("project_id", branch.project_id);
        f.optional("parent_id", branch.parent_id);
        f.optional("parent_timestamp", to_seconds(branch.parent_timestamp));
        f.required("name", branch.name);
        f.required("current_state", branch.state);
        f.required("state_changed_at", json::Seconds{branch.state_changed_at});
        f.required("creation_source", constants::creation_source);
        f.required("primary", branch.is_default);
        f.required("default", branch.is_default);
        f.required("protected", branch.is_protected);
        f.required("cpu_used_sec", constants::not_metered);
        f.required("compute_time_seconds", constants::not_metered);
        f.required("active_time_seconds", constants::not_metered);
        f.required("written_data_bytes", constants::not_metered);
        f.required("data_transfer_bytes", constants::not_metered);
        f.required("created_at", json::Seconds{branch.created_at});
        f.required("updated_at", json::Seconds{branch.updated_at});
        f.optional("init_source", branch.init_source);
        f.optional("ttl_interval_seconds", branch.ttl_seconds);
        f.optional("expires_at", to_seconds(branch.expires_at));
        f.optional("last_reset_at", to_seconds(branch.last_reset_at));
        f.optional("restored_from", branch.restored_from);
        f.optional("restored_as", branch.restored_as);
    }
};

struct EndpointView {
    static constexpr std::string_view schema_name = "Endpoint";
    static constexpr std::string_view member_name = "endpoint";
    branches::Endpoint endpoint;
    std::string host;
    std::string proxy_host;
    bool is_running = false;

    static void fields(auto& f, const auto& view) {
        const auto& endpoint = view.endpoint;
        f.required("host", view.host);
        f.required("id", endpoint.id);
        f.optional("name", endpoint.name);
        f.required("project_id", endpoint.project_id);
        f.required("branch_id", endpoint.branch_id);
        f.required("autoscaling_limit_min_cu", endpoint.min_compute_millis / 1000.0);
        f.required("autoscaling_limit_max_cu", endpoint.max_compute_millis / 1000.0);
        f.required("region_id", endpoint.region_id);
        f.required("type", endpoint.type);
        f.required("current_state", view.is_running ? "active" : "idle");
        f.required("settings", json::Raw{endpoint.settings});
        f.required("pooler_enabled", false);
        f.required("pooler_mode", "transaction");
        f.required("disabled", endpoint.disabled);
        f.required("passwordless_access", false);
        f.required("creation_source", constants::creation_source);
        f.required("created_at", json::Seconds{endpoint.created_at});
        f.required("updated_at", json::Seconds{endpoint.updated_at});
        f.required("proxy_host", view.proxy_host);
        f.required("suspend_timeout_seconds", endpoint.suspend_timeout_seconds);
        f.required("provisioner", endpoint.provisioner);
    }
};

struct RoleView {
    static constexpr std::string_view schema_name = "Role";
    static constexpr std::string_view member_name = "role";
    branches::Role role;
    std::optional<std::string> password;  ///< in the answer that creates or resets it, nowhere else

    static void fields(auto& f, const auto& view) {
        f.required("branch_id", view.role.branch_id);
        f.required("name", view.role.name);
        f.optional("password", view.password);
        f.required("protected", view.role.is_protected);
        f.required("authentication_method", "password");
        f.required("created_at", json::Seconds{view.role.created_at});
        f.required("updated_at", json::Seconds{view.role.updated_at});
    }
};

struct DatabaseView {
    static constexpr std::string_view schema_name = "Database";
    static constexpr std::string_view member_name = "database";
    branches::Database database;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.database.id);
        f.required("branch_id", view.database.branch_id);
        f.required("name", view.database.name);
        f.required("owner_name", view.database.owner_name);
        f.required("created_at", json::Seconds{view.database.created_at});
        f.required("updated_at", json::Seconds{view.database.updated_at});
    }
};

struct OperationView {
    static constexpr std::string_view schema_name = "Operation";
    branches::Operation operation;

    static void fields(auto& f, const auto& view) {
        const auto& operation = view.operation;
        f.required("id", operation.id);
        f.required("project_id", operation.project_id);
        f.optional("branch_id", operation.branch_id);
        f.optional("endpoint_id", operation.endpoint_id);
        f.required("action", operation.action);
        f.required("status", operation.status);
        f.optional("error", operation.error);
        f.required("failures_count", operation.failures_count);
        f.required("created_at", json::Seconds{operation.created_at});
        f.required("updated_at", json::Seconds{operation.updated_at});
        f.required("total_duration_ms", operation.total_duration_ms);
    }
};

struct ConnectionParameters {
    static constexpr std::string_view schema_name = "ConnectionParameters";
    std::string database;
    std::string password;
    std::string role;
    std::string host;
    std::string pooler_host;

    static void fields(auto& f, auto& parameters) {
        f.required("database", parameters.database);
        f.required("password", parameters.password);
        f.required("role", parameters.role);
        f.required("host", parameters.host);
        f.required("pooler_host", parameters.pooler_host);
    }
};

struct ConnectionDetails {
    static constexpr std::string_view schema_name = "ConnectionDetails";
    std::string connection_uri;
    ConnectionParameters connection_parameters;

    static void fields(auto& f, auto& details) {
        f.required("connection_uri", details.connection_uri);
        f.required("connection_parameters", details.connection_parameters);
    }
};

/// The object that was changed, under its own name, and the operations that did it.
template <class View>
struct Changed {
    View view;
    std::vector<OperationView> operations;

    static void fields(auto& f, const auto& reply) {
        f.required(View::member_name, reply.view);
        f.required("operations", reply.operations);
    }
};
using EndpointReply = Changed<EndpointView>;
using BranchReply = Changed<BranchView>;
using RoleReply = Changed<RoleView>;
using DatabaseReply = Changed<DatabaseView>;

/// Hosts carry the endpoint's port: clients put connection strings together from nothing but the host.
EndpointView make_endpoint_view(Services& services, branches::Endpoint endpoint);
ConnectionDetails make_connection_details(const branches::Addresses& addresses, const branches::ConnectionTarget& target);

/// Wraps each record of a list.
template <class View, class Record>
std::vector<View> make_views(std::vector<Record> records) {
    std::vector<View> views;
    views.reserve(records.size());
    for (auto& record : records) views.push_back(View{std::move(record)});
    return views;
}
}  // namespace argon::api
