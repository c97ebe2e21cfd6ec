// POST /organization/update-member-role: give a member another role. POST /organization/remove-member: take a member out.
// POST /organization/leave: take oneself out. Each locks the organization: there is always somebody in charge.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {
constexpr pg::Statement update_role{"organization.update_member_role",
                                    "UPDATE neon_auth.member AS m SET role = $2 WHERE m.id = $1 RETURNING " ARGON_MEMBER_COLUMNS};

struct RoleBody {
    json::OneOrMore role;
    std::string memberId;
    std::optional<std::string> organizationId;

    static void fields(auto& f, auto& body) {
        f.required("role", body.role);
        f.required("memberId", body.memberId);
        f.optional("organizationId", body.organizationId);
    }
};

struct RemoveBody {
    std::string memberIdOrEmail;
    std::optional<std::string> organizationId;

    static void fields(auto& f, auto& body) {
        f.required("memberIdOrEmail", body.memberIdOrEmail);
        f.optional("organizationId", body.organizationId);
    }
};

struct LeaveBody {
    std::string organizationId;

    static void fields(auto& f, auto& body) { f.required("organizationId", body.organizationId); }
};

template <class Shown>
struct RemoveReply {
    Shown member;

    static void fields(auto& f, const auto& reply) { f.required("member", reply.member); }
};

/// To be asked under the lock: is this member the last one in charge?
awaitable<bool> is_last_leader(api::Context& ctx, pg::Executor& tx, const Member& member) {
    if (!leads(ctx, member.role)) co_return false;
    const auto leaders = co_await count_members_with(tx, member.organization_id, leading_roles(ctx));
    co_return leaders <= 1;
}

/// The caller as a member of the organization, whose row is locked.
awaitable<Result<Member>> lock_and_find(pg::Executor& tx, OrganizationId organization, UserId user) {
    const auto locked = co_await lock_organization(tx, organization);
    if (!locked) co_return refuse(errors::member_not_found);
    const auto caller = co_await find_member(tx, organization, user);
    if (!caller) co_return refuse(errors::member_not_found);
    co_return caller->member;
}

/// Here, unlike where people are invited, blanks around a role and empty ones count for nothing.
std::vector<std::string> plain_roles(const json::OneOrMore& given) {
    std::vector<std::string> roles;
    for (std::string_view list : given.items) {
        while (!list.empty()) {
            const auto part = list.substr(0, list.find(','));
            list.remove_prefix(std::min(part.size() + 1, list.size()));
            if (const auto role = http::trim(part); !role.empty()) roles.emplace_back(role);
        }
    }
    return roles;
}

Result<> check_role_change(const api::Context& ctx, const Member& caller, const Member& target, std::string_view role) {
    const bool touches_lead = leads(ctx, target.role) || leads(ctx, role);
    if (touches_lead && !leads(ctx, caller.role)) return refuse(errors::may_not_update_member);
    if (!may(caller, "member", "update") && !leads(ctx, caller.role)) return refuse(errors::may_not_update_member);
    return {};
}

awaitable<Result<Member>> change_role(api::Context& ctx, UserId user, OrganizationId organization, std::string member_id, std::string role) {
    auto tx = co_await ctx.pool->begin();
    const auto caller = co_await lock_and_find(tx, organization, user);
    if (!caller) co_return std::unexpected(caller.error());
    const auto target = co_await find_member_by_id(tx, organization, member_id);
    if (!target) co_return refuse(errors::member_not_found);
    if (auto checked = check_role_change(ctx, *caller, target->member, role); !checked) co_return std::unexpected(checked.error());
    const bool is_last = co_await is_last_leader(ctx, tx, target->member);
    if (is_last && !leads(ctx, role)) co_return refuse(errors::without_owner);
    const auto rows = co_await tx.query(update_role, target->member.id, role);
    co_await tx.commit();
    co_return rows.one<Member>();
}

awaitable<Result<FullMember>> take_out(api::Context& ctx, UserId user, OrganizationId organization, std::string id_or_email) {
    const bool by_email = id_or_email.find('@') != std::string::npos;
    auto tx = co_await ctx.pool->begin();
    const auto caller = co_await lock_and_find(tx, organization, user);
    if (!caller) co_return std::unexpected(caller.error());
    std::optional<FullMember> target;
    if (by_email) {
        target = co_await find_member_by_email(tx, organization, identity::fold_email(id_or_email));
    } else {
        target = co_await find_member_by_id(tx, organization, id_or_email);
    }
    if (!target) co_return refuse(errors::member_not_found);
    const bool is_last = co_await is_last_leader(ctx, tx, target->member);
    if (is_last || (leads(ctx, target->member.role) && !leads(ctx, caller->role))) co_return refuse(errors::only_owner);
    if (!may(*caller, "member", "delete")) co_return refuse(errors::may_not_delete_member);
    co_await delete_member(tx, target->member);
    co_await tx.commit();
    co_return std::move(*target);
}
}  // namespace

constexpr api::Description update_member_role_docs =
    api::describe<RoleBody, Member>("updateOrganizationMemberRole", "Give a member another role",
                                    {.needs = api::Needs::session,
                                     .refusals = {errors::none_active, errors::no_role, errors::role_not_found, errors::member_not_found,
                                                  errors::may_not_update_member, errors::without_owner}});
awaitable<Result<http::Response>> update_member_role(api::Context& ctx) {
    const auto body = ctx.body<RoleBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto id = organization_of(session->current.session, body->organizationId);
    if (id.empty()) co_return refuse(errors::none_active);
    const auto wanted = plain_roles(body->role);
    if (wanted.empty()) co_return refuse(errors::no_role);
    const auto role = identity::read_roles(roles(), wanted);
    if (!role.unknown.empty()) {
        co_return refuse_with(errors::role_not_found, fmt::format("ROLE_NOT_FOUND: {}", fmt::join(role.unknown, ", ")));
    }
    const auto member = co_await change_role(ctx, session->current.user.id, id, body->memberId, role.joined);
    if (!member) co_return std::unexpected(member.error());
    co_return http::Response::json(200, *member);
}

constexpr api::Description remove_member_docs = api::describe<RemoveBody, RemoveReply<Member>>(
    "removeOrganizationMember", "Take a member out",
    {.needs = api::Needs::session, .refusals = {errors::none_active, errors::member_not_found, errors::only_owner, errors::may_not_delete_member}});
awaitable<Result<http::Response>> remove_member(api::Context& ctx) {
    const auto body = ctx.body<RemoveBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto id = organization_of(session->current.session, body->organizationId);
    if (id.empty()) co_return refuse(errors::none_active);
    const auto member = co_await take_out(ctx, session->current.user.id, id, body->memberIdOrEmail);
    if (!member) co_return std::unexpected(member.error());
    // The user is shown when they were named by address (fact 59).
    const bool by_email = body->memberIdOrEmail.find('@') != std::string::npos;
    if (by_email) co_return http::Response::json(200, RemoveReply<FullMember>{*member});
    co_return http::Response::json(200, RemoveReply<Member>{member->member});
}

constexpr api::Description leave_docs = api::describe<LeaveBody, FullMember>(
    "leaveOrganization", "Take oneself out", {.needs = api::Needs::session, .refusals = {errors::member_not_found, errors::only_owner}});
awaitable<Result<http::Response>> leave(api::Context& ctx) {
    const auto body = ctx.body<LeaveBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const OrganizationId id{body->organizationId};
    auto tx = co_await ctx.pool->begin();
    const auto locked = co_await lock_organization(tx, id);
    if (!locked) co_return refuse(errors::member_not_found);
    const auto member = co_await find_member(tx, id, session->current.user.id);
    if (!member) co_return refuse(errors::member_not_found);
    const bool is_last = co_await is_last_leader(ctx, tx, member->member);
    if (is_last) co_return refuse(errors::only_owner);
    co_await delete_member(tx, member->member);
    co_await tx.commit();
    co_return http::Response::json(200, *member);
}
}  // namespace argon::auth::organization
