// GET /teams: all teams or those of a user, or a page of them; `next_cursor` is the first team of the next page.
#include <memory>

#include "api/legacy_page.hpp"
#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
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

awaitable<api::ListPart> read_part(std::shared_ptr<pg::Pool> pool, legacy::TeamFilter filter, bool for_client,
                                   std::optional<legacy::ListPosition> from, std::int64_t most) {
    auto page = co_await legacy::list_teams(*pool, filter, from, most);
    api::ListPart part{.items = {}, .count = std::ssize(page.items), .next = std::move(page.next)};
    for (auto& team : page.items) {
        if (!part.items.empty()) part.items += ',';
        part.items += json::to_text(json::Value(for_client ? legacy::client_view(std::move(team)) : std::move(team)));
    }
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
    std::optional<legacy::ListPosition> from;
    if (query->cursor) {
        from = co_await legacy::find_team_position(ctx.db(), *query->cursor);
        // An empty page would look like the end of the list.
        if (!from) co_return std::unexpected(api::known::schema_error("[query.cursor] No such team, or no longer: begin the list again"));
    }
    auto read = [pool = ctx.pool, filter = std::move(filter), for_client = ctx.is_client()](const auto& begin, std::int64_t most) {
        return read_part(pool, filter, for_client, begin, most);
    };
    auto response = co_await api::answer_list(ctx, std::move(read), std::move(from), query->limit, part_size);
    co_return response;
}
}  // namespace argon::stack::teams
