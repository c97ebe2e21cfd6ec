// GET /organization/get-invitation: what one is invited to. GET /organization/list-invitations: those of an organization.
// GET /organization/list-user-invitations: those to one's own address.
#include "api/table_query.hpp"
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {
constexpr pg::Statement select_own{"organization.list_user_invitations",
                                   "SELECT " ARGON_INVITATION_COLUMNS
                                   ", o.name FROM neon_auth.invitation i JOIN neon_auth.organization o ON o.id = i.\"organizationId\" "
                                   "WHERE i.email = $1 AND i.status = 'pending' AND i.\"expiresAt\" > $2 ORDER BY i.\"createdAt\", i.id LIMIT 1000"};

constexpr api::QueryParameter list_parameters[] = {{"organizationId", "string", "the active organization unless given"}};

struct InvitationQuery {
    std::string id;

    static void fields(auto& f, auto& query) { f.required("id", query.id); }
};

struct InvitationReply {
    Invitation invitation;
    std::string organization_name;
    std::string organization_slug;
    std::string inviter_email;

    static void fields(auto& f, const auto& reply) {
        Invitation::fields(f, reply.invitation);
        f.required("organizationName", reply.organization_name);
        f.required("organizationSlug", reply.organization_slug);
        f.required("inviterEmail", reply.inviter_email);
    }
};

struct OwnInvitation {
    Invitation invitation;
    std::string organization_name;

    static void fields(auto& f, const auto& own) {
        Invitation::fields(f, own.invitation);
        f.required("organizationName", own.organization_name);
    }
    static void columns(auto& column, auto& own) {
        Invitation::columns(column, own.invitation);
        column(own.organization_name);
    }
};
}  // namespace

constexpr api::Description get_invitation_docs = api::describe<void, InvitationReply, InvitationQuery>(
    "getOrganizationInvitation", "What one is invited to",
    {.needs = api::Needs::session,
     .refusals = {errors::not_authenticated, errors::no_such_invitation, errors::not_the_recipient, errors::unverified_look, errors::inviter_left,
                  errors::not_found}});
awaitable<Result<http::Response>> get_invitation(api::Context& ctx) {
    const auto query = ctx.parameters<InvitationQuery>();
    if (!query) co_return std::unexpected(query.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::not_authenticated);
    const auto& user = session->current.user;
    const auto invitation = co_await find_invitation(ctx.db, query->id);
    if (!invitation || invitation->status != "pending" || invitation->expires_at <= ctx.now) co_return refuse(errors::no_such_invitation);
    if (identity::fold_email(invitation->email) != user.email) co_return refuse(errors::not_the_recipient);
    if (!user.email_verified && !trusts_unverified(ctx)) co_return refuse(errors::unverified_look);
    const auto organization = co_await find_organization(ctx.db, invitation->organization_id);
    if (!organization) co_return refuse(errors::not_found);
    const auto inviter = co_await find_member(ctx.db, invitation->organization_id, invitation->inviter_id);
    if (!inviter) co_return refuse(errors::inviter_left);
    co_return http::Response::json(200, InvitationReply{*invitation, organization->name, organization->slug, inviter->user.email});
}

constexpr api::Description list_invitations_docs =
    api::describe<void, std::vector<Invitation>>("listOrganizationInvitations", "The invitations of an organization that the caller could have made",
                                                 {.query = list_parameters,
                                                  .needs = api::Needs::session,
                                                  .refusals = {api::errors::validation, errors::id_required, errors::you_are_no_member_uncoded}});
awaitable<Result<http::Response>> list_invitations(api::Context& ctx) {
    const auto named = api::query_text(ctx, "organizationId");
    if (!named) co_return std::unexpected(named.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto id = organization_of(session->current.session, *named);
    if (id.empty()) co_return refuse(errors::id_required);
    const auto member = co_await find_member(ctx.db, id, session->current.user.id);
    if (!member) co_return refuse(errors::you_are_no_member_uncoded);
    auto invitations = co_await list_invitations_of(ctx.db, id);
    co_return http::Response::json(200, visible_to(ctx, member->member, std::move(invitations)));
}

constexpr api::Description list_user_invitations_docs = api::describe<void, std::vector<OwnInvitation>>(
    "listUserInvitations", "The pending invitations to one's own proven address",
    {.needs = api::Needs::session, .refusals = {errors::no_email_here, errors::nobody_to_list_for, errors::unverified_look}});
awaitable<Result<http::Response>> list_user_invitations(api::Context& ctx) {
    const auto* email = http::find(ctx.query, "email");
    if (email && !email->empty()) co_return refuse(errors::no_email_here);
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::nobody_to_list_for);
    const auto& user = session->current.user;
    // Anybody can sign up with anybody's address: what is offered to it is told to its owner alone.
    if (!user.email_verified) co_return refuse(errors::unverified_look);
    const auto rows = co_await ctx.db.query(select_own, user.email, ctx.now);
    co_return http::Response::json(200, rows.all<OwnInvitation>());
}
}  // namespace argon::auth::organization
