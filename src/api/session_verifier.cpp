#include "api/session_verifier.hpp"

#include <array>

#include "api/cookies.hpp"
#include "api/one_time.hpp"
#include "crypto/random.hpp"

namespace argon::api {
namespace {
/// The misspelled one first: the proxy of SDK 0.1 knows only that name, and hands on only the first of several cookies.
constexpr std::array<std::string_view, 2> cookie_names{"session_challange", "session_challenge"};
/// Longer than a state lives, so that who takes their time at the provider is not turned away at the last step.
constexpr std::chrono::minutes challenge_life{20};
constexpr std::chrono::minutes verifier_life{5};
constexpr std::size_t token_length = 32;
constexpr std::size_t longest_verifier = 128;

std::string challenge_id(const Context& ctx, std::string_view challenge) { return hash_token(ctx, "challenge|" + std::string{challenge}); }

std::string identifier(const Context& ctx, std::string_view verifier, std::string_view challenge) {
    return "session-verifier:" + hash_token(ctx, "verifier|" + std::string{verifier} + "|" + std::string{challenge});
}
}  // namespace

std::string set_challenge(const Context& ctx, http::Response& response) {
    const auto challenge = crypto::random_text(token_length, crypto::alphanumeric);
    for (const auto name : cookie_names) set_cookie(ctx, response, name, challenge, challenge_life);
    return challenge_id(ctx, challenge);
}

awaitable<std::string> make_verifier(Context& ctx, pg::Executor& db, const UserId& user, std::string_view challenge) {
    auto verifier = crypto::random_text(token_length, crypto::alphanumeric);
    co_await identity::insert_verification(db, {identifier(ctx, verifier, challenge), user.value, ctx.now + verifier_life}, ctx.now);
    co_return verifier;
}

awaitable<Result<identity::SessionAndUser>> exchange_verifier(Context& ctx, const std::string& verifier) {
    std::optional<std::string> user_id;
    bool has_cookie = false;
    for (const auto name : cookie_names) {
        const auto challenge = find_cookie(ctx, name);
        if (!challenge || challenge->empty() || user_id) continue;
        has_cookie = true;
        if (challenge->size() > longest_verifier || verifier.size() > longest_verifier) continue;
        const auto row = identifier(ctx, verifier, challenge_id(ctx, *challenge));
        user_id = co_await identity::take_verification(ctx.db, row, ctx.now);
    }
    if (!has_cookie) co_return refuse(errors::challenge_not_found);
    if (!user_id || !is_uuid(*user_id)) co_return refuse(errors::verification_not_found);
    const auto user = co_await identity::find_user(ctx.db, UserId{*user_id});
    if (!user) co_return refuse(errors::verification_not_found);
    const auto session = co_await admit(ctx, ctx.db, *user);
    if (!session) co_return std::unexpected(session.error());
    co_return identity::SessionAndUser{*session, shown(ctx, *user)};
}

void clear_challenge(const Context& ctx, http::Response& response) {
    for (const auto name : cookie_names) clear_cookie(ctx, response, name);
}
}  // namespace argon::api
