// POST /organization/invite-member: invite an address to the organization, for 48 hours; by mail where the branch sends such mails, and
// in any case by the event organization.invitation.created.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/brakes.hpp"
#include "api/deliver.hpp"
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/invitation_mail.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {
constexpr pg::Statement find_pending{"organization.find_pending_invitation",
                                     "SELECT " ARGON_INVITATION_COLUMNS
                                     " FROM neon_auth.invitation i WHERE i.email = $1 AND i.\"organizationId\" = $2 AND i.status = 'pending' "
                                     "AND i.\"expiresAt\" > $3 ORDER BY i.\"createdAt\" LIMIT 1"};
constexpr pg::Statement count_pending{"organization.count_pending_invitations", R"sql(
    SELECT count(*) FROM neon_auth.invitation WHERE "organizationId" = $1 AND status = 'pending' AND "expiresAt" > $2)sql"};
constexpr pg::Statement extend{
    "organization.extend_invitation",
    "UPDATE neon_auth.invitation AS i SET \"expiresAt\" = $2 WHERE i.id = $1 AND i.status = 'pending' RETURNING " ARGON_INVITATION_COLUMNS};
constexpr pg::Statement insert{"organization.insert_invitation",
                               "INSERT INTO neon_auth.invitation AS i (\"organizationId\", email, role, status, \"expiresAt\", \"createdAt\", "
                               "\"inviterId\") VALUES ($1, $2, $3, 'pending', $4, $5, $6) RETURNING " ARGON_INVITATION_COLUMNS};

struct InviteBody {
    std::string email;
    json::OneOrMore role;
    std::optional<std::string> organizationId;
    bool resend = false;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.required("role", body.role);
        f.optional("organizationId", body.organizationId);
        f.optional("resend", body.resend);
    }
};

struct Wish {
    OrganizationId organization;
    std::string email;
    std::string role;
    bool resend;
};

Result<Wish> read_wish(const InviteBody& body, const identity::Session& session) {
    Wish wish{organization_of(session, body.organizationId), identity::fold_email(body.email), {}, body.resend};
    if (wish.organization.empty()) return refuse(errors::not_found);
    if (!json::is_email(wish.email)) return refuse(errors::invalid_email);
    return wish;
}

Result<std::string> read_role(const api::Context& ctx, const Member& caller, const std::vector<std::string>& texts) {
    if (!may(caller, "invitation", "create")) return refuse(errors::may_not_invite);
    auto role = identity::read_roles(roles(), texts);
    if (!role.unknown.empty() || role.joined.empty()) {
        return refuse_with(errors::role_not_found_uncoded, fmt::format("ROLE_NOT_FOUND: {}", fmt::join(role.unknown, ", ")));
    }
    if (!may_invite_as(ctx, caller, role.joined)) return refuse(errors::may_not_invite_with_role);
    return std::move(role.joined);
}

awaitable<Result<>> check_caller(api::Context& ctx, UserId user, const Wish& wish, const std::vector<std::string>& role_texts) {
    const auto caller = co_await find_member(ctx.db, wish.organization, user);
    if (!caller) co_return refuse(errors::member_not_found);
    if (const auto role = read_role(ctx, caller->member, role_texts); !role) co_return std::unexpected(role.error());
    co_return Result<>{};
}

/// Under the organization's lock: the invitation that is there already, or a new one.
awaitable<Result<Invitation>> prolong_or_insert(api::Context& ctx, pg::Executor& tx, const Wish& wish, const Member& caller) {
    const auto& rules = ctx.settings().advanced.organization;
    const auto expires_at = ctx.now + std::chrono::seconds{rules.invitationExpiresIn};
    const auto found = co_await tx.query(find_pending, wish.email, wish.organization, ctx.now);
    const auto pending = found.maybe<Invitation>();
    if (pending && wish.resend) {
        // The role of the invitation counts, not the one of this request.
        if (!may_invite_as(ctx, caller, pending->role.value_or("member"))) co_return refuse(errors::may_not_invite_with_role);
        const auto rows = co_await tx.query(extend, pending->id, expires_at);
        co_return rows.one<Invitation>();
    }
    if (pending && !rules.cancelPendingInvitationsOnReInvite) co_return refuse(errors::already_invited);
    if (pending) co_await settle_invitation(tx, pending->id, "canceled", {});
    const auto counted = co_await tx.query(count_pending, wish.organization, ctx.now);
    if (counted.one<std::int64_t>() >= rules.invitationLimit) co_return refuse(errors::too_many_invitations);
    const auto rows = co_await tx.query(insert, wish.organization, wish.email, wish.role, expires_at, ctx.now, caller.user_id);
    co_return rows.one<Invitation>();
}

/// Invitation, mail and event come into being together.
awaitable<Result<Invitation>> invite(api::Context& ctx, const identity::User& inviter, Wish wish, const std::vector<std::string>& role_texts) {
    auto tx = co_await ctx.pool->begin();
    const auto locked = co_await lock_organization(tx, wish.organization);
    if (!locked) co_return refuse(errors::member_not_found);
    const auto caller = co_await find_member(tx, wish.organization, inviter.id);
    if (!caller) co_return refuse(errors::member_not_found);
    auto role = read_role(ctx, caller->member, role_texts);
    if (!role) co_return std::unexpected(role.error());
    wish.role = std::move(*role);
    const auto member = co_await find_member_by_email(tx, wish.organization, wish.email);
    if (member) co_return refuse(errors::already_a_member);
    auto invitation = co_await prolong_or_insert(ctx, tx, wish, caller->member);
    if (!invitation) co_return invitation;
    const auto organization = co_await find_organization(tx, wish.organization);
    if (!organization) co_return refuse(errors::not_found);
    auto message = invitation_message(ctx, *invitation, *organization);
    co_await api::deliver_invitation(ctx, tx, std::move(message), inviter);
    co_await tx.commit();
    co_return invitation;
}
}  // namespace

constexpr api::Description invite_member_docs = api::describe<InviteBody, Invitation>(
    "createOrganizationInvitation", "Invite an address",
    {.needs = api::Needs::session,
     .refusals = {errors::not_found, errors::invalid_email, errors::member_not_found, errors::may_not_invite, errors::role_not_found_uncoded,
                  errors::may_not_invite_with_role, errors::already_a_member, errors::already_invited, errors::too_many_invitations}});
awaitable<Result<http::Response>> invite_member(api::Context& ctx) {
    const auto body = ctx.body<InviteBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto wish = read_wish(*body, session->current.session);
    if (!wish) co_return std::unexpected(wish.error());
    if (sends_invitation_mail(ctx)) {
        // Anybody may found an organization and name an address: nobody's mailbox is filled that way. Who may not invite counts for nothing.
        const auto allowed = co_await check_caller(ctx, session->current.user.id, *wish, body->role.items);
        if (!allowed) co_return std::unexpected(allowed.error());
        auto limited = co_await api::brake_mail(ctx, wish->email);
        if (limited) co_return std::move(*limited);
    }
    const auto invitation = co_await invite(ctx, session->current.user, *wish, body->role.items);
    if (!invitation) co_return std::unexpected(invitation.error());
    co_return http::Response::json(200, *invitation);
}
}  // namespace argon::auth::organization
