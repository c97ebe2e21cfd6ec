// POST /organization/create: found an organization; the founder becomes its first member and has it active.
#include "api/session.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"
#include "auth/organization/records.hpp"

namespace argon::auth::organization {
namespace {
constexpr pg::Statement count_memberships{"organization.count_memberships", R"sql(SELECT count(*) FROM neon_auth.member WHERE "userId" = $1)sql"};
constexpr pg::Statement insert_organization{
    "organization.insert",
    "INSERT INTO neon_auth.organization AS o (name, slug, logo, metadata, \"createdAt\") VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT DO NOTHING RETURNING " ARGON_ORGANIZATION_COLUMNS};

struct CreateBody {
    std::string name;
    std::string slug;
    json::Patch<std::string> logo;
    std::optional<json::Record> metadata;
    bool keepCurrentActiveOrganization = false;

    static void fields(auto& f, auto& body) {
        f.required("name", body.name, json::min_length{1}, json::max_length{1024});
        f.required("slug", body.slug, json::min_length{1}, json::max_length{255});
        f.optional("logo", body.logo, json::max_length{8192});
        f.optional("metadata", body.metadata);
        f.optional("keepCurrentActiveOrganization", body.keepCurrentActiveOrganization);
    }
};

struct CreateReply {
    EditedOrganization edited;
    std::vector<Member> members;

    static void fields(auto& f, const auto& reply) {
        f.required("members", reply.members);
        EditedOrganization::fields(f, reply.edited);
    }
};

/// Organization and founder come into being together. The founder's row is locked: a hundred requests at once do not pass the limit.
awaitable<Result<CreateReply>> found(api::Context& ctx, const identity::SessionAndUser& current, const CreateBody& body) {
    const auto& rules = ctx.settings().plugins.organization.config;
    auto tx = co_await ctx.pool->begin();
    const auto locked = co_await identity::lock_user(tx, current.user.id);
    if (!locked) co_return refuse(errors::unauthorized_to_create);
    const auto memberships = co_await tx.query(count_memberships, current.user.id);
    if (memberships.one<std::int64_t>() >= rules.organizationLimit) co_return refuse(errors::too_many_organizations);
    std::optional<std::string> metadata;
    if (body.metadata) metadata = json::to_text(body.metadata->members);
    const auto rows = co_await tx.query(insert_organization, body.name, body.slug, body.logo.value, metadata, ctx.now);
    auto organization = rows.maybe<Organization>();
    if (!organization) co_return refuse(errors::already_exists);
    auto founder = co_await insert_member(tx, organization->id, current.user.id, rules.creatorRole, ctx.now);
    if (!body.keepCurrentActiveOrganization) {
        co_await identity::set_active_organization(tx, current.session.id, organization->id, ctx.now);
    }
    co_await tx.commit();
    co_return CreateReply{{std::move(*organization)}, {std::move(founder)}};
}
}  // namespace

constexpr api::Description create_docs = api::describe<CreateBody, CreateReply>(
    "createOrganization", "Found an organization",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized_to_create, errors::too_many_organizations, errors::already_exists}});
awaitable<Result<http::Response>> create(api::Context& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized_to_create);
    const auto reply = co_await found(ctx, session->current, *body);
    if (!reply) co_return std::unexpected(reply.error());
    auto response = http::Response::json(200, *reply);
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace argon::auth::organization
