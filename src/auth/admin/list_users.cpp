// GET /admin/list-users: search, filter, sort, page through the users. docs/design/0015 tells which indexes serve it.
#include <algorithm>

#include <fmt/format.h>

#include "api/table_query.hpp"
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {
using api::ColumnType;

constexpr api::Column columns[] = {
    {"id", "u.id", ColumnType::id},
    {"name", "u.name", ColumnType::text, "pg_catalog.left(u.name, 100)"},
    {"email", "u.email", ColumnType::text},
    {"emailVerified", R"(u."emailVerified")", ColumnType::flag},
    {"image", "u.image", ColumnType::text},
    {"createdAt", R"(u."createdAt")", ColumnType::time},
    {"updatedAt", R"(u."updatedAt")", ColumnType::time},
    {"role", "u.role", ColumnType::text},
    {"banned", "u.banned", ColumnType::flag},
    {"banReason", R"(u."banReason")", ColumnType::text},
    {"banExpires", R"(u."banExpires")", ColumnType::time},
    {"phoneNumber", R"(u."phoneNumber")", ColumnType::text},
    {"phoneNumberVerified", R"(u."phoneNumberVerified")", ColumnType::flag},
};
constexpr std::size_t phone_columns = 2;
constexpr std::int64_t default_limit = 100;
constexpr std::size_t trigram = 3;

constexpr api::QueryParameter list_parameters[] = {
    {"searchValue", "string", "text to look for"},
    {"searchField", "string", "`email`, the default, or `name`"},
    {"searchOperator", "string", "`contains`, the default, `starts_with` or `ends_with`"},
    {"limit", "integer", "100 unless given"},
    {"offset", "integer", "how many to pass over"},
    {"sortBy", "string", "a column; by age unless given"},
    {"sortDirection", "string", "`asc` or `desc`"},
    {"filterField", "string", "a column, `email` unless given"},
    {"filterValue", "string", "what to compare it with; several for `in` and `not_in`"},
    {"filterOperator", "string", "`eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `in`, `not_in`, `contains`, `starts_with` or `ends_with`"},
};

/// The pool's connections plan without values, once and for all. Which index a search is worth depends on what is searched.
constexpr pg::Statement plan_with_values{"admin.plan_with_values", "SET LOCAL plan_cache_mode = force_custom_plan"};

struct ListReply {
    std::vector<identity::User> users;
    std::int64_t total;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;

    static void fields(auto& f, const auto& reply) {
        f.required("users", reply.users);
        f.required("total", reply.total);
        f.optional("limit", reply.limit);
        f.optional("offset", reply.offset);
    }
};

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Result<> search(const api::Context& ctx, api::TableQuery& query) {
    const auto value = api::query_text(ctx, "searchValue");
    if (!value) return std::unexpected(value.error());
    const auto field = api::query_option(ctx, "searchField", {"email", "name"});
    if (!field) return std::unexpected(field.error());
    const auto op = api::query_option(ctx, "searchOperator", {"contains", "starts_with", "ends_with"});
    if (!op) return std::unexpected(op.error());
    if (!*value || (*value)->empty()) return {};
    const std::string_view column = *field == "name" ? "u.name" : "u.email";
    query.where(fmt::format("{} LIKE {}", column, query.parameter(api::like_pattern(op->value_or("contains"), **value))));
    // The index holds every three characters in a row; LIKE then has the last word.
    if (characters(**value) >= trigram) {
        query.where(fmt::format("neon_auth.argonauth_trigrams({}) @> neon_auth.argonauth_trigrams({})", column, query.parameter(**value)));
    }
    return {};
}

Result<api::TableQuery> read_query(const api::Context& ctx) {
    const std::span all{columns};
    api::TableQuery query{ctx.settings().plugins.phoneNumber.enabled ? all : all.first(all.size() - phone_columns)};
    if (auto done = search(ctx, query); !done) return std::unexpected(done.error());
    if (auto done = query.sort(ctx, "createdAt", "u.id"); !done) return std::unexpected(done.error());
    if (auto done = query.filter(ctx, "email"); !done) return std::unexpected(done.error());
    return query;
}

pg::ComposedStatement page_statement(const api::TableQuery& query) {
    const auto count = query.params().size();
    return {"admin.list_users", fmt::format("SELECT " ARGON_USER_COLUMNS " FROM neon_auth.\"user\" u{}{} LIMIT ${}::bigint OFFSET ${}::bigint",
                                            query.conditions(), query.order(), count + 1, count + 2)};
}

pg::ComposedStatement count_statement(const api::TableQuery& query) {
    return {"admin.count_users", "SELECT count(*) FROM neon_auth.\"user\" u" + query.conditions()};
}
}  // namespace

constexpr api::Description list_users_docs = api::describe<void, ListReply>(
    "listUsers", "Search, filter, sort and page through the users",
    {.query = list_parameters, .needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_list, api::errors::validation}});
awaitable<Result<http::Response>> list_users(api::Context& ctx) {
    auto query = read_query(ctx);
    if (!query) co_return std::unexpected(query.error());
    const auto page = query->page(ctx);
    if (!page) co_return std::unexpected(page.error());
    const auto session = co_await require_right(ctx, {"user", "list", errors::may_not_list});
    if (!session) co_return std::unexpected(session.error());

    auto bounds = query->params();
    bounds.add(page->limit.value_or(default_limit));
    bounds.add(page->offset.value_or(0));
    // On a connection of its own: a count over a million rows must not hold up the sessions that share the others.
    auto tx = co_await ctx.pool->begin();
    co_await tx.query(plan_with_values);
    const auto select = page_statement(*query);
    const auto rows = co_await tx.query_composed(select, std::move(bounds));
    const auto count = count_statement(*query);
    const auto counted = co_await tx.query_composed(count, query->params());
    co_await tx.commit();

    ListReply reply{rows.all<identity::User>(), counted.one<std::int64_t>(), page->limit, page->offset};
    for (auto& user : reply.users) user = api::shown(ctx, std::move(user));
    auto response = http::Response::json(200, reply);
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace argon::auth::admin
