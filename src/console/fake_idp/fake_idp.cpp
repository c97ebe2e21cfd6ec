#include "console/fake_idp/fake_idp.hpp"

#include <algorithm>

#include "api/error_page.hpp"
#include "base/utf8.hpp"
#include "crypto/encoding.hpp"
#include "crypto/envelope.hpp"
#include "crypto/jwk.hpp"
#include "crypto/jwt.hpp"
#include "crypto/random.hpp"
#include "json/decoder.hpp"
#include "oauth/form.hpp"

namespace argon::console {
namespace {
using namespace std::chrono_literals;

constexpr std::string_view prefix = "/fake-idp/";
constexpr std::string_view client_id = "argonauth-dev";
constexpr std::string_view key_name = "fake-identity-provider";
constexpr std::chrono::minutes code_life{2};
constexpr std::chrono::seconds token_life{3600};
constexpr std::size_t most_codes = 1000;
constexpr std::size_t most_people = 6;
constexpr std::size_t longest_parameter = 4096;

const std::vector<FakePerson>& regulars() {
    static const std::vector<FakePerson> people{
        {"ada@example.com", "Ada Lovelace"}, {"alan@example.com", "Alan Turing"}, {"grace@example.com", "Grace Hopper"}};
    return people;
}

std::string text_of(const http::QueryParameters& parameters, std::string_view name) {
    const auto* value = http::find(parameters, name);
    return value && value->size() <= longest_parameter && is_utf8(*value) && value->find('\0') == value->npos ? *value : std::string{};
}

FakeRequest read_request(const http::QueryParameters& parameters) {
    return {text_of(parameters, "client_id"), text_of(parameters, "redirect_uri"),   text_of(parameters, "state"),
            text_of(parameters, "nonce"),     text_of(parameters, "code_challenge"), text_of(parameters, "login_hint")};
}

std::string subject_of(std::string_view provider, std::string_view email) {
    return crypto::hex_encode(crypto::sha256(std::string{provider} + "|" + std::string{email})).substr(0, 24);
}

struct Discovery {
    std::string issuer;
    std::string authorization_endpoint;
    std::string back_channel;

    static void fields(auto& f, const auto& document) {
        const std::vector<std::string> scopes{"openid", "email", "profile", "offline_access"};
        f.required("issuer", document.issuer);
        f.required("authorization_endpoint", document.authorization_endpoint);
        f.required("token_endpoint", document.back_channel + "/token");
        f.required("userinfo_endpoint", document.back_channel + "/userinfo");
        f.required("jwks_uri", document.back_channel + "/jwks");
        f.required("response_types_supported", std::vector<std::string>{"code"});
        f.required("subject_types_supported", std::vector<std::string>{"public"});
        f.required("id_token_signing_alg_values_supported", std::vector<std::string>{"EdDSA"});
        f.required("token_endpoint_auth_methods_supported", std::vector<std::string>{"client_secret_post"});
        f.required("code_challenge_methods_supported", std::vector<std::string>{"S256"});
        f.required("grant_types_supported", std::vector<std::string>{"authorization_code", "refresh_token"});
        f.required("scopes_supported", scopes);
        f.required("authorization_response_iss_parameter_supported", true);
    }
};

struct Claims {
    std::string subject;
    const FakePerson& person;
    std::string issuer;
    std::optional<std::string> nonce;
    std::int64_t issued_at = 0;

    static void fields(auto& f, const auto& claims) {
        f.required("sub", claims.subject);
        f.required("email", claims.person.email);
        f.required("email_verified", claims.person.email_verified);
        f.required("name", claims.person.name);
        if (claims.issuer.empty()) return;
        f.required("iss", claims.issuer);
        f.required("aud", client_id);
        f.required("iat", claims.issued_at);
        f.required("exp", claims.issued_at + token_life.count());
        f.optional("nonce", claims.nonce);
    }
};

struct TokenReply {
    std::string access_token, refresh_token, id_token;

    static void fields(auto& f, const auto& reply) {
        f.required("access_token", reply.access_token);
        f.required("token_type", "Bearer");
        f.required("expires_in", static_cast<std::int64_t>(token_life.count()));
        f.required("refresh_token", reply.refresh_token);
        f.required("id_token", reply.id_token);
        f.required("scope", "openid email profile");
    }
};

struct OauthError {
    std::string_view error;
    static void fields(auto& f, const auto& reply) { f.required("error", reply.error); }
};
http::Response refuse_token(int status, std::string_view error) { return http::Response::json(status, OauthError{error}); }

http::Response html(int status, std::string text) {
    auto response = http::Response::text(status, "text/html; charset=utf-8", std::move(text));
    // No form-action: browsers apply it to the redirect that follows, too. The policy no-referrer would make the form's Origin `null`.
    response.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
    response.set("Referrer-Policy", "same-origin");
    response.set("X-Content-Type-Options", "nosniff");
    return response;
}

http::Response redirect(const FakeRequest& asked, oauth::Form answer) {
    const char separator = asked.redirect_uri.find('?') == std::string::npos ? '?' : '&';
    auto response = http::Response::redirect(asked.redirect_uri + separator + answer.text());
    response.status = 303;
    response.set("Referrer-Policy", "no-referrer");
    return response;
}
}  // namespace

FakeIdentityProvider::FakeIdentityProvider(const branches::Addresses& addresses, const crypto::MasterKey& master_key, std::string back_channel)
    : addresses_(addresses),
      back_channel_(std::move(back_channel)),
      token_key_(master_key.derive("fake identity provider: tokens")),
      signing_key_(*crypto::Ed25519Key::from_seed(master_key.derive("fake identity provider: signatures").bytes())),
      client_secret_(crypto::base64url_encode(master_key.derive("fake identity provider: client").bytes())) {}

bool FakeIdentityProvider::owns(std::string_view path) const { return path.starts_with(prefix); }

std::string FakeIdentityProvider::issuer(std::string_view provider) const {
    return addresses_.public_url + std::string{prefix} + std::string{provider};
}

api::SharedProvider FakeIdentityProvider::stand_in(std::string_view id) const {
    const auto known = oauth::find_known_provider(id);
    const auto base = back_channel_ + std::string{prefix} + std::string{id};
    const oauth::ProviderMetadata metadata{.issuer = issuer(id),
                                           .authorization_endpoint = issuer(id) + "/authorize",
                                           .token_endpoint = base + "/token",
                                           .userinfo_endpoint = base + "/userinfo",
                                           .jwks_uri = base + "/jwks",
                                           .iss_in_callbacks = true};
    auto provider = oauth::make_generic_provider(std::string{id}, known ? known->name : std::string{id}, metadata);
    provider.allow_plain_http = true;
    return {std::move(provider), {std::string{client_id}, client_secret_}};
}

awaitable<http::Response> FakeIdentityProvider::serve(const http::Request& request) {
    auto response = answer(request);
    response.set("Cache-Control", "no-store");
    co_return response;
}

http::Response FakeIdentityProvider::answer(const http::Request& request) {
    const auto rest = request.path.substr(prefix.size());
    const std::string provider{rest.substr(0, rest.find('/'))};
    const auto path = rest.substr(provider.size());
    if (!oauth::is_known_provider(provider)) return http::Response::empty(404);
    const bool reads = request.method == http::Method::get;
    const bool posts = request.method == http::Method::post;
    if (path == "/.well-known/openid-configuration" && reads) return discovery(provider);
    if (path == "/jwks" && reads) return keys();
    if (path == "/authorize" && (reads || posts)) return authorize(request, provider);
    if (path == "/token" && posts) return token(request, provider);
    if (path == "/userinfo" && (reads || posts)) return userinfo(request, provider);
    return http::Response::empty(404);
}

http::Response FakeIdentityProvider::discovery(const std::string& provider) const {
    return http::Response::json(200, Discovery{issuer(provider), issuer(provider) + "/authorize", back_channel_ + std::string{prefix} + provider});
}

http::Response FakeIdentityProvider::keys() const {
    const auto key = crypto::public_jwk_json(signing_key_.public_key(), key_name);
    return http::Response::text(200, "application/json", "{\"keys\":[" + key + "]}");
}

bool FakeIdentityProvider::is_own_host(std::string_view host) const {
    const auto names = [host](std::string_view origin) { return http::equal_ignoring_case(origin.substr(origin.find("//") + 2), host); };
    return names(addresses_.public_url) || std::ranges::any_of(addresses_.aliases, names);
}

bool FakeIdentityProvider::is_own_url(const std::string& url) const {
    const auto parsed = http::parse_url(url);
    return parsed && addresses_.is_own_origin(parsed->origin()) && url.find('#') == std::string::npos;
}

http::Response FakeIdentityProvider::authorize(const http::Request& request, const std::string& provider) {
    const bool posts = request.method == http::Method::post;
    const auto parameters = http::parse_query(posts ? std::string_view{request.body} : request.query);
    const auto asked = read_request(parameters);
    // Only our own callback gets codes, and a page of another host (DNS rebinding) shows nobody's people.
    if (!is_own_host(request.host) || asked.client_id != client_id || !is_own_url(asked.redirect_uri)) {
        return api::error_page(400, "invalid_request", "The fake identity provider serves this server's own sign-ins only.");
    }
    const bool fits = text_of(parameters, "response_type") == "code" && !asked.code_challenge.empty() &&
                      text_of(parameters, "code_challenge_method") == "S256" && asked.code_challenge.size() == 43;
    if (!fits) {
        oauth::Form answer;
        answer.add("error", "invalid_request");
        answer.add("error_description", "response_type=code and PKCE with S256 are needed");
        answer.add("state", asked.state);
        return redirect(asked, std::move(answer));
    }
    if (posts) return decide(parameters, provider, asked);
    return html(200, fake_sign_in_page(oauth::find_known_provider(provider)->name, asked, people(), ""));
}

http::Response FakeIdentityProvider::decide(const http::QueryParameters& form, const std::string& provider, const FakeRequest& asked) {
    oauth::Form answer;
    answer.add("state", asked.state);
    answer.add("iss", issuer(provider));
    if (text_of(form, "action") == "deny") {
        answer.add("error", "access_denied");
        answer.add("error_description", "The person said no");
        return redirect(asked, std::move(answer));
    }
    auto person = FakePerson{text_of(form, "email"), text_of(form, "name"), text_of(form, "verified") == "yes"};
    if (const auto picked = text_of(form, "person"); !picked.empty()) {
        const auto known = people();
        const auto found = std::ranges::find(known, picked, &FakePerson::email);
        person = found == known.end() ? FakePerson{picked, picked} : *found;
    }
    person.email = http::to_lower(http::trim(person.email));
    if (!json::is_email(person.email)) {
        return html(400, fake_sign_in_page(oauth::find_known_provider(provider)->name, asked, people(), "That is no email address."));
    }
    if (person.name.empty()) person.name = person.email.substr(0, person.email.find('@'));
    remember(person);
    answer.add("code", make_code({provider, asked, person, std::chrono::steady_clock::now() + code_life}));
    return redirect(asked, std::move(answer));
}

std::string FakeIdentityProvider::make_code(Grant grant) {
    const std::lock_guard lock{mutex_};
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(codes_, [&](const auto& entry) { return entry.second.ends <= now; });
    if (codes_.size() >= most_codes) codes_.clear();
    auto code = crypto::random_text(32, crypto::alphanumeric);
    codes_.emplace(code, std::move(grant));
    return code;
}

std::optional<FakeIdentityProvider::Grant> FakeIdentityProvider::take_code(const std::string& code) {
    const std::lock_guard lock{mutex_};
    auto found = codes_.extract(code);
    if (found.empty() || found.mapped().ends <= std::chrono::steady_clock::now()) return {};
    return std::move(found.mapped());
}

void FakeIdentityProvider::remember(const FakePerson& person) {
    const std::lock_guard lock{mutex_};
    std::erase_if(recent_, [&](const auto& other) { return other.email == person.email; });
    recent_.insert(recent_.begin(), person);
    if (recent_.size() > most_people) recent_.pop_back();
}

std::vector<FakePerson> FakeIdentityProvider::people() {
    const std::lock_guard lock{mutex_};
    auto all = recent_;
    for (const auto& person : regulars()) {
        if (std::ranges::find(all, person.email, &FakePerson::email) == all.end() && all.size() < most_people) all.push_back(person);
    }
    return all;
}

http::Response FakeIdentityProvider::tokens_for(const std::string& provider, const FakePerson& person, const std::string& nonce) const {
    const auto claims = json::encode(Claims{subject_of(provider, person.email), person, issuer(provider),
                                            nonce.empty() ? std::nullopt : std::optional{nonce}, to_unix_seconds(now())});
    const auto sealed = json::encode(person);
    return http::Response::json(
        200, TokenReply{crypto::seal(token_key_, sealed, "access|" + provider), crypto::seal(token_key_, sealed, "refresh|" + provider),
                        crypto::sign_jwt(signing_key_, key_name, claims)});
}

http::Response FakeIdentityProvider::token(const http::Request& request, const std::string& provider) {
    const auto form = http::parse_query(request.body);
    if (text_of(form, "client_id") != client_id || !crypto::equal(text_of(form, "client_secret"), client_secret_)) {
        return refuse_token(401, "invalid_client");
    }
    if (text_of(form, "grant_type") == "refresh_token") {
        const auto opened = crypto::open(token_key_, text_of(form, "refresh_token"), "refresh|" + provider);
        const auto value = opened ? json::parse(*opened) : std::nullopt;
        FakePerson person;
        if (!value || !json::decode(&*value, "token", person).empty()) return refuse_token(400, "invalid_grant");
        return tokens_for(provider, person, "");
    }
    if (text_of(form, "grant_type") != "authorization_code") return refuse_token(400, "unsupported_grant_type");
    const auto grant = take_code(text_of(form, "code"));
    const bool fits = grant && grant->provider == provider && grant->request.redirect_uri == text_of(form, "redirect_uri") &&
                      grant->request.code_challenge == oauth::code_challenge(text_of(form, "code_verifier"));
    if (!fits) return refuse_token(400, "invalid_grant");
    return tokens_for(provider, grant->person, grant->request.nonce);
}

http::Response FakeIdentityProvider::userinfo(const http::Request& request, const std::string& provider) const {
    const auto header = request.fields.get("Authorization");
    const auto bearer = header.starts_with("Bearer ") ? header.substr(7) : std::string_view{};
    const auto opened = crypto::open(token_key_, bearer, "access|" + provider);
    const auto value = opened ? json::parse(*opened) : std::nullopt;
    FakePerson person;
    if (!value || !json::decode(&*value, "token", person).empty()) return refuse_token(401, "invalid_token");
    return http::Response::json(200, Claims{subject_of(provider, person.email), person, {}, {}, 0});
}
}  // namespace argon::console
