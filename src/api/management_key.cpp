#include "api/management_key.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "api/management_lookup.hpp"
#include "base/log.hpp"
#include "branches/account_records.hpp"

namespace argon::api {
namespace {
constexpr ErrorSpec no_valid_key{401, "", "the request has no valid API key"};
constexpr ErrorSpec key_reads_only{403, "", "the API key is for reading only"};
constexpr ErrorSpec key_of_project{403, "", "the API key is limited to one project and may not do this"};
constexpr std::size_t longest_key = 256;
constexpr std::chrono::minutes use_interval{1};

std::optional<std::string> bearer_key(const http::Request& request) {
    constexpr std::string_view scheme = "Bearer ";
    if (request.fields.count("Authorization") != 1) return {};
    const auto value = request.fields.get("Authorization");
    if (value.size() <= scheme.size() || !http::equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return {};
    const auto key = value.substr(scheme.size());
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    if (key.size() > longest_key || !std::ranges::all_of(key, allowed)) return {};
    return std::string{key};
}

/// Runs behind the request's back: nobody waits for it, and its failure costs nothing but the note.
awaitable<> note_use(pg::Pool& control, std::int64_t key, std::string address) {
    try {
        co_await branches::record_api_key_use(control, key, address);
    } catch (const std::exception& error) {
        log::warn("the use of an API key was not recorded", {{"key_id", key}, {"reason", error.what()}});
    }
}

/// With a role's password one writes.
bool reveals_password(std::string_view path) { return path.ends_with("/reveal_password") || path.ends_with("/connection_uri"); }
}  // namespace

awaitable<Result<Caller>> authenticate(const http::Request& request, Services& services, TimePoint now) {
    const auto text = bearer_key(request);
    if (!text) co_return refuse(no_valid_key);
    auto& control = services.control();
    const auto key = co_await branches::find_api_key(control, branches::hash_api_key(*text));
    if (!key) co_return refuse(no_valid_key);
    if (!key->last_used_at || now - *key->last_used_at >= use_interval) {
        asio::co_spawn(services.io(), note_use(control, key->id, request.peer), asio::detached);
    }
    co_return Caller{key->id, key->created_by, key->project_id, key->read_only};
}

Result<> check_project_limit(const Caller& caller, const ProjectId& project) {
    // Somebody else's project is as absent as one that never was.
    if (caller.project_id && *caller.project_id != project) return refuse(errors::project_not_found);
    return {};
}

Result<> check_limits(const Caller& caller, http::Method method, const ManagementRoute& route, const PathParameters& parameters) {
    const auto path = route.path;
    if (caller.read_only && (method != http::Method::get || reveals_password(path))) return refuse(key_reads_only);
    if (!caller.project_id || route.access == Access::project_in_body) return {};
    const auto project = parameters.find("project_id");
    if (project != parameters.end()) {
        if (auto checked = check_project_limit(caller, ProjectId{project->second}); !checked) return checked;
        if (method == http::Method::delete_ && path == "/projects/{project_id}") return refuse(key_of_project);
        return {};
    }
    const bool harmless = method == http::Method::get && !path.starts_with("/api_keys") && !path.starts_with("/organizations");
    if (!harmless) return refuse(key_of_project);
    return {};
}
}  // namespace argon::api
