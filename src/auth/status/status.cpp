// GET /ok: the service answers.
// GET /error: a redirect without a usable target ends here and goes on to the app's root (auth-wire-facts.md, fact 41).
#include "auth/status/status.hpp"

#include <algorithm>

namespace argon::auth::status {
namespace {

struct OkReply {
    static void fields(auto& f, const auto&) { f.required("ok", true); }
};

constexpr auto ok_docs = api::describe<void, OkReply>("ok", "Check that the service answers");
awaitable<Result<http::Response>> ok(api::Context&) { co_return http::Response::json(200, OkReply{}); }

bool is_error_code(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '\'' || c == '-';
    };
    return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, plain);
}

constexpr api::QueryParameter error_query[] = {{"error", "string", "A code"}, {"error_description", "string", "A sentence"}};
constexpr auto error_docs =
    api::describe<void, void>("error", "Send a browser whose redirect went wrong on to the app", {.status = 302, .query = error_query});
awaitable<Result<http::Response>> error(api::Context& ctx) {
    const auto* code = http::find(ctx.query, "error");
    const auto* description = http::find(ctx.query, "error_description");
    auto target = "/?error=" + http::form_encode(code && is_error_code(*code) ? *code : std::string{"UNKNOWN"});
    if (description && !description->empty()) target += "&error_description=" + http::form_encode(std::string_view{*description}.substr(0, 512));
    co_return http::Response::redirect(std::move(target));
}

constexpr api::Route table[] = {
    {http::Method::get, "/ok", ok, {}, &ok_docs},
    {http::Method::get, "/error", error, {}, &error_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::status
