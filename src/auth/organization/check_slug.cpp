// POST /organization/check-slug, and GET with the slug in the query for Neon's server SDK: is the slug free?
#include "api/session.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"
#include "auth/organization/records.hpp"
#include "base/utf8.hpp"

namespace argon::auth::organization {
namespace {

struct SlugBody {
    std::string slug;

    static void fields(auto& f, auto& body) { f.required("slug", body.slug); }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};

awaitable<Result<http::Response>> check(api::Context& ctx, const Result<SlugBody>& body) {
    if (!body) co_return std::unexpected(body.error());
    if (!is_utf8(body->slug)) co_return refuse_with(api::errors::validation, "[query.slug] Invalid input: expected UTF-8 text");
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto taken = co_await find_organization_by_slug(ctx.db, body->slug);
    if (taken) co_return refuse(errors::slug_taken);
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace

constexpr api::Description check_slug_docs = api::describe<SlugBody, StatusReply>("checkOrganizationSlug", "Whether a slug is free",
                                                                                  {.needs = api::Needs::session, .refusals = {errors::slug_taken}});
awaitable<Result<http::Response>> check_slug(api::Context& ctx) {
    const auto body = ctx.body<SlugBody>();
    auto checked = co_await check(ctx, body);
    co_return checked;
}

awaitable<Result<http::Response>> check_slug_by_query(api::Context& ctx) {
    const auto query = ctx.parameters<SlugBody>();
    auto checked = co_await check(ctx, query);
    co_return checked;
}
}  // namespace argon::auth::organization
