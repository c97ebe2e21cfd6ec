// GET /account-info?accountId=...: what the provider says about the user now.
#include "auth/account/account.hpp"
#include "auth/account/errors.hpp"
#include "auth/account/tokens.hpp"
#include "base/log.hpp"

namespace argon::auth::account {
namespace {

struct InfoQuery {
    std::optional<std::string> accountId;
    std::optional<std::string> providerId;

    static void fields(auto& f, auto& query) {
        f.optional("accountId", query.accountId);
        f.optional("providerId", query.providerId);
    }
};

struct ProviderUser {
    oauth::Profile profile;
    json::Value id;  ///< a text, but GitHub's number

    static void fields(auto& f, const auto& user) {
        f.required("id", user.id);
        f.required("name", user.profile.name);
        if (!user.profile.email.empty()) f.required("email", user.profile.email);
        f.optional("image", user.profile.image);
        f.required("emailVerified", user.profile.email_verified);
    }
};

struct InfoReply {
    ProviderUser user;
    json::Value data;

    static void fields(auto& f, const auto& reply) {
        f.required("user", reply.user);
        f.required("data", reply.data);
    }
};

awaitable<Result<identity::ProviderAccount>> find_account(api::Context& ctx, const UserId& user, const InfoQuery& query) {
    auto accounts = co_await identity::list_provider_accounts(ctx.db, user);
    std::erase_if(accounts, [&](const auto& account) {
        const bool is_it = query.accountId && account.account_id == *query.accountId;
        return !is_it || (query.providerId && account.provider_id != *query.providerId);
    });
    if (accounts.empty()) co_return refuse(errors::account_not_found);
    if (accounts.size() > 1) co_return refuse(errors::ambiguous_account);
    co_return std::move(accounts.front());
}
}  // namespace

constexpr api::Description account_info_docs =
    api::describe<void, InfoReply, InfoQuery>("accountInfo", "Get what a provider says about the user now",
                                              {.needs = api::Needs::session,
                                               .refusals = {errors::unauthorized, errors::account_not_found, errors::ambiguous_account,
                                                            errors::provider_not_configured, errors::no_access_token, errors::access_token_failed}});
awaitable<Result<http::Response>> account_info(api::Context& ctx) {
    const auto query = ctx.parameters<InfoQuery>();
    if (!query) co_return std::unexpected(query.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized);
    auto account = co_await find_account(ctx, session->current.user.id, *query);
    if (!account) co_return std::unexpected(account.error());
    auto client = api::find_oauth_client(ctx, account->provider_id);
    if (!client) co_return refuse(errors::provider_not_configured);

    const Linked linked{std::move(*account), std::move(*client)};
    const auto tokens = co_await valid_tokens(ctx, linked);
    if (!tokens) co_return std::unexpected(tokens.error());
    if (tokens->access_token.empty()) co_return refuse(errors::no_access_token);
    // The stored id_token has long expired: the provider is asked.
    oauth::Tokens asking;
    asking.access_token = tokens->access_token;
    auto provider = linked.client.provider;
    if (provider.source == oauth::ProfileSource::id_token) provider.source = oauth::ProfileSource::userinfo;
    const auto profile =
        co_await oauth::fetch_profile(*linked.client.way, *linked.client.keys, provider, linked.client.credentials, asking, {}, ctx.now);
    if (!profile || profile->id != linked.account.account_id) {
        log::warn("a provider did not tell about an account", {{"branch", ctx.branch->branch.value},
                                                               {"provider", provider.id},
                                                               {"reason", profile ? "it is about somebody else" : profile.error().reason},
                                                               {"request", ctx.request_id}});
        co_return refuse(errors::access_token_failed);
    }
    const auto* number = provider.source == oauth::ProfileSource::github ? profile->claims.if_contains("id") : nullptr;
    const auto id = number ? *number : json::Value(profile->id);
    auto response = http::Response::json(200, InfoReply{{*profile, id}, json::Value(profile->claims)});
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace argon::auth::account
