#include "oauth/id_token.hpp"

#include <algorithm>

#include "crypto/mac.hpp"

namespace argon::oauth {
namespace {
constexpr std::chrono::seconds leeway{60};
constexpr std::chrono::hours oldest{1};
/// Of personal Microsoft accounts.
constexpr std::string_view consumer_tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";

std::string text_of(const json::Object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::optional<TimePoint> time_of(const json::Object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    if (!value || !value->is_number()) return {};
    const auto seconds = value->is_double() ? value->get_double() : value->to_number<double>();
    if (!(seconds >= 0 && seconds < 1e11)) return {};
    return TimePoint{std::chrono::seconds{static_cast<std::int64_t>(seconds)}};
}

bool names_audience(const json::Object& claims, const std::string& client_id) {
    const auto* audience = claims.if_contains("aud");
    const auto is_ours = [&](const json::Value& value) { return value.is_string() && std::string_view{value.get_string()} == client_id; };
    if (!audience) return false;
    if (is_ours(*audience)) return true;
    const auto* list = audience->if_array();
    if (!list || !std::ranges::any_of(*list, is_ours)) return false;
    // For several audiences the token says which of them asked for it.
    return list->size() == 1 || text_of(claims, "azp") == client_id;
}

bool is_tenant_id(std::string_view text) {
    return text.size() == 36 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; });
}

bool names_issuer(const json::Object& claims, const Provider& provider) {
    const auto issuer = text_of(claims, "iss");
    constexpr std::string_view placeholder = "{tenantid}";
    const auto at = provider.issuer.find(placeholder);
    if (at == std::string::npos) return !issuer.empty() && (issuer == provider.issuer || issuer == provider.other_issuer);
    const auto tenant = text_of(claims, "tid");
    auto expected = provider.issuer;
    return is_tenant_id(tenant) && issuer == expected.replace(at, placeholder.size(), tenant);
}

bool is_of_class(const json::Object& claims, std::string_view account_class) {
    const bool is_consumer = text_of(claims, "tid") == consumer_tenant;
    return account_class.empty() || (account_class == "consumers") == is_consumer;
}

std::optional<std::string> check(const json::Object& claims, const IdTokenRules& rules) {
    if (!names_issuer(claims, rules.provider)) return "the id_token has another issuer";
    if (!names_audience(claims, rules.client_id)) return "the id_token is for another client";
    if (const auto party = text_of(claims, "azp"); !party.empty() && party != rules.client_id) return "the id_token was issued to another party";
    if (!is_of_class(claims, rules.provider.account_class)) return "the account is of a kind that may not sign in";
    const auto expires_at = time_of(claims, "exp");
    const auto issued_at = time_of(claims, "iat");
    if (!expires_at || *expires_at + leeway <= rules.now) return "the id_token has expired";
    if (!issued_at || *issued_at - leeway > rules.now) return "the id_token is from the future";
    const auto begins_at = time_of(claims, "nbf");
    if (begins_at && *begins_at - leeway > rules.now) return "the id_token is not valid yet";
    if (!rules.nonce && !rules.is_recent) return {};
    if (*issued_at + oldest < rules.now) return "the id_token is too old";
    if (rules.nonce && !crypto::equal(text_of(claims, "nonce"), *rules.nonce)) return "the id_token belongs to another sign-in";
    return {};
}

std::optional<json::Object> parse_object(std::string_view text) {
    auto value = json::parse(text);
    if (!value || !value->is_object()) return {};
    return std::move(value->get_object());
}
}  // namespace

std::optional<std::string> key_id(std::string_view token) {
    const auto parts = crypto::split_jws(token);
    const auto header = parts ? parse_object(parts->header) : std::nullopt;
    if (!header || header->contains("crit")) return {};
    const auto* kid = header->if_contains("kid");
    if (kid && !kid->is_string()) return {};
    return text_of(*header, "kid");
}

std::expected<json::Object, std::string> verify_id_token(std::string_view token, const SigningKeys& keys, const IdTokenRules& rules) {
    const auto parts = crypto::split_jws(token);
    const auto header = parts ? parse_object(parts->header) : std::nullopt;
    if (!header || header->contains("crit")) return std::unexpected("the id_token cannot be read");
    const auto algorithm = text_of(*header, "alg");
    const bool is_signed = std::ranges::any_of(keys, [&](const SigningKey& candidate) {
        return candidate.key.algorithm() == algorithm && candidate.key.verify(parts->signed_text, parts->signature);
    });
    if (!is_signed) return std::unexpected(keys.empty() ? "the id_token is signed with an unknown key" : "the signature of the id_token is wrong");
    auto claims = parse_object(parts->payload);
    if (!claims) return std::unexpected("the claims of the id_token cannot be read");
    if (auto problem = check(*claims, rules)) return std::unexpected(std::move(*problem));
    return std::move(*claims);
}
}  // namespace argon::oauth
