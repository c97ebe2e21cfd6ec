// The branch's row of neon_auth.project_config, as the endpoints of this folder read and change it. Members that they do not know,
// written with SQL or by a newer version, stay as they are.
#pragma once

#include <string>
#include <string_view>

#include "api/branch_database.hpp"
#include "json/writer.hpp"

namespace argon::management::branch_auth {

struct SettingsRow {
    std::string id;
    std::string name;
    bool allow_localhost = true;
    // null where the column is NULL
    json::Value trusted_origins;
    json::Value social_providers;
    json::Value email_provider;
    json::Value email_and_password;
    json::Value plugin_configs;
    json::Value webhook_config;
    json::Value advanced;
};

awaitable<Result<SettingsRow>> read_settings(api::ManagementContext& ctx);

/// A change of the row, which is locked from begin() to commit(): of two changes at once, the second one works on the result of
/// the first. Dropped without commit() it never was.
class SettingsChange {
public:
    static awaitable<Result<SettingsChange>> begin(api::ManagementContext& ctx);

    SettingsRow row;

    /// Stores what differs in `row`. The next request to the auth service sees it.
    awaitable<> commit();

private:
    SettingsChange(api::ManagementContext& ctx, api::BranchDatabase database, pg::Transaction tx, SettingsRow found);

    api::ManagementContext& ctx_;
    api::BranchDatabase database_;  // outlives the transaction, which runs in its pool
    pg::Transaction tx_;
    SettingsRow stored_;
};

/// A column, or part of one, as T: its defaults when it is null. A tenant can write anything into its row: a value that does not fit is
/// refused with 422 and named.
template <class T>
Result<T> decode_column(std::string_view column, const json::Value& value) {
    T target{};
    if (value.is_null()) return target;
    auto issues = json::decode(&value, "neon_auth.project_config." + std::string{column}, target);
    if (!issues.empty()) return refuse_with({422, "", ""}, std::move(issues));
    return target;
}

/// What T's list of fields writes.
template <class T>
json::Value to_value(const T& object) {
    return *json::parse(json::encode(object));
}

/// Puts the members of `change` into `target`, objects into objects; all others stay. What is no object becomes one.
void merge(json::Value& target, const json::Value& change);
/// As merge, and null removes the member (RFC 7396): its default counts again.
void patch(json::Value& target, const json::Value& change);
}  // namespace argon::management::branch_auth
