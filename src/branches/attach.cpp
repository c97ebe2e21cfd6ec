#include "branches/attach.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/attachment_records.hpp"
#include "branches/names.hpp"
#include "branches/new_ids.hpp"
#include "branches/role_password.hpp"
#include "http/url.hpp"

namespace argon::branches {
namespace {
constexpr int oldest_version = 14;
constexpr int newest_version = 18;  // of the contract

constexpr std::size_t most_hosts = 16;

constexpr ErrorSpec unusable{400, "", ""};
constexpr ErrorSpec unsuitable{422, "", ""};
constexpr ErrorSpec name_taken{409, "", "the project has a branch of this name already"};
constexpr ErrorSpec attached_already{409, "", "this database is attached already: one database cannot be two branches"};
constexpr ErrorSpec not_attached{404, "", "the branch has no attached database"};
constexpr ErrorSpec project_gone{404, "", "project not found"};

// What a string may say. Files of this machine (sslkey, passfile, service) and start-up options are the node's business.
constexpr std::array allowed_keywords{
    "application_name", "channel_binding", "client_encoding", "connect_timeout",      "dbname", "gssencmode", "host", "hostaddr", "password", "port",
    "sslmode",          "sslrootcert",     "sslsni",          "target_session_attrs", "user"};
// Of these, what others need to know to connect as well.
constexpr std::array shown_keywords{"channel_binding", "sslmode", "target_session_attrs"};

std::unexpected<Error> refuse_string(std::string_view reason) {
    return refuse_with(unusable, fmt::format("invalid request: attach.connection_uri: {}", reason));
}

std::string shown_host(const pg::Conninfo& info) {
    std::string text;
    for (const auto& host : info.hosts()) {
        const bool v6 = host.name.contains(':');
        const auto name = host.is_socket() ? http::percent_encode(host.name) : v6 ? "[" + host.name + "]" : host.name;
        text += fmt::format("{}{}:{}", text.empty() ? "" : ",", name, host.port);
    }
    return text;
}

std::string shown_options(pg::Conninfo info) {
    pg::require_verified_tls(info, {});
    std::string text;
    for (const auto* keyword : shown_keywords) {
        if (!info.get(keyword).empty()) text += fmt::format("{}{}={}", text.empty() ? "" : "&", keyword, http::percent_encode(info.get(keyword)));
    }
    return text;
}

/// Looks at the database; what makes it no branch is said with 422.
awaitable<Result<DatabaseFacts>> inspect(const Engine& engine, const pg::Conninfo& info) {
    auto facts = co_await engine.workers.run(engine.home, [&engine, &info] { return engine.compute.probe(info); });
    if (facts.version < oldest_version || facts.version > newest_version) {
        co_return refuse_with(unsuitable, fmt::format("the database runs PostgreSQL {}; versions {} to {} can be attached", facts.version,
                                                      oldest_version, newest_version));
    }
    if (!facts.writable) {
        co_return refuse_with(unsuitable,
                              "the server is read-only, as a standby is: name the primary, or all servers with "
                              "target_session_attrs=read-write");
    }
    co_return facts;
}

/// The rows of the branch, in the caller's transaction. `made.project` is there already.
awaitable<Result<>> insert_attached(const Engine& engine, pg::Executor& tx, CreatedProject& made, const pg::Conninfo& info,
                                    const DatabaseFacts& facts, const std::string& name) {
    const auto project = made.project.id;
    const auto branch = make_branch_id();
    auto inserted = co_await insert_attached_branch(tx, project, branch, name);
    if (!inserted) co_return refuse(name_taken);
    made.branch = std::move(*inserted);
    made.password = Secret<>{info.get("password")};
    std::optional<std::string> sealed;
    const bool keeps_password = made.project.store_passwords && !made.password.empty();
    if (keeps_password) sealed = seal_role_password(engine.master_key, branch, facts.role, made.password);
    made.role = co_await insert_role(tx, branch, facts.role, sealed);
    made.database = co_await insert_database(tx, branch, facts.database, facts.role);
    const NewEndpoint endpoint{make_endpoint_id(), project, branch, -1};
    made.endpoint = co_await insert_attached_endpoint(tx, endpoint);

    const Attachment attachment{branch, seal_conninfo(engine.master_key, branch, Secret<>{info.text()}), shown_host(info), shown_options(info)};
    const bool attached = co_await insert_attachment(tx, attachment, facts.database);
    if (!attached) co_return refuse(attached_already);
    const NewOperation create{project, branch, endpoint.id, "create_timeline"};
    const auto running = co_await insert_running_operation(tx, create);
    made.operations.push_back(co_await finish_operation(tx, running.id, std::chrono::milliseconds{0}));
    co_return Result<>{};
}

void note(const CreatedProject& made) {
    log::info("database attached", {{"project", made.project.id.value}, {"branch", made.branch.id.value}, {"database", made.database.name}});
}
}  // namespace

Result<pg::Conninfo> read_connection_string(const Secret<>& text) {
    auto info = pg::Conninfo::parse(text.reveal());
    if (!info) return refuse_string(info.error());
    for (const auto& keyword : info->keywords()) {
        if (std::ranges::find(allowed_keywords, keyword) == allowed_keywords.end())
            return refuse_string(fmt::format("the setting {} is not supported here", keyword));
    }
    const auto hosts = info->hosts();
    const bool nameless = std::ranges::any_of(hosts, [](const auto& host) { return host.name.empty(); });
    if (hosts.empty() || nameless) return refuse_string("it names no host");
    if (hosts.size() > most_hosts) return refuse_string(fmt::format("it names more than {} hosts", most_hosts));
    if (info->get("user").empty()) return refuse_string("it names no user");
    if (info->get("dbname").empty()) return refuse_string("it names no database");
    for (const auto* ours : {"application_name", "client_encoding"}) info->set(ours, "");
    return std::move(*info);
}

awaitable<Result<CreatedProject>> attach_project(Engine engine, NewProject request, NewAttachment attachment) {
    if (engine.compute.makes_databases()) co_return refuse(errors::attach_not_offered);
    const auto info = read_connection_string(attachment.connection_uri);
    if (!info) co_return std::unexpected(info.error());
    const auto facts = co_await inspect(engine, *info);
    if (!facts) co_return std::unexpected(facts.error());

    CreatedProject made;
    auto draft = make_project(request);
    draft.pg_version = facts->version;
    auto tx = co_await engine.control.begin();
    made.project = co_await insert_project(tx, draft);
    const auto inserted = co_await insert_attached(engine, tx, made, *info, *facts, attachment.branch_name);
    if (!inserted) co_return std::unexpected(inserted.error());
    co_await tx.commit();
    co_await engine.compute.ensure_running(engine.home, made.branch.id);
    note(made);
    co_return made;
}

awaitable<Result<CreatedProject>> attach_branch(Engine engine, Project project, NewAttachment attachment) {
    if (engine.compute.makes_databases()) co_return refuse(errors::attach_not_offered);
    const auto info = read_connection_string(attachment.connection_uri);
    if (!info) co_return std::unexpected(info.error());
    const auto facts = co_await inspect(engine, *info);
    if (!facts) co_return std::unexpected(facts.error());

    CreatedProject made;
    made.project = std::move(project);
    auto tx = co_await engine.control.begin();
    const bool locked = co_await lock_project(tx, made.project.id);
    if (!locked) co_return refuse(project_gone);
    const auto inserted = co_await insert_attached(engine, tx, made, *info, *facts, attachment.branch_name);
    if (!inserted) co_return std::unexpected(inserted.error());
    co_await tx.commit();
    co_await engine.compute.ensure_running(engine.home, made.branch.id);
    note(made);
    co_return made;
}

awaitable<Result<>> replace_attachment(Engine engine, BranchId branch, Secret<> connection_uri) {
    if (engine.compute.makes_databases()) co_return refuse(errors::attach_not_offered);
    const auto info = read_connection_string(connection_uri);
    if (!info) co_return std::unexpected(info.error());
    const auto facts = co_await inspect(engine, *info);
    if (!facts) co_return std::unexpected(facts.error());
    const auto database = co_await find_database(engine.control, branch, facts->database);
    if (!database || database->owner_name != facts->role) {
        co_return refuse_with(unsuitable, fmt::format("attach.connection_uri: the branch is another database, or belongs to another role: {} of {} "
                                                      "cannot take its place",
                                                      facts->database, facts->role));
    }
    const Attachment attachment{branch, seal_conninfo(engine.master_key, branch, Secret<>{info->text()}), shown_host(*info), shown_options(*info)};
    const Secret<> password{info->get("password")};
    const auto sealed = seal_role_password(engine.master_key, branch, facts->role, password);

    auto tx = co_await engine.control.begin();
    const auto outcome = co_await update_attachment(tx, attachment);
    if (outcome == AttachmentUpdate::absent) co_return refuse(not_attached);
    if (outcome == AttachmentUpdate::taken) co_return refuse(attached_already);
    co_await update_stored_password(tx, branch, facts->role, sealed);
    co_await tx.commit();
    log::info("the connection string of a branch was replaced", {{"branch", branch.value}});
    co_return Result<>{};
}
}  // namespace argon::branches
