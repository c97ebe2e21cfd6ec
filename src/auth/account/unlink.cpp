// POST /unlink-account: remove one way to sign in, never the last.
#include <algorithm>

#include "api/session.hpp"
#include "auth/account/account.hpp"
#include "auth/account/errors.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::account {
namespace {

struct UnlinkBody {
    std::string providerId;
    std::optional<std::string> accountId;

    static void fields(auto& f, auto& body) {
        f.required("providerId", body.providerId);
        f.optional("accountId", body.accountId);
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};
}  // namespace

constexpr api::Description unlink_docs =
    api::describe<UnlinkBody, StatusReply>("unlinkAccount", "Remove a way in which the user signs in, but never the last one",
                                           {.needs = api::Needs::fresh_session, .refusals = {errors::last_account, errors::account_not_found}});
awaitable<Result<http::Response>> unlink(api::Context& ctx) {
    const auto body = ctx.body<UnlinkBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_fresh_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto& user = session->current.user.id;

    // Of two requests that remove the last two accounts at once, the second one sees what the first one left.
    auto tx = co_await ctx.pool->begin();
    const auto locked = co_await identity::lock_user(tx, user);
    const auto accounts = locked ? co_await identity::list_provider_accounts(tx, user) : std::vector<identity::ProviderAccount>{};
    if (accounts.size() == 1) co_return refuse(errors::last_account);
    const auto found = std::ranges::find_if(accounts, [&](const auto& account) {
        const bool is_it = !body->accountId || body->accountId->empty() || account.account_id == *body->accountId;
        return is_it && account.provider_id == body->providerId;
    });
    if (found == accounts.end()) co_return refuse(errors::account_not_found);
    co_await identity::delete_account(tx, user, found->id);
    co_await tx.commit();
    auto response = http::Response::json(200, StatusReply{});
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace argon::auth::account
