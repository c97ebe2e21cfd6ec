// GET /users: all users, or a page of them; `next_cursor` is the first user of the next page.
#include <charconv>

#include "stack/users/users.hpp"

namespace argon::stack::users {
namespace {
/// Even "all" ends somewhere: the answer then says where the rest begins.
constexpr std::int64_t longest_page = 10'000;

struct WholeNumberCheck {
    std::optional<std::string> operator()(std::string_view text) const {
        std::int64_t number = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
        if (parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && number >= 1) return {};
        return "Invalid input: expected an integer of at least 1";
    }
};
constexpr WholeNumberCheck whole_number;
constexpr json::one_of flag{{"true", "false"}};

struct Query {
    std::optional<std::string> limit, cursor, order_by, desc, query, team_id, include_anonymous, include_restricted, only_anonymous;

    static void fields(auto& f, auto& query) {
        f.optional("limit", query.limit, whole_number);
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

struct Pagination {
    std::optional<std::string> next_cursor;

    static void fields(auto& f, auto& pagination) { f.required("next_cursor", pagination.next_cursor); }
};

struct Reply {
    std::vector<json::Value> items;
    Pagination pagination;

    static void fields(auto& f, auto& reply) {
        f.required("items", reply.items);
        f.required("is_paginated", true);
        f.required("pagination", reply.pagination);
    }
};

bool is_true(const std::optional<std::string>& text) { return text == "true"; }

std::int64_t to_limit(const std::optional<std::string>& text) {
    std::int64_t limit = longest_page;
    if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
    return std::min(limit, longest_page);
}

awaitable<Result<http::Response>> list(api::LegacyContext& ctx, Query query) {
    const legacy::UserFilter filter{.search = query.query && query.query->empty() ? std::nullopt : query.query,
                                    .team_id = query.team_id,
                                    .include_anonymous = is_true(query.include_anonymous),
                                    .only_anonymous = is_true(query.only_anonymous)};
    const legacy::UserPage page{
        .cursor = query.cursor, .limit = to_limit(query.limit), .by_activity = query.order_by == "last_active_at", .descending = is_true(query.desc)};
    const auto list = co_await legacy::list_users(ctx.db(), filter, page);
    Reply reply;
    for (const auto& user : list.users) reply.items.push_back(api::view_for(ctx, user));
    reply.pagination.next_cursor = list.next_cursor;
    co_return http::Response::json(200, reply);
}
}  // namespace

constinit const api::DecodedEndpoint list_users = api::decoded<Query, list>;
}  // namespace argon::stack::users
