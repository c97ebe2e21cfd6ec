// Trusted domains: the origins from which apps may call the branch's auth service, and to which it may send people back.
// They are kept and listed exactly as given: clients delete by comparing texts.
#include <algorithm>

#include <fmt/format.h>

#include "api/trusted_domain.hpp"
#include "management/branch_auth/settings_row.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint list, add, remove;
extern const api::Description list_docs, add_docs, remove_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/domains", list, &list_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/domains", add, &add_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}/auth/domains", remove, &remove_docs},
};

constexpr std::size_t most_domains = 1000;
constexpr ErrorSpec no_list{422, "", "neon_auth.project_config.trusted_origins is not a list"};

/// The other providers of the contract have no list on this path.
struct ProviderCheck {
    std::optional<std::string> operator()(std::string_view provider) const {
        if (const auto complaint = json::one_of{{"mock", "stack", "better_auth"}}(provider)) return complaint;
        if (provider == "better_auth") return {};
        return fmt::format("Invalid option: \"{}\" is not offered on this path; use \"better_auth\"", provider);
    }
    void describe(json::Object& schema) const { schema["enum"] = json::Array{"better_auth"}; }
};

struct AddBody {
    std::string domain;
    std::string auth_provider;

    static void fields(auto& f, auto& body) {
        f.required("domain", body.domain, api::trusted_domain);
        f.required("auth_provider", body.auth_provider, ProviderCheck{});
    }
};

/// Not checked: what SQL put into the list can be deleted as well.
struct DomainToRemove {
    std::string domain;

    static void fields(auto& f, auto& item) { f.required("domain", item.domain); }
};

struct RemoveBody {
    std::string auth_provider;
    std::vector<DomainToRemove> domains;

    static void fields(auto& f, auto& body) {
        f.required("auth_provider", body.auth_provider, ProviderCheck{});
        f.required("domains", body.domains);
    }
};

struct Domain {
    std::string domain;

    static void fields(auto& f, const auto& item) {
        f.required("domain", item.domain);
        f.required("auth_provider", "better_auth");
    }
};

struct ListReply {
    std::vector<Domain> domains;

    static void fields(auto& f, const auto& reply) { f.required("domains", reply.domains); }
};

/// An entry is a text, or an object with a `domain`; nothing when it is something else.
std::optional<std::string_view> domain_of(const json::Value& entry) {
    const auto* text = entry.is_object() ? json::find(entry, "domain") : &entry;
    if (!text || !text->is_string()) return {};
    return std::string_view{text->get_string()};
}

constexpr api::Description list_docs = api::describe<void, ListReply>("listBranchNeonAuthTrustedDomains", "List trusted domains");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto* entries = row->trusted_origins.if_array();
    if (!entries) co_return refuse(no_list);
    ListReply reply;
    for (const auto& entry : *entries) {
        if (const auto domain = domain_of(entry)) reply.domains.push_back({std::string{*domain}});
    }
    co_return http::Response::json(200, reply);
}

constexpr api::Description add_docs = api::describe<AddBody, void>("addBranchNeonAuthTrustedDomain", "Trust a domain", {.status = 201});
/// A domain that is there already stays there once, so a repeated request does no harm.
awaitable<Result<http::Response>> add(api::ManagementContext& ctx) {
    const auto body = ctx.body<AddBody>();
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto* entries = change->row.trusted_origins.if_array();
    if (!entries) co_return refuse(no_list);
    const bool known = std::ranges::any_of(*entries, [&](const auto& entry) { return domain_of(entry) == body->domain; });
    if (!known && entries->size() >= most_domains) {
        co_return refuse_with({422, "", ""}, fmt::format("the branch has {} trusted domains, which is the limit", most_domains));
    }
    if (!known) entries->emplace_back(body->domain);
    co_await change->commit();
    co_return http::Response::empty(201);
}

constexpr api::Description remove_docs = api::describe<RemoveBody, void>("deleteBranchNeonAuthTrustedDomain", "Trust domains no longer");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto body = ctx.body<RemoveBody>();
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    const auto* entries = change->row.trusted_origins.if_array();
    if (!entries) co_return refuse(no_list);
    const auto unwanted = [&](const auto& entry) {
        return std::ranges::any_of(body->domains, [&](const auto& item) { return domain_of(entry) == item.domain; });
    };
    json::Array kept;
    for (const auto& entry : *entries) {
        if (!unwanted(entry)) kept.push_back(entry);
    }
    change->row.trusted_origins = std::move(kept);
    co_await change->commit();
    co_return http::Response::empty(200);
}
}  // namespace

std::span<const api::ManagementRoute> domain_routes() { return table; }
}  // namespace argon::management::branch_auth
