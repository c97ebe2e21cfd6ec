#include "app/attach_command.hpp"

#include <cstdio>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "api/management_lookup.hpp"
#include "app/attached_control.hpp"
#include "app/blocking.hpp"
#include "branches/attach.hpp"
#include "branches/data_directory.hpp"
#include "json/writer.hpp"
#include "management/api_key_command.hpp"

namespace argon::app {
namespace {
constexpr std::size_t longest_string = 16 * 1024;

struct AttachedObject {
    const branches::CreatedProject& made;

    static void fields(auto& f, const auto& object) {
        f.required("project_id", object.made.project.id);
        f.required("branch_id", object.made.branch.id);
        f.required("endpoint_id", object.made.endpoint.id);
        f.required("database", object.made.database.name);
        f.required("role", object.made.role.name);
    }
};

Secret<> read_connection_string(const AttachOptions& options) {
    std::string text;
    if (!options.uri_file.empty())
        text = branches::read_file_tail(options.uri_file, longest_string);
    else
        std::getline(std::cin, text);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
    return Secret<>{std::move(text)};
}

/// By id or by name, for the operator's account.
std::optional<ProjectId> find_project(pg::Session& control, const std::string& owner, const std::string& text) {
    return control
        .query("SELECT id FROM argonauth.project WHERE owner_id = $1 AND (id = $2 OR name = $2) ORDER BY id = $2 DESC, created_at LIMIT 1", owner,
               text)
        .maybe<ProjectId>();
}

awaitable<Result<branches::CreatedProject>> attach(api::Services& services, std::string owner, std::optional<ProjectId> id, std::string project_name,
                                                   branches::NewAttachment attachment) {
    const auto engine = api::make_engine(services);
    if (!id) {
        branches::NewProject request{.owner_id = std::move(owner), .name = std::move(project_name)};
        co_return co_await branches::attach_project(engine, std::move(request), std::move(attachment));
    }
    auto project = co_await branches::find_project(services.control(), owner, *id);
    if (!project) co_return refuse(api::errors::project_not_found);
    co_return co_await branches::attach_branch(engine, std::move(*project), std::move(attachment));
}

void show(const branches::CreatedProject& made, bool json) {
    if (json) {
        fmt::print("{}\n", json::encode(AttachedObject{made}));
        return;
    }
    fmt::print("project  {}\nbranch   {}\nendpoint {}\n", made.project.id.value, made.branch.id.value, made.endpoint.id.value);
    fmt::print(stderr, "Database {} is attached. Enable auth on it with POST /api/v2/projects/{}/branches/{}/auth.\n", made.database.name,
               made.project.id.value, made.branch.id.value);
}

int fail(std::string_view reason) {
    fmt::print(stderr, "argonauth: {}\n", reason);
    return 1;
}
}  // namespace

int attach_branch(const AttachOptions& options, std::vector<std::string> problems) {
    auto secrets = take_control_secrets(options.database_ca, problems);
    if (!problems.empty()) {
        for (const auto& problem : problems) fmt::print(stderr, "argonauth: {}\n", problem);
        return 2;
    }
    try {
        AttachedControl control{std::move(*secrets.database), *secrets.master_key, options.database_ca, 1, {}};
        auto session = connect_control(*control.locator);
        const auto owner = management::ensure_owner(session);
        const auto project = find_project(session, owner, options.project);
        const branches::NewAttachment attachment{read_connection_string(options), options.name};
        control.threads.start();
        const auto made = run_on(control.threads, 0, [&] { return attach(control.services, owner, project, options.project, attachment); });
        control.threads.stop();
        control.threads.join();
        if (!made) return fail(made.error().message());
        show(*made, options.json);
        return 0;
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}
}  // namespace argon::app
