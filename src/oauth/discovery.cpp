#include "oauth/discovery.hpp"

#include <algorithm>

#include "http/url.hpp"
#include "json/decoder.hpp"

namespace argon::oauth {
namespace {
constexpr std::size_t largest_document = 256 * 1024;
constexpr json::max_length url_length{2048};

struct Document {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    std::optional<std::string> userinfo_endpoint;
    std::optional<std::vector<std::string>> token_endpoint_auth_methods_supported;
    std::optional<bool> authorization_response_iss_parameter_supported;

    static void fields(auto& f, auto& document) {
        f.required("issuer", document.issuer, url_length);
        f.required("authorization_endpoint", document.authorization_endpoint, url_length);
        f.required("token_endpoint", document.token_endpoint, url_length);
        f.required("jwks_uri", document.jwks_uri, url_length);
        f.optional("userinfo_endpoint", document.userinfo_endpoint, url_length);
        f.optional("token_endpoint_auth_methods_supported", document.token_endpoint_auth_methods_supported);
        f.optional("authorization_response_iss_parameter_supported", document.authorization_response_iss_parameter_supported);
    }
};

std::unexpected<Problem> fail(std::string reason) { return std::unexpected(Problem{Problem::Kind::unreachable, std::move(reason)}); }

bool is_usable(const std::string& url, bool allow_plain_http) {
    const auto parsed = http::parse_url(url);
    return parsed && (parsed->scheme == "https" || allow_plain_http);
}

bool prefers_basic(const Document& document) {
    const auto& methods = document.token_endpoint_auth_methods_supported;
    // What a document does not say is client_secret_basic.
    return !methods || std::ranges::find(*methods, "client_secret_post") == methods->end();
}

Outcome<ProviderMetadata> read(const json::Value& value, const std::string& issuer, bool allow_plain_http) {
    Document document;
    const auto issues = json::decode(&value, "document", document);
    if (!issues.empty()) return fail("the discovery document is incomplete: " + issues);
    if (document.issuer != issuer) return fail("the discovery document is of another issuer");
    for (const auto& url :
         {document.authorization_endpoint, document.token_endpoint, document.jwks_uri, document.userinfo_endpoint.value_or(issuer)}) {
        if (!is_usable(url, allow_plain_http)) return fail("an endpoint in the discovery document is no https URL");
    }
    return ProviderMetadata{.issuer = document.issuer,
                            .authorization_endpoint = document.authorization_endpoint,
                            .token_endpoint = document.token_endpoint,
                            .userinfo_endpoint = document.userinfo_endpoint.value_or(""),
                            .jwks_uri = document.jwks_uri,
                            .iss_in_callbacks = document.authorization_response_iss_parameter_supported.value_or(false),
                            .basic_authentication = prefers_basic(document)};
}
}  // namespace

awaitable<Outcome<ProviderMetadata>> discover(outbound::Client& client, const std::string& issuer, bool allow_plain_http) {
    if (!is_usable(issuer, allow_plain_http)) co_return fail("the issuer is no https URL");
    const auto base = issuer.ends_with('/') ? issuer.substr(0, issuer.size() - 1) : issuer;
    outbound::HttpRequest request{.url = base + "/.well-known/openid-configuration", .headers = {"Accept: application/json"}};
    request.max_answer = largest_document;
    request.allow_plain_http = allow_plain_http;
    const auto answer = co_await client.get(std::move(request));
    if (answer.failure != outbound::Failure::none) co_return fail("the discovery document cannot be read: " + answer.reason);
    if (answer.status != 200) co_return fail("the discovery document cannot be read: status " + std::to_string(answer.status));
    const auto value = json::parse(answer.body);
    if (!value) co_return fail("the discovery document is no JSON");
    co_return read(*value, issuer, allow_plain_http);
}
}  // namespace argon::oauth
