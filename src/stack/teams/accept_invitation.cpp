// POST /team-invitations/accept, .../check-code, .../details: what a code from a mail is good for. POST /team-invitations/{id}/accept: the same
// for who reads their invitations in the app. Only who has proven the invited address may come in, so a forwarded or leaked link opens no team.
#include "api/legacy_sign_in.hpp"
#include "legacy/team_invitations.hpp"
#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
struct Code : api::CodeBody {
    static void parts(auto& r, auto& body) { r.body(body); }
};

http::Response say_accepted() { return http::Response::text(200, "application/json", "{}"); }

/// In a transaction of its own. User, team, invitation: the order in which everybody locks them. False when the invitation is not open, or not
/// this user's.
awaitable<bool> join(api::LegacyContext& ctx, UserId user, std::string invitation, std::string team) {
    auto tx = co_await ctx.db().begin();
    const bool is_there = co_await legacy::lock_user(tx, user);
    if (!is_there) co_return false;
    const auto name = co_await legacy::lock_team(tx, team);
    if (!name) co_return false;
    const bool taken = co_await legacy::take_invitation(tx, invitation, user, ctx.now);
    if (!taken) co_return false;
    // Who is in the team already stays what they are.
    co_await legacy::insert_member(tx, team, user, "team_member", ctx.now);
    co_await tx.commit();
    co_return true;
}

awaitable<Result<legacy::FoundInvitation>> require_open(api::LegacyContext& ctx, const std::string& code) {
    auto found = co_await legacy::find_invitation(ctx.db(), *ctx.keys, code, ctx.now);
    const auto good = api::check_verdict(found.verdict);
    if (!good) co_return std::unexpected(good.error());
    co_return std::move(found);
}

awaitable<Result<http::Response>> accept(api::LegacyContext& ctx, Code body) {
    const auto user = co_await api::require_own_user(ctx);
    if (!user) co_return std::unexpected(user.error());
    const auto found = co_await require_open(ctx, body.code);
    if (!found) co_return std::unexpected(found.error());
    const bool joined = co_await join(ctx, user->id, found->id, found->team_id);
    if (joined) co_return say_accepted();
    // Somebody was faster, or it is not theirs.
    const auto still = co_await require_open(ctx, body.code);
    if (!still) co_return std::unexpected(still.error());
    co_return refuse(api::known::invitation_for_another);
}

awaitable<Result<http::Response>> check(api::LegacyContext& ctx, Code body) {
    const auto found = co_await require_open(ctx, body.code);
    if (!found) co_return std::unexpected(found.error());
    co_return http::Response::text(200, "application/json", R"({"is_code_valid":true})");
}

struct Details {
    const legacy::FoundInvitation& found;

    static void fields(auto& f, const auto& reply) {
        f.required("team_id", reply.found.team_id);
        f.required("team_display_name", reply.found.team_display_name);
    }
};

awaitable<Result<http::Response>> describe(api::LegacyContext& ctx, Code body) {
    const auto user = co_await api::require_own_user(ctx);
    if (!user) co_return std::unexpected(user.error());
    const auto found = co_await require_open(ctx, body.code);
    if (!found) co_return std::unexpected(found.error());
    co_return http::Response::json(200, Details{*found});
}

struct UserQuery {
    std::string user_id;

    static void fields(auto& f, auto& query) { f.required("user_id", query.user_id, api::uuid_or_me); }
};

struct ById {
    std::string id;
    UserQuery query;

    static void parts(auto& r, auto& request) {
        r.uuid("id", request.id);
        r.query(request.query);
    }
};

/// Ids are no secret: whether an invitation is somebody else's is not told.
awaitable<Result<http::Response>> accept_by_id(api::LegacyContext& ctx, ById request) {
    const auto user = co_await api::resolve_user(ctx, request.query.user_id);
    if (!user) co_return std::unexpected(user.error());
    const auto team = co_await legacy::find_invitation_team(ctx.db(), request.id, ctx.now);
    if (!team) co_return refuse(api::known::code_not_found);
    const bool joined = co_await join(ctx, *user, request.id, *team);
    if (!joined) co_return refuse(api::known::code_not_found);
    co_return say_accepted();
}
}  // namespace

constinit const api::DecodedEndpoint accept_invitation = api::decoded<Code, accept>;
constinit const api::DecodedEndpoint check_invitation = api::decoded<Code, check>;
constinit const api::DecodedEndpoint describe_invitation = api::decoded<Code, describe>;
constinit const api::DecodedEndpoint accept_invitation_by_id = api::decoded<ById, accept_by_id>;
}  // namespace argon::stack::teams
