#include "api/oauth_gateway.hpp"

#include "api/error_page.hpp"
#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "oauth/form.hpp"

namespace argon::api {
namespace {
constexpr std::string_view gateway_path = "/auth/oauth/callback/";
constexpr std::chrono::minutes longest_sign_in{15};
constexpr std::size_t longest_state = 2048;

constexpr ErrorSpec invalid_state_format{400, "INVALID_STATE_FORMAT", "The state parameter is missing or has another form"};
constexpr ErrorSpec state_integrity{400, "STATE_INTEGRITY_CHECK_FAILED", "The state parameter was not made by this server, or is too old"};

struct GatewayState {
    std::string endpointId;
    std::string database;
    std::string providerName;
    std::int64_t timestamp = 0;  // milliseconds
    std::string state;

    static void fields(auto& f, auto& s) {
        f.required("endpointId", s.endpointId);
        f.required("database", s.database);
        f.required("providerName", s.providerName);
        f.required("timestamp", s.timestamp);
        f.required("state", s.state);
    }
};

std::string sign(const Services& services, std::string_view payload) {
    return crypto::base64url_encode(crypto::hmac_sha256(services.master_key.derive("state of shared OAuth sign-ins").bytes(), payload));
}

Result<GatewayState> open_state(const Services& services, const std::string* text, std::string_view provider, TimePoint now) {
    const auto dot = text && text->size() <= longest_state ? text->find('.') : std::string::npos;
    if (dot == std::string::npos) return refuse(invalid_state_format);
    const auto payload = text->substr(0, dot);
    if (!crypto::equal(text->substr(dot + 1), sign(services, payload))) return refuse(state_integrity);
    const auto json_text = crypto::base64url_decode(payload);
    const auto value = json_text ? json::parse(*json_text) : std::nullopt;
    GatewayState state;
    if (!value || !json::decode(&*value, "state", state).empty()) return refuse(invalid_state_format);
    const TimePoint made_at{std::chrono::milliseconds{state.timestamp}};
    if (state.providerName != provider || made_at + longest_sign_in < now) return refuse(state_integrity);
    return state;
}
}  // namespace

std::string make_gateway_state(const Context& ctx, std::string_view provider, std::string_view state) {
    const GatewayState inner{ctx.branch->endpoint.value, ctx.branch->database, std::string{provider}, to_unix_millis(ctx.now), std::string{state}};
    const auto payload = crypto::base64url_encode(json::encode(inner));
    return payload + "." + sign(ctx.services, payload);
}

bool owns_oauth_gateway(std::string_view path) { return path.starts_with(gateway_path); }

awaitable<http::Response> serve_oauth_gateway(const Services& services, const http::Request& request) {
    const auto provider = request.path.substr(gateway_path.size());
    const bool posts = request.method == http::Method::post;  // form_post providers
    if (!posts && request.method != http::Method::get) co_return http::Response::empty(404);
    auto parameters = http::parse_query(request.query);
    if (posts) {
        auto form = http::parse_query(request.body);
        parameters.insert(parameters.end(), std::make_move_iterator(form.begin()), std::make_move_iterator(form.end()));
    }
    const auto state = open_state(services, http::find(parameters, "state"), provider, now());
    if (!state) co_return error_answer(request, state.error());

    oauth::Form query;
    for (const std::string_view name : {"code", "error", "error_description", "iss"}) {
        if (const auto* value = http::find(parameters, name)) query.add(name, *value);
    }
    query.add("state", state->state);
    // Made of our own addresses and what we signed: nothing in the request decides where this leads.
    const auto base = services.addresses.base_url(EndpointId{state->endpointId}, state->database);
    auto response = http::Response::redirect(base + "/callback/" + state->providerName + "?" + query.text());
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cache-Control", "no-store");
    co_return response;
}
}  // namespace argon::api
