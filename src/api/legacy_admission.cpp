#include "api/legacy_admission.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace argon::api {
namespace {
Result<PathParameters> decode_parameters(const PathParameters& raw) {
    PathParameters parameters;
    for (const auto& [name, text] : raw) {
        auto value = http::percent_decode(text);
        if (!value || value->size() > 512 || !is_storable_text(*value))
            return std::unexpected(known::schema_error(fmt::format("[params.{}] Invalid input", name)));
        parameters.emplace(name, std::move(*value));
    }
    return parameters;
}

Result<LegacyAccess> read_access_type(const LegacyContext& ctx) {
    const auto given = ctx.header("access-type");
    if (!given) {
        const bool has_key = ctx.header("publishable-client-key") || ctx.header("secret-server-key") || ctx.header("super-secret-admin-key") ||
                             ctx.header("admin-access-token");
        return refuse(has_key ? known::key_without_access_type : known::access_type_required);
    }
    for (const auto access : {LegacyAccess::client, LegacyAccess::server, LegacyAccess::admin}) {
        if (*given == to_text(access)) return access;
    }
    return std::unexpected(known::invalid_access_type(is_storable_text(*given) ? given->substr(0, 64) : "?"));
}

/// A token that is no good makes the SDKs fetch another one and come back; it is never taken for none.
Result<std::optional<legacy::AccessToken>> read_token(const LegacyContext& ctx, const std::string& project_id) {
    const auto text = ctx.header("access-token");
    if (!text) return std::nullopt;
    const auto token = legacy::read_access_token(ctx.services.master_key, *text, ctx.now);
    if (!token && token.error().problem == legacy::TokenProblem::unreadable) return refuse(known::unparsable_access_token);
    if (!token) {
        const auto& expired = token.error().token;
        return std::unexpected(
            known::access_token_expired(to_unix_millis(expired.expires_at), expired.project_uuid, expired.user_id.value, expired.session_id.value));
    }
    if (token->project_uuid != project_id) return std::unexpected(known::invalid_project_for_access_token(project_id, token->project_uuid));
    return *token;
}

awaitable<Result<>> check_key(const LegacyContext& ctx) {
    auto& control = ctx.services.control();
    const auto& project = ctx.project_id();
    if (ctx.access == LegacyAccess::client) {
        const auto key = ctx.header("publishable-client-key");
        if (!key) co_return std::unexpected(known::publishable_key_required(project));
        const bool valid = co_await branches::is_publishable_key(control, project, *key);
        if (!valid) co_return std::unexpected(known::invalid_publishable_key(project));
    } else if (ctx.access == LegacyAccess::server) {
        const auto key = ctx.header("secret-server-key");
        if (!key) co_return refuse(known::server_authentication_required);
        const bool valid = co_await branches::is_secret_server_key(control, project, *key);
        if (!valid) co_return std::unexpected(known::invalid_secret_key(project));
    } else {
        // Nobody holds such a key: what it was for, the management API does.
        if (!ctx.header("super-secret-admin-key")) co_return refuse(known::admin_authentication_required);
        co_return std::unexpected(known::invalid_admin_key(project));
    }
    co_return Result<>{};
}

/// Who may not ask at all is still told first what is wrong with the request's form.
Result<> check_access(const LegacyContext& ctx, const LegacyRoute& route) {
    if (ctx.access >= route.access) return {};
    const auto form = route.handler.check(ctx);
    if (!form) return form;
    std::vector<std::string> allowed;
    for (const auto access : {LegacyAccess::client, LegacyAccess::server, LegacyAccess::admin}) {
        if (access >= route.access) allowed.emplace_back(to_text(access));
    }
    return std::unexpected(known::insufficient_access_type(to_text(ctx.access), std::move(allowed)));
}

/// Who asks, and for which project.
awaitable<Result<>> identify(LegacyContext& ctx) {
    const auto access = read_access_type(ctx);
    if (!access) co_return std::unexpected(access.error());
    ctx.access = *access;
    const auto named = ctx.header("project-id");
    if (!named) co_return std::unexpected(known::access_type_without_project(to_text(*access)));
    const auto project_id = http::to_lower(*named);
    auto token = read_token(ctx, project_id);
    if (!token) co_return std::unexpected(token.error());
    const auto entered = co_await enter_project(ctx, project_id);
    if (!entered) co_return std::unexpected(entered.error());
    ctx.token = std::move(*token);
    co_return co_await check_key(ctx);
}
}  // namespace

awaitable<Result<>> admit(LegacyContext& ctx, const LegacyRoute& route, const PathParameters& raw) {
    if (route.access != LegacyAccess::open) {
        const auto identified = co_await identify(ctx);
        if (!identified) co_return std::unexpected(identified.error());
    }
    auto parameters = decode_parameters(raw);
    if (!parameters) co_return std::unexpected(parameters.error());
    ctx.path_parameters = std::move(*parameters);
    co_return check_access(ctx, route);
}
}  // namespace argon::api
