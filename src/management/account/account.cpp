// The caller: their account, organizations and regions. One operator owns everything, so most of it is constant.
#include "api/management.hpp"
#include "branches/account_records.hpp"

namespace argon::management::account {

namespace {
api::ManagementEndpoint me, organizations, auth_details, regions;
extern const api::Description me_docs, organizations_docs, auth_details_docs, regions_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/users/me", me, &me_docs},
    {http::Method::get, "/users/me/organizations", organizations, &organizations_docs},
    {http::Method::get, "/auth", auth_details, &auth_details_docs},
    {http::Method::get, "/regions", regions, &regions_docs},
};

/// Reads as "no limit" in the CLI and the SDKs.
constexpr int unlimited = -1;

struct PaymentSource {
    static void fields(auto& f, const auto&) { f.required("type", ""); }
};

/// Nobody is billed. Clients of several kinds require the object, and one takes its presence for "no organizations here".
struct BillingAccount {
    branches::Owner owner;

    static void fields(auto& f, const auto& billing) {
        f.required("state", "active");
        f.required("payment_source", PaymentSource{});
        f.required("subscription_type", "UNKNOWN");
        f.required("payment_method", "none");
        f.required("quota_reset_at_last", json::Seconds{billing.owner.created_at});
        f.required("name", billing.owner.name);
        f.required("email", billing.owner.email);
        for (const auto* part : {"address_city", "address_country", "address_line1", "address_line2", "address_postal_code", "address_state"}) {
            f.required(part, "");
        }
    }
};

struct MeReply {
    branches::Owner owner;

    static void fields(auto& f, const auto& reply) {
        f.required("active_seconds_limit", unlimited);
        f.required("billing_account", BillingAccount{reply.owner});
        f.required("auth_accounts", json::Array{});
        f.required("email", reply.owner.email);
        f.required("id", reply.owner.id);
        f.required("image", "");
        f.required("login", reply.owner.name);
        f.required("name", reply.owner.name);
        f.required("last_name", "");
        f.required("projects_limit", unlimited);
        f.required("branches_limit", unlimited);
        f.required("max_autoscaling_limit", unlimited);
        f.required("plan", "local");
    }
};

struct OrganizationsReply {
    static void fields(auto& f, const auto&) { f.required("organizations", json::Array{}); }
};

struct AuthReply {
    std::string account_id;
    std::string auth_data;

    static void fields(auto& f, const auto& reply) {
        f.required("account_id", reply.account_id);
        f.required("auth_method", "api_key_user");
        f.required("auth_data", reply.auth_data);
    }
};

struct Region {
    static void fields(auto& f, const auto&) {
        f.required("region_id", "local");
        f.required("name", "This server");
        f.required("default", true);
        f.required("geo_lat", "0");
        f.required("geo_long", "0");
    }
};

struct RegionsReply {
    std::vector<Region> regions{1};

    static void fields(auto& f, const auto& reply) { f.required("regions", reply.regions); }
};

constexpr api::Description me_docs = api::describe<void, MeReply>("getCurrentUserInfo", "Show the account behind the API key");
awaitable<Result<http::Response>> me(api::ManagementContext& ctx) {
    auto owner = co_await branches::get_owner(ctx.control, ctx.caller.account_id);
    co_return http::Response::json(200, MeReply{std::move(owner)});
}

constexpr api::Description organizations_docs = api::describe<void, OrganizationsReply>("getCurrentUserOrganizations", "List organizations");
awaitable<Result<http::Response>> organizations(api::ManagementContext&) { co_return http::Response::json(200, OrganizationsReply{}); }

constexpr api::Description auth_details_docs = api::describe<void, AuthReply>("getAuthDetails", "Show how the request was authenticated");
awaitable<Result<http::Response>> auth_details(api::ManagementContext& ctx) {
    co_return http::Response::json(200, AuthReply{ctx.caller.account_id, std::to_string(ctx.caller.key_id)});
}

constexpr api::Description regions_docs = api::describe<void, RegionsReply>("getActiveRegions", "List regions");
awaitable<Result<http::Response>> regions(api::ManagementContext&) { co_return http::Response::json(200, RegionsReply{}); }
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::account
