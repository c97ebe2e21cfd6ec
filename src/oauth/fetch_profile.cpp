// From tokens to a person: claims of the id_token, the userinfo endpoint, GitHub's API.
#include <boost/asio/this_coro.hpp>

#include "oauth/exchange.hpp"
#include "oauth/id_token.hpp"
#include "oauth/profile.hpp"

namespace argon::oauth {
namespace {
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 3s;
constexpr std::size_t largest_answer = 256 * 1024;

std::unexpected<Problem> fail(Problem::Kind kind, std::string reason) { return std::unexpected(Problem{kind, std::move(reason)}); }

/// With the access token, which some provider made: nothing that would end the header line.
awaitable<Outcome<json::Value>> ask(outbound::Client& client, const Provider& provider, std::string url, std::string access_token) {
    const bool is_plain = access_token.find_first_of("\r\n") == std::string::npos && access_token.find('\0') == std::string::npos;
    if (!is_plain) co_return fail(Problem::Kind::bad_token, "the access token cannot be sent");
    outbound::HttpRequest request{.url = std::move(url),
                                  .headers = {"Accept: application/json", "Authorization: Bearer " + access_token},
                                  .timeout = patience,
                                  .max_answer = largest_answer,
                                  .allow_plain_http = provider.allow_plain_http};
    const auto answer = co_await client.get(std::move(request));
    if (answer.failure != outbound::Failure::none) co_return fail(Problem::Kind::unreachable, "profile: " + answer.reason);
    if (answer.status != 200) co_return fail(Problem::Kind::unreachable, "profile: status " + std::to_string(answer.status));
    auto value = json::parse(answer.body);
    if (!value) co_return fail(Problem::Kind::unreachable, "profile: no JSON");
    co_return std::move(*value);
}

awaitable<Outcome<Profile>> from_github(outbound::Client& client, const Provider& provider, const Tokens& tokens) {
    auto user = co_await ask(client, provider, provider.userinfo_endpoint, tokens.access_token);
    if (!user) co_return std::unexpected(user.error());
    if (!user->is_object()) co_return fail(Problem::Kind::bad_profile, "profile: no object");
    // An app without the permission to read addresses gets 404 here: then nothing is proven.
    const auto emails = co_await ask(client, provider, provider.emails_endpoint, tokens.access_token);
    co_return profile_of_github(std::move(user->get_object()), emails ? &*emails : nullptr);
}

awaitable<Outcome<json::Object>> checked_claims(outbound::Client& client, KeyCache& keys, const Provider& provider, const Credentials& credentials,
                                                const std::string& token, const std::optional<std::string>& nonce, TimePoint now,
                                                bool is_recent = false) {
    const auto kid = key_id(token);
    if (!kid) co_return fail(Problem::Kind::bad_token, "the id_token cannot be read");
    const auto executor = co_await asio::this_coro::executor;
    auto& io = static_cast<asio::io_context&>(executor.context());
    const auto candidates = co_await keys.find(client, io, provider.jwks_uri, *kid, provider.allow_plain_http);
    auto claims = verify_id_token(token, candidates, {provider, credentials.client_id, nonce, now, is_recent});
    if (!claims) co_return fail(Problem::Kind::bad_token, claims.error());
    co_return std::move(*claims);
}
}  // namespace

awaitable<Outcome<Profile>> profile_of_token(outbound::Client& client, KeyCache& keys, const Provider& provider, const Credentials& credentials,
                                             const std::string& token, const std::optional<std::string>& nonce, TimePoint now) {
    auto claims = co_await checked_claims(client, keys, provider, credentials, token, nonce, now, true);
    if (!claims) co_return std::unexpected(claims.error());
    co_return profile_of_claims(provider, std::move(*claims));
}

awaitable<Outcome<Profile>> fetch_profile(outbound::Client& client, KeyCache& keys, const Provider& provider, const Credentials& credentials,
                                          const Tokens& tokens, const std::optional<std::string>& nonce, TimePoint now) {
    if (provider.source == ProfileSource::github) {
        auto profile = co_await from_github(client, provider, tokens);
        co_return profile;
    }
    json::Object signed_claims;
    const bool has_token = tokens.id_token && !provider.jwks_uri.empty();
    if (has_token) {
        auto claims = co_await checked_claims(client, keys, provider, credentials, *tokens.id_token, nonce, now);
        if (!claims) co_return std::unexpected(claims.error());
        signed_claims = std::move(*claims);
    }
    if (provider.source == ProfileSource::id_token) {
        if (!has_token) co_return fail(Problem::Kind::bad_token, "there is no id_token");
        co_return profile_of_claims(provider, std::move(signed_claims));
    }
    auto told = co_await ask(client, provider, provider.userinfo_endpoint, tokens.access_token);
    if (!told) co_return std::unexpected(told.error());
    if (!told->is_object()) co_return fail(Problem::Kind::bad_profile, "profile: no object");
    auto profile = profile_of_claims(provider, std::move(told->get_object()));
    // An access token of somebody else must not be slipped in beside a good id_token (Core 5.3.2).
    if (profile && has_token) {
        const auto* subject = signed_claims.if_contains("sub");
        if (!subject || !subject->is_string() || std::string_view{subject->get_string()} != profile->id)
            co_return fail(Problem::Kind::bad_token, "userinfo and id_token name different people");
    }
    co_return profile;
}
}  // namespace argon::oauth
