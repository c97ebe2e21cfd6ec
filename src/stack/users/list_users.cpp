// GET /users: all users, or a page of them; `next_cursor` is the first user of the next page.
#include "api/legacy_page.hpp"
#include "stack/users/users.hpp"

namespace argon::stack::users {
namespace {
constexpr std::int64_t part_size = 100;

constexpr json::one_of flag{{"true", "false"}};

struct Query {
    std::optional<std::string> limit, cursor, order_by, desc, query, team_id, include_anonymous, include_restricted, only_anonymous;

    static void fields(auto& f, auto& query) {
        f.optional("limit", query.limit, api::whole_number);
        f.optional("cursor", query.cursor, api::uuid);
        f.optional("order_by", query.order_by, json::one_of{{"signed_up_at", "last_active_at"}});
        f.optional("desc", query.desc, flag);
        f.optional("query", query.query, json::max_length{512});
        f.optional("team_id", query.team_id, api::uuid);
        f.optional("include_anonymous", query.include_anonymous, flag);
        f.optional("include_restricted", query.include_restricted, flag);
        f.optional("only_anonymous", query.only_anonymous, flag);
    }
    static void parts(auto& r, auto& query) { r.query(query); }
};

bool by_activity(const Query& query) { return query.order_by == "last_active_at"; }
bool is_true(const std::optional<std::string>& text) { return text == "true"; }

legacy::UserFilter filter_of(const Query& query) {
    return {.search = query.query && query.query->empty() ? std::nullopt : query.query,
            .team_id = query.team_id,
            .include_anonymous = is_true(query.include_anonymous),
            .only_anonymous = is_true(query.only_anonymous)};
}

/// In order of activity, who becomes active between two parts may show up twice, as it is with pages.
awaitable<api::ListPart> read_part(std::shared_ptr<pg::Pool> pool, legacy::UserFilter filter, legacy::UserOrder order,
                                   std::optional<legacy::ListPosition> from, std::int64_t most) {
    auto page = co_await legacy::list_users(*pool, filter, order, from, most);
    co_return api::ListPart{std::move(page.items), page.count, std::move(page.next)};
}

http::Response nobody() {
    return http::Response::text(200, "application/json", R"({"items":[],"is_paginated":true,"pagination":{"next_cursor":null}})");
}

awaitable<Result<http::Response>> list(api::LegacyContext& ctx, Query query) {
    std::optional<legacy::ListPosition> from;
    if (query.cursor) {
        from = co_await legacy::find_position(ctx.db(), *query.cursor, by_activity(query));
        if (!from) co_return nobody();
    }
    const legacy::UserOrder order{.by_activity = by_activity(query), .descending = is_true(query.desc)};
    auto read = [pool = ctx.pool, filter = filter_of(query), order](const auto& begin, std::int64_t most) {
        return read_part(pool, filter, order, begin, most);
    };
    auto response = co_await api::answer_list(ctx, std::move(read), std::move(from), query.limit, part_size);
    co_return response;
}
}  // namespace

constinit const api::DecodedEndpoint list_users = api::decoded<Query, list>;
}  // namespace argon::stack::users
