// GET /teams: all teams or those of a user, or a page of them; `next_cursor` is the first team of the next page.
#include <memory>

#include "api/legacy_page.hpp"
#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
/// So many are read and sent at a time, however many are wanted: what the server holds of an answer does not grow with the project.
constexpr std::int64_t part_size = 200;

struct Query {
    std::optional<std::string> user_id, limit, cursor, order_by, desc, query;

    static void fields(auto& f, auto& query) {
        f.optional("user_id", query.user_id, json::max_length{64});
        f.optional("limit", query.limit, api::whole_number);
        f.optional("cursor", query.cursor, api::uuid);
        f.optional("order_by", query.order_by, json::one_of{{"created_at"}});
        f.optional("desc", query.desc, json::one_of{{"true", "false"}});
        f.optional("query", query.query, json::max_length{512});
    }
};

/// The answer, a part at a time. It outlives its request, and holds no connection between the parts.
class Listing {
public:
    Listing(const api::LegacyContext& ctx, legacy::TeamFilter filter, std::int64_t limit, std::optional<legacy::TeamPosition> from)
        : branch_(ctx.branch), pool_(ctx.pool), is_client_(ctx.is_client()), filter_(std::move(filter)), from_(std::move(from)), remaining_(limit) {}

    bool is_done() const { return is_done_; }
    awaitable<std::string> read_part() {
        auto page = co_await legacy::list_teams(*pool_, filter_, from_, std::min(remaining_, part_size));
        std::string text = is_begun_ ? std::string{} : std::string{api::page_beginning};
        for (auto& team : page.items) {
            if (is_begun_) text += ',';
            is_begun_ = true;
            text += json::to_text(json::Value(is_client_ ? legacy::client_view(std::move(team)) : std::move(team)));
        }
        is_begun_ = true;
        remaining_ -= std::ssize(page.items);
        from_ = std::move(page.next);
        is_done_ = !from_ || remaining_ == 0;
        if (is_done_) text += api::page_ending(from_ ? std::optional{from_->id} : std::nullopt);
        co_return text;
    }

private:
    std::shared_ptr<branches::LiveBranch> branch_;
    std::shared_ptr<pg::Pool> pool_;
    bool is_client_;
    legacy::TeamFilter filter_;
    std::optional<legacy::TeamPosition> from_;
    std::int64_t remaining_;
    bool is_begun_ = false;
    bool is_done_ = false;
};

awaitable<std::optional<std::string>> read_next(std::shared_ptr<Listing> listing) {
    if (listing->is_done()) co_return std::nullopt;
    auto part = co_await listing->read_part();
    co_return part;
}
}  // namespace

awaitable<Result<http::Response>> list(api::LegacyContext& ctx) {
    const auto query = ctx.parameters<Query>();
    if (!query) co_return std::unexpected(query.error());
    if (ctx.is_client() && !query->user_id)
        co_return api::known::refuse_text(403, "Client can only list teams for their own user: user_id must be 'me'");
    legacy::TeamFilter filter{
        .member = {}, .search = query->query && query->query->empty() ? std::nullopt : query->query, .descending = query->desc == "true"};
    if (query->user_id) {
        const auto user = co_await api::resolve_user(ctx, *query->user_id);
        if (!user) co_return std::unexpected(user.error());
        filter.member = *user;
    }
    std::optional<legacy::TeamPosition> from;
    if (query->cursor) {
        from = co_await legacy::find_team_position(ctx.db(), *query->cursor);
        // An empty page would look like the end of the list.
        if (!from) co_return std::unexpected(api::known::schema_error("[query.cursor] No such team, or no longer: begin the list again"));
    }
    const auto listing = std::make_shared<Listing>(ctx, std::move(filter), api::to_limit(query->limit), std::move(from));
    auto first = co_await listing->read_part();
    auto response = http::Response::text(200, "application/json", std::move(first));
    if (!listing->is_done()) response.next_part = [listing] { return read_next(listing); };
    co_return response;
}
}  // namespace argon::stack::teams
