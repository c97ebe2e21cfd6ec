// POST /admin/ban-user: shut a user out, for a while or for good, and end every session. POST /admin/unban-user: let them in again.
// A ban whose time has come ends with the next sign-in (api::admit).
#include <cmath>

#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {
constexpr pg::Statement ban{
    "admin.ban_user",
    "WITH ended AS (DELETE FROM neon_auth.session WHERE \"userId\" = $1) UPDATE neon_auth.\"user\" AS u SET banned = true, \"banReason\" = $2, "
    "\"banExpires\" = $3, \"updatedAt\" = $4 WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement unban{"admin.unban_user",
                              "UPDATE neon_auth.\"user\" AS u SET banned = false, \"banReason\" = NULL, \"banExpires\" = NULL, \"updatedAt\" = $2 "
                              "WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

constexpr std::string_view no_reason = "No reason";
/// A century: longer is for ever, and dates must stay within what clients can read.
constexpr double longest_ban = 3'155'760'000;

struct BanBody {
    json::CoercedId userId;
    std::optional<std::string> banReason;
    std::optional<double> banExpiresIn;

    static void fields(auto& f, auto& body) {
        f.required("userId", body.userId);
        f.optional("banReason", body.banReason, json::max_length{1024});
        f.optional("banExpiresIn", body.banExpiresIn);
    }
};

/// 0 is no end, as in Better Auth. A ban that ends before it begins is a mistake and said to be one.
Result<std::optional<TimePoint>> read_end(const api::Context& ctx, std::optional<double> seconds) {
    if (!seconds || *seconds == 0) return std::nullopt;
    if (*seconds < 0) return refuse_with(api::errors::validation, "[body.banExpiresIn] Too small: expected number to be >=0");
    if (*seconds > longest_ban) return refuse_with(api::errors::validation, "[body.banExpiresIn] Too big: expected number to be <=3155760000");
    return ctx.now + std::chrono::milliseconds{std::llround(*seconds * 1000)};
}
}  // namespace

constexpr api::Description ban_user_docs = api::describe<BanBody, UserReply>(
    "banUser", "Shut a user out, for a while or for good",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_ban, errors::cannot_ban_oneself, errors::user_not_found}});
awaitable<Result<http::Response>> ban_user(api::Context& ctx) {
    const auto body = ctx.body<BanBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto end = read_end(ctx, body->banExpiresIn);
    if (!end) co_return std::unexpected(end.error());
    const auto session = co_await require_right(ctx, {"user", "ban", errors::may_not_ban});
    if (!session) co_return std::unexpected(session.error());
    if (!is_uuid(body->userId.value)) co_return refuse(errors::user_not_found);
    const auto user = co_await require_user(ctx, body->userId.value);
    if (!user) co_return std::unexpected(user.error());
    if (user->id == session->current.user.id) co_return refuse(errors::cannot_ban_oneself);
    const auto reason = body->banReason.value_or("");
    const auto rows = co_await ctx.db.query(ban, user->id, reason.empty() ? std::string{no_reason} : reason, *end, ctx.now);
    co_return reply_with_user(ctx, rows.maybe<identity::User>());
}

constexpr api::Description unban_user_docs = api::describe<UserIdBody, UserReply>(
    "unbanUser", "Let a banned user in again",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_ban, errors::user_not_found}});
awaitable<Result<http::Response>> unban_user(api::Context& ctx) {
    const auto body = ctx.body<UserIdBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"user", "ban", errors::may_not_ban});
    if (!session) co_return std::unexpected(session.error());
    if (!is_uuid(body->userId.value)) co_return refuse(errors::user_not_found);
    const auto rows = co_await ctx.db.query(unban, body->userId.value, ctx.now);
    co_return reply_with_user(ctx, rows.maybe<identity::User>());
}
}  // namespace argon::auth::admin
