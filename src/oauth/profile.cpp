#include "oauth/profile.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "json/decoder.hpp"

namespace argon::oauth {
namespace {
constexpr std::size_t longest_id = 255;
constexpr std::size_t longest_name = 1024;
constexpr std::size_t longest_image = 2048;

std::string text_of(const json::Object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value && value->is_string() ? std::string{value->get_string()} : std::string{};
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// A text, or GitHub's positive number. An absent id must never become somebody's.
std::string id_of(const json::Object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    if (!value) return {};
    if (value->is_int64()) return value->get_int64() > 0 ? std::to_string(value->get_int64()) : std::string{};
    if (value->is_uint64()) return std::to_string(value->get_uint64());
    auto id = text_of(claims, name);
    const bool usable = id.size() <= longest_id && !has_control(id) && is_utf8(id) && id != "0" && id != "null" && id != "undefined";
    return usable ? id : std::string{};
}

std::string email_of(std::string_view text) { return json::is_email(text) ? http::to_lower(text) : std::string{}; }

/// Cut where a character begins.
std::string name_of(std::string text) {
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (text.size() <= longest_name) return text;
    std::size_t end = longest_name;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

/// Only what a browser loads as a picture from the web: never `javascript:` or `data:`.
std::optional<std::string> image_of(std::string text) {
    if (text.empty() || text.size() > longest_image || has_control(text) || !http::parse_url(text)) return {};
    return text;
}

bool is_true(const json::Object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    if (!value) return false;
    return (value->is_bool() && value->get_bool()) || (value->is_string() && std::string_view{value->get_string()} == "true");
}

bool lists(const json::Object& claims, std::string_view name, std::string_view email) {
    const auto* value = claims.if_contains(name);
    const auto* list = value ? value->if_array() : nullptr;
    return list && std::ranges::any_of(*list, [&](const auto& entry) { return entry.is_string() && http::to_lower(entry.get_string()) == email; });
}

/// Microsoft lists proven addresses in claims of their own, where the app asks for them, and has no `email_verified`.
bool is_verified(const Provider& provider, const json::Object& claims, std::string_view email) {
    if (is_true(claims, "email_verified")) return true;
    return provider.id == "microsoft" && !email.empty() && !claims.contains("email_verified") &&
           (lists(claims, "verified_primary_email", email) || lists(claims, "verified_secondary_email", email));
}

std::unexpected<Problem> nobody() { return std::unexpected(Problem{Problem::Kind::bad_profile, "the profile names nobody"}); }

const json::Object* find_address(const json::Value* emails, auto fits) {
    const auto* list = emails ? emails->if_array() : nullptr;
    if (!list) return nullptr;
    for (const auto& entry : *list) {
        const auto* address = entry.if_object();
        if (address && fits(*address)) return address;
    }
    return nullptr;
}
}  // namespace

Outcome<Profile> profile_of_claims(const Provider& provider, json::Object claims) {
    Profile profile{.id = id_of(claims, "sub"), .email = email_of(text_of(claims, "email"))};
    // Plain OAuth 2.0 providers have no `sub`.
    if (profile.id.empty() && provider.jwks_uri.empty() && !claims.contains("sub")) profile.id = id_of(claims, "id");
    if (profile.id.empty()) return nobody();
    profile.email_verified = !profile.email.empty() && is_verified(provider, claims, profile.email);
    profile.name = name_of(text_of(claims, "name"));
    if (profile.name.empty()) profile.name = name_of(text_of(claims, "preferred_username"));
    profile.image = image_of(text_of(claims, "picture"));
    profile.claims = std::move(claims);
    return profile;
}

Outcome<Profile> profile_of_github(json::Object user, const json::Value* emails) {
    Profile profile{.id = id_of(user, "id"), .email = email_of(text_of(user, "email"))};
    if (profile.id.empty()) return nobody();
    // The public address of a profile need not be proven nor the primary one; the list tells both.
    const auto* primary = find_address(emails, [](const auto& entry) { return is_true(entry, "primary"); });
    if (!primary && profile.email.empty()) primary = find_address(emails, [](const auto&) { return true; });
    if (primary) profile.email = email_of(text_of(*primary, "email"));
    const auto* proven = find_address(emails, [&](const auto& entry) {
        return is_true(entry, "verified") && !profile.email.empty() && email_of(text_of(entry, "email")) == profile.email;
    });
    profile.email_verified = proven != nullptr;
    profile.name = name_of(text_of(user, "name"));
    if (profile.name.empty()) profile.name = name_of(text_of(user, "login"));
    profile.image = image_of(text_of(user, "avatar_url"));
    profile.claims = std::move(user);
    return profile;
}
}  // namespace argon::oauth
