// POST /update-session: refused. Better Auth has it for session fields that an app adds; a branch's sessions have none that their owner sets.
#include "api/session.hpp"
#include "auth/session/session.hpp"

namespace argon::auth::session {
namespace {
constexpr ErrorSpec field_not_allowed{400, "FIELD_NOT_ALLOWED", "Field not allowed to be set"};
constexpr ErrorSpec no_fields{400, "", "No fields to update"};
}  // namespace

constexpr api::Description update_session_docs =
    api::describe<json::Object, void>("updateSession", "Refused: a session has nothing that its owner could set",
                                      {.status = 400, .needs = api::Needs::session, .refusals = {field_not_allowed, no_fields}});

awaitable<Result<http::Response>> update_session(api::Context& ctx) {
    const auto* body = ctx.parsed_body ? ctx.parsed_body->if_object() : nullptr;
    if (!body) {
        const auto received = json::type_name(ctx.parsed_body ? &*ctx.parsed_body : nullptr);
        co_return refuse_with(api::errors::validation, "[body] Invalid input: expected record, received " + std::string{received});
    }
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    for (const std::string_view name : {"impersonatedBy", "activeOrganizationId"}) {
        const auto* value = body->if_contains(name);
        if (value && json::is_truthy(*value)) co_return refuse_with(field_not_allowed, std::string{name} + " is not allowed to be set");
    }
    co_return refuse(no_fields);
}
}  // namespace argon::auth::session
