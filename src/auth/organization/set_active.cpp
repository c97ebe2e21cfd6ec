// POST /organization/set-active: choose the session's organization, by id or slug; `"organizationId": null` chooses none.
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {

struct ActiveBody {
    json::Patch<std::string> organizationId;
    std::optional<std::string> organizationSlug;

    static void fields(auto& f, auto& body) {
        f.optional("organizationId", body.organizationId);
        f.optional("organizationSlug", body.organizationSlug);
    }
};

/// Sets it in the session's row and cookies, and answers `reply`.
template <class Reply>
awaitable<Result<http::Response>> activate(api::Context& ctx, identity::SessionAndUser current, std::optional<OrganizationId> id, Reply reply) {
    const auto session = co_await identity::set_active_organization(ctx.db, current.session.id, id, ctx.now);
    if (!session) co_return refuse(api::errors::unauthorized);
    current.session = *session;
    auto response = http::Response::json(200, reply);
    api::set_session_cookies(ctx, response, current, api::is_remembered(ctx));
    co_return response;
}

awaitable<Result<OrganizationId>> named(api::Context& ctx, const ActiveBody& body, const identity::Session& session) {
    const bool has_id = body.organizationId.value && !body.organizationId.value->empty();
    const bool has_slug = body.organizationSlug && !body.organizationSlug->empty();
    if (has_id || !has_slug) co_return organization_of(session, body.organizationId.value);
    const auto organization = co_await find_organization_by_slug(ctx.db, *body.organizationSlug);
    if (!organization) co_return refuse(errors::not_found);
    co_return organization->id;
}
}  // namespace

constexpr api::Description set_active_docs =
    api::describe<ActiveBody, std::optional<Organization>>("setActiveOrganization", "Choose the session's organization, or none",
                                                           {.needs = api::Needs::session, .refusals = {errors::not_found, errors::not_a_member_403}});
awaitable<Result<http::Response>> set_active(api::Context& ctx) {
    const auto body = ctx.body<ActiveBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    auto current = session->current;
    if (body->organizationId.present && !body->organizationId.value) {
        if (!current.session.active_organization_id) co_return http::Response::json(200, nullptr);
        current.organization.reset();
        auto done = co_await activate(ctx, current, std::nullopt, nullptr);
        co_return done;
    }
    const auto id = co_await named(ctx, *body, current.session);
    if (!id) co_return std::unexpected(id.error());
    if (id->empty()) co_return http::Response::json(200, nullptr);
    const auto member = co_await find_member(ctx.db, *id, current.user.id);
    if (!member) {
        co_await identity::set_active_organization(ctx.db, current.session.id, {}, ctx.now);
        co_return refuse(errors::not_a_member_403);
    }
    const auto organization = co_await find_organization(ctx.db, *id);
    if (!organization) co_return refuse(errors::not_found);
    current.organization = identity::ActiveOrganization{organization->slug, member->member.role};
    auto done = co_await activate(ctx, current, organization->id, *organization);
    co_return done;
}
}  // namespace argon::auth::organization
