// POST /update-user: change the own name and image, or give up the number.
#include "api/session.hpp"
#include "auth/user/user.hpp"

namespace argon::auth::user {
namespace {
constexpr ErrorSpec email_can_not_be_updated{400, "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated"};
constexpr ErrorSpec field_not_allowed{400, "FIELD_NOT_ALLOWED", "Field not allowed to be set"};
constexpr ErrorSpec phone_can_not_be_updated{400, "PHONE_NUMBER_CANNOT_BE_UPDATED", "Phone number cannot be updated"};
constexpr ErrorSpec no_fields{400, "", "No fields to update"};

struct UpdateBody {
    std::optional<std::string> name;
    json::Patch<std::string> image;

    static void fields(auto& f, auto& body) {
        f.optional("name", body.name, json::max_length{1024});
        f.optional("image", body.image, json::max_length{8192});
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};

/// What is empty changes nothing and is passed over, as in Better Auth.
bool is_given(const json::Value& body, std::string_view name) {
    const auto* value = json::find(body, name);
    return value && json::is_truthy(*value);
}

Result<> check_protected_fields(const json::Value& body, bool has_phone) {
    if (is_given(body, "email")) return refuse(email_can_not_be_updated);
    for (const std::string_view name : {"role", "banned", "banReason", "banExpires", "phoneNumberVerified"}) {
        const bool exists = has_phone || name != "phoneNumberVerified";
        if (exists && is_given(body, name)) return refuse_with(field_not_allowed, std::string{name} + " is not allowed to be set");
    }
    return {};
}
}  // namespace

constexpr api::Description update_user_docs = api::describe<UpdateBody, StatusReply>(
    "updateUser", "Change the user's name or image",
    {.needs = api::Needs::session, .refusals = {phone_can_not_be_updated, email_can_not_be_updated, field_not_allowed, no_fields}});
awaitable<Result<http::Response>> update_user(api::Context& ctx) {
    if (!ctx.parsed_body || !ctx.parsed_body->is_object()) {
        const auto received = json::type_name(ctx.parsed_body ? &*ctx.parsed_body : nullptr);
        co_return refuse_with(api::errors::validation, "[body] Invalid input: expected record, received " + std::string{received});
    }
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const bool has_phone = ctx.settings().plugins.phoneNumber.enabled;
    const auto* phone = has_phone ? json::find(*ctx.parsed_body, "phoneNumber") : nullptr;
    if (phone && !phone->is_null()) co_return refuse(phone_can_not_be_updated);
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    if (auto checked = check_protected_fields(*ctx.parsed_body, has_phone); !checked) co_return std::unexpected(checked.error());
    if (!body->name && !body->image.present && !phone) co_return refuse(no_fields);

    const identity::UserChange change{
        .name = body->name, .sets_image = body->image.present, .image = body->image.value, .drops_phone = phone != nullptr};
    auto user = co_await identity::update_user(ctx.db, session->current.user.id, change, ctx.now);
    if (!user) co_return refuse(api::errors::unauthorized);
    user->shows_phone = has_phone;
    auto response = http::Response::json(200, StatusReply{});
    api::set_session_cookies(ctx, response, {session->current.session, *user}, api::is_remembered(ctx));
    co_return response;
}
}  // namespace argon::auth::user
