#include "api/guards.hpp"

namespace argon::api {
namespace {
struct Target {
    std::string_view member;
    ErrorSpec refusal;
    std::string_view label;
};
constexpr Target targets[] = {
    {"callbackURL", errors::invalid_callback_url, "callbackURL"},
    {"redirectTo", errors::invalid_redirect_url, "redirectURL"},
    {"errorCallbackURL", errors::invalid_error_callback_url, "errorCallbackURL"},
    {"newUserCallbackURL", errors::invalid_new_user_callback_url, "newUserCallbackURL"},
};

/// Origin, else Referer. Two Origin fields that differ would let a proxy and us see different ones: refused.
Result<> check_origin(const Context& ctx) {
    const auto& fields = ctx.request.fields;
    const auto referer = fields.get("Referer");
    const auto origin = fields.get("Origin").empty() ? referer : fields.get("Origin");
    if (origin.empty() || origin == "null") return refuse(errors::missing_or_null_origin);
    if (fields.count("Origin") > 1 || !ctx.auth->trusted.trusts_origin(origin)) return refuse(errors::invalid_origin);
    // Browsers never name two different places; who does hides one of them.
    if (!referer.empty() && !ctx.auth->trusted.trusts_origin(referer)) return refuse(errors::invalid_origin);
    return {};
}

// One for all of them: the document tells what it looks like, the answer names the member.
constexpr ErrorSpec no_text{400, "", "Invalid callbackURL: expected a string"};

Result<> check_target(const Context& ctx, const json::Value* value, const Target& target) {
    if (!value || value->is_null()) return {};
    if (!value->is_string()) return refuse_with(no_text, "Invalid " + std::string{target.label} + ": expected a string");
    const std::string_view url{value->get_string()};
    if (!url.empty() && !ctx.auth->trusted.trusts_target(url)) return refuse(target.refusal);
    return {};
}
}  // namespace

Result<> check_cookie_origin(const Context& ctx) {
    if (!ctx.request.fields.find("Cookie")) return {};
    return check_origin(ctx);
}

Result<> check_form_origin(const Context& ctx) {
    const auto& fields = ctx.request.fields;
    if (fields.find("Cookie")) return {};  // checked before validation
    const auto site = http::trim(fields.get("Sec-Fetch-Site"));
    const auto mode = http::trim(fields.get("Sec-Fetch-Mode"));
    const auto destination = http::trim(fields.get("Sec-Fetch-Dest"));
    if (site == "cross-site" && mode == "navigate") return refuse(errors::cross_site_navigation);
    const bool from_browser = !site.empty() || !mode.empty() || !destination.empty() || fields.find("Origin") || fields.find("Referer");
    return from_browser ? check_origin(ctx) : Result<>{};
}

Result<> check_redirect_targets(const Context& ctx) {
    const auto* query_callback = http::find(ctx.query, "callbackURL");
    const bool body_has_callback = ctx.parsed_body && json::find(*ctx.parsed_body, "callbackURL");
    if (query_callback && !body_has_callback && !query_callback->empty() && !ctx.auth->trusted.trusts_target(*query_callback)) {
        return refuse(errors::invalid_callback_url);
    }
    if (!ctx.parsed_body) return {};
    for (const auto& target : targets) {
        if (auto checked = check_target(ctx, json::find(*ctx.parsed_body, target.member), target); !checked) return checked;
    }
    return {};
}

std::vector<ErrorSpec> target_refusals(const json::Object& members) {
    std::vector<ErrorSpec> refusals;
    for (const auto& target : targets) {
        if (members.contains(target.member)) refusals.push_back(target.refusal);
    }
    if (!refusals.empty()) refusals.push_back(no_text);
    return refusals;
}

Result<> check_link_targets(const Context& ctx) {
    for (const std::string_view name : {"callbackURL", "newUserCallbackURL", "errorCallbackURL"}) {
        const auto* target = http::find(ctx.query, name);
        if (target && !target->empty() && !ctx.auth->trusted.trusts_target(*target)) return refuse(errors::invalid_callback_url);
    }
    return {};
}
}  // namespace argon::api
