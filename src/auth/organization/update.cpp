// POST /organization/update: change name, slug, logo or metadata.
// POST /organization/delete: the organization goes, with its members and invitations.
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"
#include "pg/errors.hpp"

namespace argon::auth::organization {
namespace {
constexpr pg::Statement update_organization{
    "organization.update",
    "UPDATE neon_auth.organization AS o SET name = coalesce($2, o.name), slug = coalesce($3, o.slug), "
    "logo = CASE WHEN $4 THEN $5 ELSE o.logo END, metadata = coalesce($6, o.metadata) WHERE o.id = $1 "
    "AND NOT EXISTS (SELECT FROM neon_auth.organization WHERE slug = $3 AND id <> $1) RETURNING " ARGON_ORGANIZATION_COLUMNS};

constexpr pg::Statement delete_organization{
    "organization.delete",
    "WITH left_sessions AS (UPDATE neon_auth.session SET \"activeOrganizationId\" = NULL WHERE \"activeOrganizationId\" = $1::uuid::text) "
    "DELETE FROM neon_auth.organization AS o WHERE o.id = $1 RETURNING " ARGON_ORGANIZATION_COLUMNS};

struct Changes {
    std::optional<std::string> name;
    std::optional<std::string> slug;
    json::Patch<std::string> logo;
    std::optional<json::Record> metadata;

    static void fields(auto& f, auto& changes) {
        f.optional("name", changes.name, json::min_length{1}, json::max_length{1024});
        f.optional("slug", changes.slug, json::min_length{1}, json::max_length{255});
        f.optional("logo", changes.logo, json::max_length{8192});
        f.optional("metadata", changes.metadata);
    }
};

struct UpdateBody {
    Changes data;
    std::optional<std::string> organizationId;

    static void fields(auto& f, auto& body) {
        f.required("data", body.data);
        f.optional("organizationId", body.organizationId);
    }
};

struct DeleteBody {
    std::string organizationId;

    static void fields(auto& f, auto& body) { f.required("organizationId", body.organizationId); }
};

/// Refused by the unique index when somebody takes the slug at this very moment.
awaitable<Result<Organization>> store(pg::Executor& db, OrganizationId id, const Changes& changes) {
    std::optional<std::string> metadata;
    if (changes.metadata) metadata = json::to_text(changes.metadata->members);
    pg::Rows rows;
    try {
        rows = co_await db.query(update_organization, id, changes.name, changes.slug, changes.logo.present, changes.logo.value, metadata);
    } catch (const pg::QueryError& error) {
        if (error.state != "23505") throw;
        co_return refuse(errors::slug_taken);
    }
    auto organization = rows.maybe<Organization>();
    if (!organization) co_return refuse(errors::slug_taken);
    co_return std::move(*organization);
}
}  // namespace

constexpr api::Description update_docs = api::describe<UpdateBody, EditedOrganization>(
    "updateOrganization", "Change an organization",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized_to_update, errors::not_found, errors::not_a_member_400, errors::may_not_update, errors::slug_taken}});
awaitable<Result<http::Response>> update(api::Context& ctx) {
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized_to_update);
    const auto id = organization_of(session->current.session, body->organizationId);
    if (id.empty()) co_return refuse(errors::not_found);
    const auto member = co_await find_member(ctx.db, id, session->current.user.id);
    if (!member) co_return refuse(errors::not_a_member_400);
    if (!may(member->member, "organization", "update")) co_return refuse(errors::may_not_update);
    auto organization = co_await store(ctx.db, id, body->data);
    if (!organization) co_return std::unexpected(organization.error());
    co_return http::Response::json(200, EditedOrganization{std::move(*organization)});
}

constexpr api::Description remove_docs = api::describe<DeleteBody, Organization>(
    "deleteOrganization", "Remove an organization with its members and invitations",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized_to_delete, errors::not_found, errors::not_a_member_400, errors::may_not_delete}});
awaitable<Result<http::Response>> remove(api::Context& ctx) {
    const auto body = ctx.body<DeleteBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized_to_delete);
    if (body->organizationId.empty()) co_return refuse(errors::not_found);
    const OrganizationId id{body->organizationId};
    const auto member = co_await find_member(ctx.db, id, session->current.user.id);
    if (!member) co_return refuse(errors::not_a_member_400);
    if (!may(member->member, "organization", "delete")) co_return refuse(errors::may_not_delete);
    const auto rows = co_await ctx.db.query(delete_organization, id);
    const auto organization = rows.maybe<Organization>();
    if (!organization) co_return refuse(errors::not_found);
    co_return http::Response::json(200, *organization);
}
}  // namespace argon::auth::organization
