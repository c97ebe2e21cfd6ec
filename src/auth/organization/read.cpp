// GET /organization/list: the organizations of the user.
// GET /organization/get-full-organization: one of them with members and invitations; null when none is named nor active.
#include <charconv>

#include "api/table_query.hpp"
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {
constexpr pg::Statement select_own{"organization.list",
                                   "SELECT " ARGON_ORGANIZATION_COLUMNS
                                   " FROM neon_auth.organization o JOIN neon_auth.member m ON m.\"organizationId\" = o.id WHERE m.\"userId\" = $1 "
                                   "ORDER BY m.\"createdAt\", m.id LIMIT 1000"};
constexpr pg::Statement select_members{"organization.members",
                                       ARGON_FULL_MEMBER "WHERE m.\"organizationId\" = $1 ORDER BY m.\"createdAt\", m.id LIMIT $2"};

constexpr api::QueryParameter full_parameters[] = {
    {"organizationId", "string", "the active organization unless given"},
    {"organizationSlug", "string", "in place of the id"},
    {"membersLimit", "integer", "the membership limit unless given"},
};

struct FullOrganization {
    Organization organization;
    std::vector<Invitation> invitations;
    std::vector<FullMember> members;

    static void fields(auto& f, const auto& full) {
        Organization::fields(f, full.organization);
        f.required("invitations", full.invitations);
        f.required("members", full.members);
    }
};

std::int64_t members_limit(const api::Context& ctx) {
    const auto* text = http::find(ctx.query, "membersLimit");
    std::int64_t limit = 0;
    if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
    if (limit <= 0) limit = std::max<std::int64_t>(ctx.settings().plugins.organization.config.membershipLimit, 100);
    return std::min(limit, api::largest_page);
}
}  // namespace

constexpr api::Description list_docs =
    api::describe<void, std::vector<Organization>>("listOrganizations", "The organizations of the user", {.needs = api::Needs::session});
awaitable<Result<http::Response>> list(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto rows = co_await ctx.db.query(select_own, session->current.user.id);
    auto response = http::Response::json(200, rows.all<Organization>());
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}

constexpr api::Description get_full_docs = api::describe<void, std::optional<FullOrganization>>(
    "getOrganization", "An organization with members and invitations; null when none is named nor active",
    {.query = full_parameters, .needs = api::Needs::session, .refusals = {api::errors::validation, errors::not_found, errors::not_a_member_403}});
awaitable<Result<http::Response>> get_full(api::Context& ctx) {
    const auto slug = api::query_text(ctx, "organizationSlug");
    if (!slug) co_return std::unexpected(slug.error());
    const auto named = api::query_text(ctx, "organizationId");
    if (!named) co_return std::unexpected(named.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto& current = session->current;
    const bool by_slug = *slug && !(*slug)->empty();
    const auto id = organization_of(current.session, *named);
    if (!by_slug && id.empty()) co_return http::Response::json(200, nullptr);

    std::optional<Organization> organization;
    if (by_slug) {
        organization = co_await find_organization_by_slug(ctx.db, **slug);
    } else {
        organization = co_await find_organization(ctx.db, id);
    }
    if (!organization) co_return refuse(errors::not_found);
    const auto member = co_await find_member(ctx.db, organization->id, current.user.id);
    if (!member) {
        // As Better Auth has it: whoever looks where they do not belong has nothing active.
        co_await identity::set_active_organization(ctx.db, current.session.id, {}, ctx.now);
        co_return refuse(errors::not_a_member_403);
    }
    auto invitations = co_await list_invitations_of(ctx.db, organization->id);
    const auto members = co_await ctx.db.query(select_members, organization->id, members_limit(ctx));
    const FullOrganization full{std::move(*organization), visible_to(ctx, member->member, std::move(invitations)), members.all<FullMember>()};
    co_return http::Response::json(200, full);
}
}  // namespace argon::auth::organization
