#include "legacy/access_tokens.hpp"

#include "crypto/encoding.hpp"
#include "json/writer.hpp"

namespace argon::legacy {
namespace {
constexpr std::size_t longest_token = 16 * 1024;

struct Claims {
    const std::string& issuer;
    const std::string& project_uuid;
    const User& user;
    const SessionId& session;
    TimePoint now;

    static void fields(auto& f, const auto& claims) {
        const auto& user = claims.user;
        const auto issued = to_unix_seconds(claims.now);
        f.required("iss", claims.issuer);
        f.required("aud", claims.project_uuid);
        f.required("sub", user.id);
        f.required("iat", issued);
        f.required("exp", issued + access_token_life.count());
        f.required("project_id", claims.project_uuid);
        f.required("branch_id", "main");
        f.required("refresh_token_id", claims.session);
        f.required("role", "authenticated");
        f.required("name", user.text("display_name"));
        f.required("email", user.text("primary_email"));
        f.required("email_verified", user.flag("primary_email_verified"));
        f.required("selected_team_id", user.text("selected_team_id"));
        f.required("is_anonymous", user.flag("is_anonymous"));
        f.required("is_restricted", false);
        f.required("restricted_reason", nullptr);
        f.required("requires_totp_mfa", false);
        f.required("signed_up_at", user.number("signed_up_at_millis") / 1000);
        // What the first SDKs read.
        f.required("branchId", "main");
        f.required("refreshTokenId", claims.session);
    }
};

struct ReadClaims {
    std::string sub;
    std::string aud;
    std::string refresh_token_id;
    std::int64_t exp = 0;

    static void fields(auto& f, auto& claims) {
        f.required("sub", claims.sub);
        f.required("aud", claims.aud);
        f.required("refresh_token_id", claims.refresh_token_id);
        f.required("exp", claims.exp);
    }
};

std::optional<ReadClaims> decode(const std::optional<std::string>& payload) {
    const auto value = payload ? json::parse(*payload) : std::nullopt;
    ReadClaims claims;
    if (!value || !json::decode(&*value, "token", claims).empty()) return {};
    if (!is_uuid(claims.sub) || !is_uuid(claims.aud) || !is_uuid(claims.refresh_token_id)) return {};
    return claims;
}

/// Which project a token says it is of, before anything of it is believed.
std::optional<ReadClaims> peek(std::string_view token) {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last || token.size() > longest_token) return {};
    return decode(crypto::base64url_decode(token.substr(first + 1, last - first - 1)));
}
}  // namespace

std::string make_access_token(const ProjectKeys& keys, const std::string& issuer, const std::string& project_uuid, const User& user,
                              const SessionId& session, TimePoint now) {
    return keys.signer.sign(json::encode(Claims{issuer, project_uuid, user, session, now}));
}

std::expected<AccessToken, RefusedToken> read_access_token(const crypto::MasterKey& master_key, std::string_view token, TimePoint now) {
    const auto named = peek(token);
    if (!named) return std::unexpected(RefusedToken{TokenProblem::unreadable, {}});
    const auto keys = project_keys(master_key, named->aud);
    const auto claims = decode(keys->signer.verify(token));
    if (!claims) return std::unexpected(RefusedToken{TokenProblem::unreadable, {}});
    AccessToken read{UserId{claims->sub}, SessionId{claims->refresh_token_id}, claims->aud, TimePoint{std::chrono::seconds{claims->exp}}};
    if (read.expires_at <= now) return std::unexpected(RefusedToken{TokenProblem::expired, std::move(read)});
    return read;
}
}  // namespace argon::legacy
