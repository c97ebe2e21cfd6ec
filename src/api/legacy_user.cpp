#include "api/legacy_user.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.hpp"
#include "legacy/sessions.hpp"

namespace argon::api {
namespace {
bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

bool has_nul(const json::Value& value) {
    if (const auto* text = value.if_string()) return has_nul(std::string_view{text->data(), text->size()});
    if (const auto* list = value.if_array()) return std::ranges::any_of(*list, [](const auto& item) { return has_nul(item); });
    const auto* object = value.if_object();
    return object && std::ranges::any_of(*object, [](const auto& member) {
               return has_nul(std::string_view{member.key().data(), member.key().size()}) || has_nul(member.value());
           });
}
}  // namespace

awaitable<std::optional<legacy::User>> find_own_user(LegacyContext& ctx) {
    if (!ctx.token) co_return std::nullopt;
    co_return co_await legacy::find_session_user(ctx.db(), ctx.token->user_id, ctx.token->session_id, ctx.now);
}

awaitable<Result<legacy::User>> require_own_user(LegacyContext& ctx, ErrorSpec otherwise) {
    auto user = co_await find_own_user(ctx);
    if (!user) co_return refuse(otherwise);
    co_return std::move(*user);
}

awaitable<Result<UserId>> resolve_user(LegacyContext& ctx, std::string_view name) {
    if (name != "me" && !is_uuid(name)) co_return std::unexpected(known::schema_error("[user_id] Invalid input: expected a UUID or 'me'"));
    if (name != "me" && !ctx.is_client()) co_return UserId{http::to_lower(name)};
    const auto own = co_await find_own_user(ctx);
    if (!own && name == "me") co_return refuse(known::cannot_get_own_user);
    if (!own) co_return refuse(known::user_authentication_required);
    if (name != "me" && http::to_lower(name) != own->id.value) co_return known::refuse_text(403, "Client can only access their own user");
    co_return own->id;
}

Result<std::string> uuid_parameter(const LegacyContext& ctx, std::string_view name) {
    const auto& value = ctx.parameter(name);
    if (!is_uuid(value)) return std::unexpected(known::schema_error(fmt::format("[params.{}] Invalid input: expected a UUID", name)));
    return http::to_lower(value);
}

json::Value view_for(const LegacyContext& ctx, const legacy::User& user) {
    return ctx.is_client() ? json::Value(user.client_view()) : json::Value(user.view);
}

http::Response show_user(const LegacyContext& ctx, int status, const legacy::User& user) { return http::Response::json(status, view_for(ctx, user)); }

http::Response say_success() { return http::Response::text(200, "application/json", R"({"success":true})"); }

Error to_error(legacy::Conflict conflict, const std::string& email, const std::string& team) {
    switch (conflict) {
        case legacy::Conflict::email_taken:
        case legacy::Conflict::email_taken_unverified: return known::email_already_exists(email, false);
        case legacy::Conflict::no_such_team: return known::team_not_found(team);
        case legacy::Conflict::no_such_user: break;
    }
    return known::user_not_found;
}

std::string fold_address(std::string_view email) { return http::to_lower(email); }

std::optional<std::string> PlainJsonCheck::operator()(const json::Value& value) const {
    if (!has_nul(value)) return {};
    return "Invalid input: text must not contain NUL characters";
}

std::optional<std::string> UuidCheck::operator()(std::string_view text) const {
    if (is_uuid(text)) return {};
    return "Invalid input: expected a UUID";
}

std::optional<std::string> UuidOrMeCheck::operator()(std::string_view text) const {
    if (text == "me" || is_uuid(text)) return {};
    return "Invalid input: expected a UUID or 'me'";
}
}  // namespace argon::api
