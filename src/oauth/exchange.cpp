#include "oauth/exchange.hpp"

#include "crypto/encoding.hpp"
#include "http/url.hpp"
#include "json/decoder.hpp"
#include "oauth/form.hpp"

namespace argon::oauth {
namespace {
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 6s;
constexpr std::size_t largest_answer = 256 * 1024;
constexpr std::size_t longest_token = 16 * 1024;

struct TokenAnswer {
    std::string access_token;
    std::string token_type;
    std::optional<std::string> refresh_token;
    std::optional<std::string> id_token;
    std::optional<std::string> scope;

    static void fields(auto& f, auto& answer) {
        f.required("access_token", answer.access_token, json::min_length{1}, json::max_length{longest_token});
        f.optional("token_type", answer.token_type, json::max_length{64});
        f.optional("refresh_token", answer.refresh_token, json::max_length{longest_token});
        f.optional("id_token", answer.id_token, json::max_length{4 * longest_token});
        f.optional("scope", answer.scope, json::max_length{4096});
    }
};

/// Numbers, and numbers as text, which some providers send.
std::optional<TimePoint> later(const json::Value& answer, std::string_view member, TimePoint now) {
    const auto* value = json::find(answer, member);
    double seconds = 0;
    if (value && value->is_number()) {
        seconds = value->is_double() ? value->get_double() : value->to_number<double>();
    } else if (value && value->is_string()) {
        seconds = std::strtod(value->get_string().c_str(), nullptr);
    }
    if (!(seconds > 0 && seconds < 1e10)) return {};
    return now + std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

std::vector<std::string> split(std::string_view scope) {
    std::vector<std::string> parts;
    while (!scope.empty()) {
        const auto end = std::min(scope.find_first_of(" ,"), scope.size());
        if (end > 0) parts.emplace_back(scope.substr(0, end));
        scope.remove_prefix(std::min(end + 1, scope.size()));
    }
    return parts;
}

std::unexpected<Problem> fail(Problem::Kind kind, std::string reason) { return std::unexpected(Problem{kind, std::move(reason)}); }

/// The provider's error code is one of a short list; its description may hold anything and is not repeated.
std::string error_code(const json::Value& answer) {
    const auto* error = json::find(answer, "error");
    const std::string_view code = error && error->is_string() ? std::string_view{error->get_string()} : "";
    const bool plain = !code.empty() && code.size() <= 64 && code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-.") == code.npos;
    return plain ? std::string{code} : "no reason given";
}

Outcome<Tokens> read_tokens(const outbound::HttpAnswer& answer, TimePoint now) {
    if (answer.failure != outbound::Failure::none) return fail(Problem::Kind::unreachable, "token endpoint: " + answer.reason);
    const auto value = json::parse(answer.body);
    const bool is_object = value && value->is_object();
    // GitHub says 200 when it means no.
    if (is_object && json::find(*value, "error")) return fail(Problem::Kind::refused, "token endpoint: " + error_code(*value));
    if (answer.status != 200 && answer.status != 201) {
        const auto kind = answer.status >= 500 || answer.status < 400 ? Problem::Kind::unreachable : Problem::Kind::refused;
        return fail(kind, "token endpoint: status " + std::to_string(answer.status));
    }
    TokenAnswer read;
    if (!is_object || !json::decode(&*value, "answer", read).empty()) return fail(Problem::Kind::unreachable, "token endpoint: an unusable answer");
    return Tokens{.access_token = std::move(read.access_token),
                  .token_type = std::move(read.token_type),
                  .refresh_token = std::move(read.refresh_token),
                  .id_token = std::move(read.id_token),
                  .access_token_expires_at = later(*value, "expires_in", now),
                  .refresh_token_expires_at = later(*value, "refresh_token_expires_in", now),
                  .scopes = split(read.scope.value_or(""))};
}

awaitable<Outcome<Tokens>> ask_for_tokens(outbound::Client& client, const Provider& provider, const Credentials& credentials, Form form,
                                          TimePoint now) {
    outbound::HttpRequest request{.url = provider.token_endpoint,
                                  .headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"},
                                  .timeout = patience,
                                  .max_answer = largest_answer,
                                  .allow_plain_http = provider.allow_plain_http};
    if (provider.authentication == ClientAuthentication::basic) {
        // Both halves are form-encoded before they are joined (RFC 6749, 2.3.1).
        const auto pair = http::form_encode(credentials.client_id) + ":" + http::form_encode(credentials.client_secret);
        request.headers.push_back("Authorization: Basic " + crypto::base64_encode(pair));
    } else {
        form.add("client_id", credentials.client_id);
        if (!credentials.client_secret.empty()) form.add("client_secret", credentials.client_secret);
    }
    request.body = form.text();
    const auto answer = co_await client.post(std::move(request));
    co_return read_tokens(answer, now);
}
}  // namespace

awaitable<Outcome<Tokens>> exchange_code(outbound::Client& client, const Provider& provider, const Credentials& credentials, const CodeGrant& grant,
                                         TimePoint now) {
    Form form;
    form.add("grant_type", "authorization_code");
    form.add("code", grant.code);
    form.add("code_verifier", grant.code_verifier);
    form.add("redirect_uri", grant.redirect_uri);
    auto tokens = co_await ask_for_tokens(client, provider, credentials, std::move(form), now);
    co_return tokens;
}

awaitable<Outcome<Tokens>> refresh(outbound::Client& client, const Provider& provider, const Credentials& credentials,
                                   const std::string& refresh_token, TimePoint now) {
    Form form;
    form.add("grant_type", "refresh_token");
    form.add("refresh_token", refresh_token);
    if (provider.sends_scope_on_refresh) form.add("scope", joined(provider.scopes, " "));
    auto tokens = co_await ask_for_tokens(client, provider, credentials, std::move(form), now);
    co_return tokens;
}
}  // namespace argon::oauth
