// POST /organization/accept-invitation: join. POST /organization/reject-invitation: decline.
// POST /organization/cancel-invitation: withdraw what one's organization offered.
#include "api/deliver.hpp"
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/invitation_mail.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {

struct InvitationBody {
    std::string invitationId;

    static void fields(auto& f, auto& body) { f.required("invitationId", body.invitationId); }
};

struct AnswerReply {
    Invitation invitation;
    std::optional<Member> member;

    static void fields(auto& f, const auto& reply) {
        f.required("invitation", reply.invitation);
        f.required("member", reply.member);
    }
};

/// A pending invitation for this very user. Without a proof of the address its id is the proof: only its mail, and who may make such
/// invitations, know it (access.hpp). A branch can ask for the proof as well.
awaitable<Result<Invitation>> require_own(api::Context& ctx, const std::string& id, const identity::User& user, ErrorSpec absent) {
    auto invitation = co_await find_invitation(ctx.db, id);
    if (!invitation || invitation->status != "pending") co_return refuse(absent);
    if (identity::fold_email(invitation->email) != user.email) co_return refuse(errors::not_the_recipient);
    if (!user.email_verified && !trusts_unverified(ctx)) co_return refuse(errors::unverified_answer);
    co_return std::move(*invitation);
}

/// Who invited may have gone since, or lost the right to: then the invitation is worth nothing.
awaitable<Result<>> check_inviter(api::Context& ctx, pg::Executor& tx, const Invitation& invitation) {
    const auto inviter = co_await find_member(tx, invitation.organization_id, invitation.inviter_id);
    const bool may_still = inviter && may_invite_as(ctx, inviter->member, invitation.role.value_or("member"));
    if (!may_still) co_return refuse(errors::inviter_left);
    co_return Result<>{};
}

awaitable<Result<AnswerReply>> join(api::Context& ctx, const identity::SessionAndUser& current, Invitation invitation) {
    const auto& user = current.user;
    auto tx = co_await ctx.pool->begin();
    const auto locked = co_await lock_organization(tx, invitation.organization_id);
    if (!locked) co_return refuse(errors::not_found);
    const auto accepted = co_await settle_invitation(tx, invitation.id, "accepted", ctx.now);
    if (!accepted) co_return refuse(errors::invitation_not_found);
    const auto allowed = co_await check_inviter(ctx, tx, *accepted);
    if (!allowed) co_return std::unexpected(allowed.error());
    const auto already = co_await find_member(tx, accepted->organization_id, user.id);
    if (already) co_return refuse(errors::already_a_member);
    const auto members = co_await count_members(tx, accepted->organization_id);
    if (members >= ctx.settings().plugins.organization.config.membershipLimit) co_return refuse(errors::too_many_members);
    auto member = co_await insert_member(tx, accepted->organization_id, user.id, accepted->role.value_or("member"), ctx.now);
    co_await identity::set_active_organization(tx, current.session.id, accepted->organization_id, ctx.now);
    const auto organization = co_await find_organization(tx, accepted->organization_id);
    if (!organization) co_return refuse(errors::not_found);
    const auto message = invitation_message(ctx, *accepted, *organization);
    co_await api::announce_invitation_accepted(ctx, tx, message, user);
    co_await tx.commit();
    co_return AnswerReply{*accepted, std::move(member)};
}
}  // namespace

constexpr api::Description accept_invitation_docs = api::describe<InvitationBody, AnswerReply>(
    "acceptOrganizationInvitation", "Join the organization",
    {.needs = api::Needs::session,
     .refusals = {errors::invitation_not_found, errors::not_the_recipient, errors::unverified_answer, errors::inviter_left, errors::already_a_member,
                  errors::too_many_members, errors::not_found}});
awaitable<Result<http::Response>> accept_invitation(api::Context& ctx) {
    const auto body = ctx.body<InvitationBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto invitation = co_await require_own(ctx, body->invitationId, session->current.user, errors::invitation_not_found);
    if (!invitation) co_return std::unexpected(invitation.error());
    if (invitation->expires_at <= ctx.now) co_return refuse(errors::invitation_not_found);
    const auto reply = co_await join(ctx, session->current, *invitation);
    if (!reply) co_return std::unexpected(reply.error());
    co_return http::Response::json(200, *reply);
}

constexpr api::Description reject_invitation_docs = api::describe<InvitationBody, AnswerReply>(
    "rejectOrganizationInvitation", "Decline an invitation",
    {.needs = api::Needs::session, .refusals = {errors::nothing_to_reject, errors::not_the_recipient, errors::unverified_answer}});
awaitable<Result<http::Response>> reject_invitation(api::Context& ctx) {
    const auto body = ctx.body<InvitationBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto invitation = co_await require_own(ctx, body->invitationId, session->current.user, errors::nothing_to_reject);
    if (!invitation) co_return std::unexpected(invitation.error());
    const auto rejected = co_await settle_invitation(ctx.db, invitation->id, "rejected", {});
    if (!rejected) co_return refuse(errors::nothing_to_reject);
    co_return http::Response::json(200, AnswerReply{*rejected, {}});
}

constexpr api::Description cancel_invitation_docs = api::describe<InvitationBody, Invitation>(
    "cancelOrganizationInvitation", "Withdraw an invitation",
    {.needs = api::Needs::session, .refusals = {errors::invitation_not_found, errors::member_not_found, errors::may_not_cancel}});
awaitable<Result<http::Response>> cancel_invitation(api::Context& ctx) {
    const auto body = ctx.body<InvitationBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto invitation = co_await find_invitation(ctx.db, body->invitationId);
    if (!invitation) co_return refuse(errors::invitation_not_found);
    const auto member = co_await find_member(ctx.db, invitation->organization_id, session->current.user.id);
    if (!member) co_return refuse(errors::member_not_found);
    if (!may(member->member, "invitation", "cancel")) co_return refuse(errors::may_not_cancel);
    const auto canceled = co_await settle_invitation(ctx.db, invitation->id, "canceled", {});
    if (!canceled) co_return refuse(errors::invitation_not_found);
    co_return http::Response::json(200, *canceled);
}
}  // namespace argon::auth::organization
