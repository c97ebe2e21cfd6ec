// GET /users: all users, or a page of them; `next_cursor` is the first user of the next page.
#include "api/legacy_page.hpp"
#include "stack/users/users.hpp"

namespace argon::stack::users {
namespace {
/// So many are read and sent at a time, however many are wanted: what the server holds of an answer does not grow with the project.
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

/// The answer, a part at a time. It outlives its request, and holds no connection between the parts: in order of activity, who becomes active
/// meanwhile may show up twice, as it is with pages.
class Listing {
public:
    Listing(const api::LegacyContext& ctx, const Query& query, std::optional<legacy::UserPosition> from)
        : branch_(ctx.branch),
          pool_(ctx.pool),
          filter_{.search = query.query && query.query->empty() ? std::nullopt : query.query,
                  .team_id = query.team_id,
                  .include_anonymous = is_true(query.include_anonymous),
                  .only_anonymous = is_true(query.only_anonymous)},
          order_{.by_activity = by_activity(query), .descending = is_true(query.desc)},
          from_(std::move(from)),
          remaining_(api::to_limit(query.limit)) {}

    bool is_done() const { return is_done_; }
    awaitable<std::string> read_part() {
        auto page = co_await legacy::list_users(*pool_, filter_, order_, from_, std::min(remaining_, part_size));
        std::string text = is_begun_ ? std::string{} : std::string{api::page_beginning};
        if (is_begun_ && page.count > 0) text += ',';
        is_begun_ = true;
        text += page.items;
        remaining_ -= page.count;
        from_ = std::move(page.next);
        is_done_ = !from_ || remaining_ == 0;
        if (is_done_) text += api::page_ending(from_ ? std::optional{from_->id} : std::nullopt);
        co_return text;
    }

private:
    std::shared_ptr<branches::LiveBranch> branch_;
    std::shared_ptr<pg::Pool> pool_;
    legacy::UserFilter filter_;
    legacy::UserOrder order_;
    std::optional<legacy::UserPosition> from_;
    std::int64_t remaining_;
    bool is_begun_ = false;
    bool is_done_ = false;
};

awaitable<std::optional<std::string>> read_next(std::shared_ptr<Listing> listing) {
    if (listing->is_done()) co_return std::nullopt;
    auto part = co_await listing->read_part();
    co_return part;
}

http::Response nobody() {
    return http::Response::text(200, "application/json", R"({"items":[],"is_paginated":true,"pagination":{"next_cursor":null}})");
}

awaitable<Result<http::Response>> list(api::LegacyContext& ctx, Query query) {
    std::optional<legacy::UserPosition> from;
    if (query.cursor) {
        from = co_await legacy::find_position(ctx.db(), *query.cursor, by_activity(query));
        if (!from) co_return nobody();
    }
    const auto listing = std::make_shared<Listing>(ctx, query, std::move(from));
    auto first = co_await listing->read_part();
    auto response = http::Response::text(200, "application/json", std::move(first));
    if (!listing->is_done()) response.next_part = [listing] { return read_next(listing); };
    co_return response;
}
}  // namespace

constinit const api::DecodedEndpoint list_users = api::decoded<Query, list>;
}  // namespace argon::stack::users
