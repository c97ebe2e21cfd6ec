#include "api/session_cache.hpp"

#include "api/cookies.hpp"
#include "api/session.hpp"
#include "crypto/encoding.hpp"

namespace argon::api {
namespace {
constexpr std::size_t max_cookie = 3800;  // with name and attributes below the 4096 bytes of a browser

struct CachedPair {
    const identity::SessionAndUser& pair;
    std::int64_t updated_at;

    static void fields(auto& f, const auto& cached) {
        f.required("session", cached.pair.session);
        f.required("user", cached.pair.user);
        f.required("updatedAt", cached.updated_at);
        f.required("version", "1");
        // For the `o` claim; Better Auth's cookie knows no such member and none is written without an organization.
        if (cached.pair.organization) {
            f.required("organizationSlug", cached.pair.organization->slug);
            f.required("organizationRole", cached.pair.organization->role);
        }
    }
};

/// The signature covers the inner object with `expiresAt` as its last key, so the order of keys matters.
std::string signature(const Context& ctx, std::string inner, std::int64_t expires_at) {
    inner.pop_back();
    inner += ",\"expiresAt\":" + std::to_string(expires_at) + "}";
    return crypto::base64url_encode(ctx.auth->cookie_key.sign(inner));
}

/// Reads members of an object that we signed ourselves; what does not fit makes the whole cookie worthless.
class Reader {
public:
    explicit Reader(const json::Value* object) : object_(object) {}

    void text(std::string_view name, std::string& target) {
        const auto* value = member(name);
        if (!value || !value->is_string()) return void(valid_ = false);
        target = std::string_view{value->get_string()};
    }
    void text(std::string_view name, std::optional<std::string>& target) {
        const auto* value = member(name);
        if (value && !value->is_null()) text(name, target.emplace());
    }
    void time(std::string_view name, TimePoint& target) {
        std::string written;
        text(name, written);
        const auto parsed = parse_time(written);
        parsed ? target = *parsed : (valid_ = false, target);
    }
    void time(std::string_view name, std::optional<TimePoint>& target) {
        const auto* value = member(name);
        if (value && !value->is_null()) time(name, target.emplace());
    }
    void flag(std::string_view name, std::optional<bool>& target) {
        const auto* value = member(name);
        if (value && value->is_bool()) target = value->get_bool();
    }
    bool valid() const { return valid_; }

private:
    const json::Value* member(std::string_view name) const { return object_ ? json::find(*object_, name) : nullptr; }

    const json::Value* object_;
    bool valid_ = true;
};

std::optional<identity::SessionAndUser> read_pair(const json::Value& inner) {
    identity::SessionAndUser pair;
    Reader session{json::find(inner, "session")};
    session.text("id", pair.session.id.value);
    session.text("token", pair.session.token);
    session.text("userId", pair.session.user_id.value);
    session.text("ipAddress", pair.session.ip_address);
    session.text("userAgent", pair.session.user_agent);
    session.text("impersonatedBy", pair.session.impersonated_by);
    session.text("activeOrganizationId", pair.session.active_organization_id);
    session.time("expiresAt", pair.session.expires_at);
    session.time("createdAt", pair.session.created_at);
    session.time("updatedAt", pair.session.updated_at);

    Reader user{json::find(inner, "user")};
    std::optional<bool> email_verified;
    user.text("id", pair.user.id.value);
    user.text("name", pair.user.name);
    user.text("email", pair.user.email);
    user.text("image", pair.user.image);
    user.text("role", pair.user.role);
    user.text("banReason", pair.user.ban_reason);
    user.text("phoneNumber", pair.user.phone.number);
    user.flag("emailVerified", email_verified);
    user.flag("banned", pair.user.banned);
    user.flag("phoneNumberVerified", pair.user.phone.verified);
    user.time("createdAt", pair.user.created_at);
    user.time("updatedAt", pair.user.updated_at);
    user.time("banExpires", pair.user.ban_expires);
    pair.user.email_verified = email_verified.value_or(false);
    if (!session.valid() || !user.valid()) return {};
    const auto* slug = json::find(inner, "organizationSlug");
    const auto* role = json::find(inner, "organizationRole");
    if (slug && role && slug->is_string() && role->is_string()) {
        pair.organization = identity::ActiveOrganization{std::string{slug->get_string()}, std::string{role->get_string()}};
    }
    return pair;
}
}  // namespace

std::optional<identity::SessionAndUser> find_session_cache(const Context& ctx) {
    if (ctx.settings().advanced.cookies.cacheMaxAge == 0) return {};
    const auto cookie = find_cookie(ctx, "session_data");
    const auto token = find_signed_cookie(ctx, "session_token");
    const auto text = cookie && token ? crypto::base64url_decode(*cookie) : std::nullopt;
    const auto value = text ? json::parse(*text) : std::nullopt;
    if (!value) return {};
    const auto* inner = json::find(*value, "session");
    const auto* expires_at = json::find(*value, "expiresAt");
    const auto* given = json::find(*value, "signature");
    if (!inner || !inner->is_object() || !expires_at || !expires_at->is_int64() || !given || !given->is_string()) return {};
    const auto expected = signature(ctx, json::to_text(*inner), expires_at->get_int64());
    if (!crypto::equal(expected, std::string_view{given->get_string()}) || expires_at->get_int64() < to_unix_millis(ctx.now)) return {};
    auto pair = read_pair(*inner);
    if (!pair || pair->session.token != *token || pair->session.expires_at <= ctx.now) return {};
    pair->user.shows_phone = ctx.settings().plugins.phoneNumber.enabled;
    return pair;
}

void set_session_cache(const Context& ctx, http::Response& response, const identity::SessionAndUser& session, bool remember) {
    const auto max_age = ctx.settings().advanced.cookies.cacheMaxAge;
    if (max_age == 0) return;
    const auto inner = json::encode(CachedPair{session, to_unix_millis(ctx.now)});
    const auto expires_at = to_unix_millis(ctx.now + std::chrono::seconds{remember ? max_age : 60});
    const auto text =
        R"({"session":)" + inner + R"(,"expiresAt":)" + std::to_string(expires_at) + R"(,"signature":")" + signature(ctx, inner, expires_at) + "\"}";
    const auto value = crypto::base64url_encode(text);
    if (value.size() > max_cookie) return;
    set_cookie(ctx, response, "session_data", value, remember ? std::optional{std::chrono::seconds{max_age}} : std::nullopt);
}
}  // namespace argon::api
