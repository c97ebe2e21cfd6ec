// The application's name, as mails and webhooks call it. Readable as `name` of the branch's auth.
#include "branches/names.hpp"
#include "management/branch_auth/settings_row.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint update;
extern const api::Description update_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/config", update, &update_docs},
};

/// Request and answer alike.
struct Config {
    std::string name;

    static void fields(auto& f, auto& config) { f.required("name", config.name, branches::display_name); }
};

constexpr api::Description update_docs = api::describe<Config, Config>("updateNeonAuthConfig", "Name the application");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<Config>();
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    change->row.name = body->name;
    co_await change->commit();
    co_return http::Response::json(200, *body);
}
}  // namespace

std::span<const api::ManagementRoute> config_routes() { return table; }
}  // namespace argon::management::branch_auth
