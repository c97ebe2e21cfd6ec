// GET /organization/list-members: filter, sort, page through the members of an organization.
// GET /organization/get-active-member, /organization/get-active-member-role: the caller in the active organization, or somebody's role.
#include <fmt/format.h>

#include "api/table_query.hpp"
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {
using api::ColumnType;

constexpr api::Column columns[] = {
    {"id", "m.id", ColumnType::id},       {"organizationId", R"(m."organizationId")", ColumnType::id}, {"userId", R"(m."userId")", ColumnType::id},
    {"role", "m.role", ColumnType::text}, {"createdAt", R"(m."createdAt")", ColumnType::time},
};

constexpr api::QueryParameter list_parameters[] = {
    {"organizationId", "string", "the active organization unless given"},
    {"organizationSlug", "string", "in place of the id"},
    {"limit", "integer", "the membership limit unless given"},
    {"offset", "integer", "how many to pass over"},
    {"sortBy", "string", "a column; by age unless given"},
    {"sortDirection", "string", "`asc` or `desc`"},
    {"filterField", "string", "a column"},
    {"filterValue", "string", "what to compare it with"},
    {"filterOperator", "string", "`eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `in`, `not_in`, `contains`, `starts_with` or `ends_with`"},
};
constexpr api::QueryParameter role_parameters[] = {
    {"userId", "string", "another member"},
    {"organizationId", "string", "the active organization unless given"},
    {"organizationSlug", "string", "in place of the id"},
};
constexpr api::Refusals member_refusals{errors::not_found, errors::none_active, errors::you_are_no_member};

struct MembersReply {
    std::vector<FullMember> members;
    std::int64_t total;

    static void fields(auto& f, const auto& reply) {
        f.required("members", reply.members);
        f.required("total", reply.total);
    }
};

struct RoleReply {
    std::string role;

    static void fields(auto& f, const auto& reply) { f.required("role", reply.role); }
};

/// The caller as a member of the organization that the query names by slug or id, or of the active one.
awaitable<Result<FullMember>> require_member(api::Context& ctx, const identity::SessionAndUser& current) {
    const auto slug = api::query_text(ctx, "organizationSlug");
    if (!slug) co_return std::unexpected(slug.error());
    const auto named = api::query_text(ctx, "organizationId");
    if (!named) co_return std::unexpected(named.error());
    auto id = organization_of(current.session, *named);
    if (*slug && !(*slug)->empty()) {
        const auto organization = co_await find_organization_by_slug(ctx.db, **slug);
        if (!organization) co_return refuse(errors::not_found);
        id = organization->id;
    }
    if (id.empty()) co_return refuse(errors::none_active);
    auto member = co_await find_member(ctx.db, id, current.user.id);
    if (!member) co_return refuse(errors::you_are_no_member);
    co_return std::move(*member);
}

Result<api::TableQuery> read_query(const api::Context& ctx) {
    api::TableQuery query{columns};
    if (auto done = query.sort(ctx, "createdAt", "m.id"); !done) return std::unexpected(done.error());
    if (auto done = query.filter(ctx, {}); !done) return std::unexpected(done.error());
    return query;
}
}  // namespace

constexpr api::Description list_members_docs = api::describe<void, MembersReply>(
    "listOrganizationMembers", "Filter, sort and page through the members",
    {.query = list_parameters, .needs = api::Needs::session, .refusals = {api::errors::validation, member_refusals}});
awaitable<Result<http::Response>> list_members(api::Context& ctx) {
    auto query = read_query(ctx);
    if (!query) co_return std::unexpected(query.error());
    const auto page = query->page(ctx);
    if (!page) co_return std::unexpected(page.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto member = co_await require_member(ctx, session->current);
    if (!member) co_return std::unexpected(member.error());

    query->where("m.\"organizationId\" = " + query->parameter(member->member.organization_id) + "::uuid");
    const auto default_limit = std::min(ctx.settings().plugins.organization.config.membershipLimit, api::largest_page);
    auto bounds = query->params();
    bounds.add(page->limit.value_or(default_limit));
    bounds.add(page->offset.value_or(0));
    const auto count = query->params().size();
    const pg::ComposedStatement select{"organization.list_members", fmt::format(ARGON_FULL_MEMBER "{}{} LIMIT ${}::bigint OFFSET ${}::bigint",
                                                                                query->conditions(), query->order(), count + 1, count + 2)};
    const auto rows = co_await ctx.db.query_composed(select, std::move(bounds));
    const pg::ComposedStatement total{"organization.count_listed", "SELECT count(*) FROM neon_auth.member m" + query->conditions()};
    const auto counted = co_await ctx.db.query_composed(total, query->params());
    co_return http::Response::json(200, MembersReply{rows.all<FullMember>(), counted.one<std::int64_t>()});
}

constexpr api::Description get_active_member_docs =
    api::describe<void, FullMember>("getActiveMember", "The caller as a member of the active organization",
                                    {.needs = api::Needs::session, .refusals = {errors::none_active, errors::member_not_found}});
awaitable<Result<http::Response>> get_active_member(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto id = organization_of(session->current.session, {});
    if (id.empty()) co_return refuse(errors::none_active);
    const auto member = co_await find_member(ctx.db, id, session->current.user.id);
    if (!member) co_return refuse(errors::member_not_found);
    co_return http::Response::json(200, *member);
}

constexpr api::Description get_active_member_role_docs =
    api::describe<void, RoleReply>("getActiveMemberRole", "The role of the caller or of another member",
                                   {.query = role_parameters, .needs = api::Needs::session, .refusals = {api::errors::validation, member_refusals}});
awaitable<Result<http::Response>> get_active_member_role(api::Context& ctx) {
    const auto user = api::query_text(ctx, "userId");
    if (!user) co_return std::unexpected(user.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto member = co_await require_member(ctx, session->current);
    if (!member) co_return std::unexpected(member.error());
    if (!*user || (*user)->empty()) co_return http::Response::json(200, RoleReply{member->member.role});
    const auto other = co_await find_member(ctx.db, member->member.organization_id, UserId{**user});
    if (!other) co_return refuse(errors::you_are_no_member);
    co_return http::Response::json(200, RoleReply{other->member.role});
}
}  // namespace argon::auth::organization
