// Whether pages on the developer's own machine are trusted, on any port.
#include "management/branch_auth/settings_row.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint get, update;
extern const api::Description get_docs, update_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/allow_localhost", get, &get_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/allow_localhost", update, &update_docs},
};

/// Request and answer alike.
struct AllowLocalhost {
    bool allow_localhost;

    static void fields(auto& f, auto& body) { f.required("allow_localhost", body.allow_localhost); }
};

constexpr api::Description get_docs = api::describe<void, AllowLocalhost>("getNeonAuthAllowLocalhost", "Show whether localhost is trusted");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    co_return http::Response::json(200, AllowLocalhost{row->allow_localhost});
}

constexpr api::Description update_docs =
    api::describe<AllowLocalhost, AllowLocalhost>("updateNeonAuthAllowLocalhost", "Trust localhost, or no longer");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<AllowLocalhost>();
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    change->row.allow_localhost = body->allow_localhost;
    co_await change->commit();
    co_return http::Response::json(200, *body);
}
}  // namespace

std::span<const api::ManagementRoute> allow_localhost_routes() { return table; }
}  // namespace argon::management::branch_auth
