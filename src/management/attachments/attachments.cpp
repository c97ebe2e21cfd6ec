// Databases that somebody else runs, as branches of a project. Not part of Neon's API:
// POST /projects/{project_id}/branches/attach makes a branch of one and answers as creating a branch does;
// PUT /projects/{project_id}/branches/{branch_id}/attachment changes the way to it: another password, another host.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/resources.hpp"
#include "branches/attach.hpp"
#include "branches/names.hpp"

namespace argon::management::attachments {
namespace {
api::ManagementEndpoint attach, replace;
extern const api::Description attach_docs, replace_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/branches/attach", attach, &attach_docs},
    {http::Method::put, "/projects/{project_id}/branches/{branch_id}/attachment", replace, &replace_docs},
};

struct BranchOptions {
    std::string name;

    static void fields(auto& f, auto& branch) { f.required("name", branch.name, branches::display_name); }
};

struct AttachOptions {
    std::string connection_uri;

    static void fields(auto& f, auto& attach) { f.required("connection_uri", attach.connection_uri); }
};

struct AttachBody {
    BranchOptions branch;
    AttachOptions attach;

    static void fields(auto& f, auto& body) {
        f.required("branch", body.branch);
        f.required("attach", body.attach);
    }
};

struct AttachReply {
    api::BranchView branch;
    std::vector<api::EndpointView> endpoints;
    std::vector<api::OperationView> operations;
    std::vector<api::RoleView> roles;
    std::vector<api::DatabaseView> databases;

    static void fields(auto& f, const auto& reply) {
        f.required("branch", reply.branch);
        f.required("endpoints", reply.endpoints);
        f.required("operations", reply.operations);
        f.required("roles", reply.roles);
        f.required("databases", reply.databases);
    }
};

struct ReplaceReply {
    api::BranchView branch;

    static void fields(auto& f, const auto& reply) { f.required("branch", reply.branch); }
};

constexpr api::Description attach_docs =
    api::describe<AttachBody, AttachReply>("attachProjectBranch", "Make a database of another server a branch", {.status = 201});
constexpr api::Description replace_docs =
    api::describe<AttachOptions, ReplaceReply>("replaceBranchAttachment", "Change the connection string of an attached branch");

awaitable<Result<http::Response>> attach(api::ManagementContext& ctx) {
    auto body = ctx.body<AttachBody>();
    if (!body) co_return std::unexpected(body.error());
    auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    branches::NewAttachment attachment{Secret<>{std::move(body->attach.connection_uri)}, std::move(body->branch.name)};
    auto made = co_await branches::attach_branch(api::make_engine(ctx.services), std::move(*project), std::move(attachment));
    if (!made) co_return std::unexpected(made.error());
    const AttachReply reply{.branch = {std::move(made->branch)},
                            .endpoints = {api::make_endpoint_view(ctx.services, std::move(made->endpoint))},
                            .operations = api::make_views<api::OperationView>(std::move(made->operations)),
                            .roles = {{std::move(made->role), std::nullopt}},
                            .databases = {{std::move(made->database)}}};
    co_return http::Response::json(201, reply);
}

awaitable<Result<http::Response>> replace(api::ManagementContext& ctx) {
    auto body = ctx.body<AttachOptions>();
    if (!body) co_return std::unexpected(body.error());
    auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    Secret<> uri{std::move(body->connection_uri)};
    const auto replaced = co_await branches::replace_attachment(api::make_engine(ctx.services), branch->id, std::move(uri));
    if (!replaced) co_return std::unexpected(replaced.error());
    co_return http::Response::json(200, ReplaceReply{{std::move(*branch)}});
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::attachments
