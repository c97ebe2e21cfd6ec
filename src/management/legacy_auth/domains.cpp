// Domains to which the provider may send people back, and whose pages may call it. Kept and listed as given: clients delete by comparing texts.
#include <fmt/format.h>

#include "api/trusted_domain.hpp"
#include "branches/integration_changes.hpp"
#include "management/legacy_auth/integrations.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint list, add, remove;
extern const api::Description list_docs, add_docs, remove_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/auth/domains", list, &list_docs},
    {http::Method::post, "/projects/{project_id}/auth/domains", add, &add_docs},
    {http::Method::delete_, "/projects/{project_id}/auth/domains", remove, &remove_docs},
};

constexpr int most_domains = 1000;

struct AddBody {
    std::string domain;
    std::string auth_provider;

    static void fields(auto& f, auto& body) {
        f.required("domain", body.domain, api::trusted_domain);
        f.required("auth_provider", body.auth_provider, legacy_auth::auth_provider);
    }
};

struct Domain {
    std::string domain;

    static void fields(auto& f, auto& item) { f.required("domain", item.domain); }
};

struct RemoveBody {
    std::string auth_provider;
    std::vector<Domain> domains;

    static void fields(auto& f, auto& body) {
        f.required("auth_provider", body.auth_provider, legacy_auth::auth_provider);
        f.required("domains", body.domains);
    }
};

struct DomainView {
    std::string domain;

    static void fields(auto& f, const auto& view) {
        f.required("domain", view.domain);
        f.required("auth_provider", "stack");
    }
};

struct ListReply {
    std::vector<DomainView> domains;

    static void fields(auto& f, const auto& reply) { f.required("domains", reply.domains); }
};

constexpr api::Description list_docs = api::describe<void, ListReply>("listNeonAuthRedirectURIWhitelistDomains", "List a project's trusted domains");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/domains");
    ListReply reply;
    for (const auto& item : target->legacy->domains) reply.domains.push_back({item.domain});
    co_return http::Response::json(200, reply);
}

constexpr api::Description add_docs =
    api::describe<AddBody, void>("addNeonAuthDomainToRedirectURIWhitelist", "Trust a domain in a project", {.status = 201});
/// A domain that is there already stays there once, so a repeated request does no harm.
awaitable<Result<http::Response>> add(api::ManagementContext& ctx) {
    const auto body = ctx.body<AddBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto target = co_await require_target(ctx, body->auth_provider);
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/domains");
    const auto added = co_await branches::insert_legacy_domain(ctx.control, target->legacy->project_uuid, body->domain, most_domains);
    if (added == branches::DomainAdded::too_many) {
        co_return refuse_with({422, "", ""}, fmt::format("the project has {} trusted domains, which is the limit", most_domains));
    }
    co_return http::Response::empty(201);
}

constexpr api::Description remove_docs =
    api::describe<RemoveBody, void>("deleteNeonAuthDomainFromRedirectURIWhitelist", "Trust domains of a project no longer");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto body = ctx.body<RemoveBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto target = co_await require_target(ctx, body->auth_provider);
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/domains");
    std::vector<std::string> domains;
    for (const auto& item : body->domains) domains.push_back(item.domain);
    co_await branches::delete_legacy_domains(ctx.control, target->legacy->project_uuid, domains);
    co_return http::Response::empty(200);
}
}  // namespace

std::span<const api::ManagementRoute> domain_routes() { return table; }
}  // namespace argon::management::legacy_auth
