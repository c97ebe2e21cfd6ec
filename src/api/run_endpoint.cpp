#include "api/run_endpoint.hpp"

#include <fmt/format.h>

#include "api/management_lookup.hpp"
#include "base/log.hpp"
#include "branches/auth_lifecycle.hpp"
#include "pg/errors.hpp"

namespace argon::api {
namespace {
constexpr ErrorSpec spoilt{422, "", ""};

/// Who disables auth drops the schema first, and holds the lock until the integration is gone as well.
awaitable<std::optional<branches::AuthIntegration>> find_settled(pg::Pool& control, const BranchPlace& place) {
    auto tx = co_await control.begin();
    co_await branches::lock_branch(tx, place.project, place.branch);
    co_return co_await branches::find_integration(tx, place.branch);
}
}  // namespace

awaitable<Result<http::Response>> run_endpoint(const ManagementRoute& route, ManagementContext& ctx) {
    std::string state;
    std::exception_ptr unreachable;
    try {
        co_return co_await route.endpoint(ctx);
    } catch (const pg::QueryError& error) {
        if (!ctx.working_in || !(error.misses_something() || error.is_objection())) throw;
        state = error.state;
        log::warn("a branch's database refused a statement", {{"branch", ctx.working_in->branch.value}, {"reason", error.what()}});
    } catch (const pg::Unreachable&) {
        if (!ctx.working_in || !ctx.services.compute.makes_databases()) throw;
        unreachable = std::current_exception();
    }
    const auto integration = co_await find_settled(ctx.control, *ctx.working_in);
    if (!integration) co_return refuse(branches::errors::auth_not_enabled);
    if (unreachable) {
        const bool exists = co_await branches::has_database(make_engine(ctx.services), ctx.working_in->branch, integration->database_name);
        if (exists) std::rethrow_exception(unreachable);
        co_return refuse_with(spoilt, fmt::format("database {}, on which auth was enabled, is gone; disable auth on the branch and enable it again",
                                                  integration->database_name));
    }
    co_return refuse_with(
        spoilt,
        fmt::format("schema neon_auth of database {} is not as the auth service made it (SQLSTATE {}); undo what was changed there, or disable "
                    "auth on the branch and enable it again",
                    integration->database_name, state));
}
}  // namespace argon::api
