#include "api/table_query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace argon::api {
namespace {
constexpr std::size_t most_values = 100;

std::unexpected<Error> complain(std::string_view name, std::string_view text) {
    return refuse_with(errors::validation, fmt::format("[query.{}] {}", name, text));
}

Result<> check_text(std::string_view name, const std::string& value) {
    if (value.find('\0') == value.npos && is_utf8(value)) return {};
    return complain(name, "Invalid input: expected UTF-8 text without NUL");
}

Result<std::vector<std::string>> query_texts(const Context& ctx, std::string_view name) {
    std::vector<std::string> values;
    for (const auto& [key, value] : ctx.query) {
        if (key != name) continue;
        if (auto checked = check_text(name, value); !checked) return std::unexpected(checked.error());
        values.push_back(value);
    }
    if (values.size() > most_values) return complain(name, fmt::format("Too big: expected array to have <={} items", most_values));
    return values;
}

/// JavaScript's Number(): what is no number, or no positive one, counts as absent.
Result<std::optional<std::int64_t>> query_number(const Context& ctx, std::string_view name, std::int64_t largest) {
    const auto* text = http::find(ctx.query, name);
    if (!text || text->empty()) return std::nullopt;
    double number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(number) || number == 0) return std::nullopt;
    if (number < 0) return complain(name, "Too small: expected number to be >=0");
    if (number > static_cast<double>(largest)) return complain(name, fmt::format("Too big: expected number to be <={}", largest));
    return static_cast<std::int64_t>(number);
}

constexpr std::string_view text_operators[] = {"contains", "starts_with", "ends_with"};

std::string_view sql_operator(std::string_view op) {
    constexpr std::pair<std::string_view, std::string_view> table[] = {
        {"eq", "="}, {"ne", "IS DISTINCT FROM"}, {"lt", "<"}, {"lte", "<="}, {"gt", ">"}, {"gte", ">="},
    };
    const auto found = std::ranges::find(table, op, &std::pair<std::string_view, std::string_view>::first);
    return found == std::end(table) ? std::string_view{} : found->second;
}

struct TypeRule {
    std::string_view sql;
    std::string_view expected;
    /// As PostgreSQL takes it, or nothing.
    std::optional<std::string> (*read)(const std::string& value);
};

/// A date alone is its first moment.
std::optional<std::string> read_time(const std::string& value) {
    constexpr std::size_t date_size = 10;
    const auto time = parse_time(value.size() == date_size ? value + "T00:00:00Z" : value);
    if (!time) return {};
    return to_iso(*time);
}

std::optional<std::string> when(bool fits, const std::string& value) { return fits ? std::optional{value} : std::nullopt; }

TypeRule rule_of(ColumnType type) {
    switch (type) {
        case ColumnType::flag:
            return {"boolean", "boolean", [](const std::string& value) { return when(value == "true" || value == "false", value); }};
        case ColumnType::time: return {"timestamptz", "date", read_time};
        case ColumnType::id: return {"uuid", "uuid", [](const std::string& value) { return when(is_uuid(value), value); }};
        case ColumnType::text: break;
    }
    return {"text", "string", [](const std::string& value) { return when(true, value); }};
}
}  // namespace

Result<std::optional<std::string>> query_text(const Context& ctx, std::string_view name) {
    const auto* value = http::find(ctx.query, name);
    if (!value) return std::nullopt;
    if (auto checked = check_text(name, *value); !checked) return std::unexpected(checked.error());
    return *value;
}

Result<std::optional<std::string>> query_option(const Context& ctx, std::string_view name, std::initializer_list<std::string_view> options) {
    const auto* value = http::find(ctx.query, name);
    if (!value) return std::nullopt;
    if (const auto text = json::one_of{options}(*value)) return complain(name, *text);
    return *value;
}

std::string like_pattern(std::string_view op, std::string_view value) {
    std::string pattern = op == "starts_with" ? "" : "%";
    for (const char c : value) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return op == "ends_with" ? pattern : pattern + "%";
}

void TableQuery::where(std::string condition) { where_ += (where_.empty() ? "" : " AND ") + condition; }

std::string TableQuery::conditions() const { return where_.empty() ? std::string{} : " WHERE " + where_; }

Result<const Column*> TableQuery::find(std::string_view parameter, const std::string& name) const {
    const auto found = std::ranges::find(columns_, name, &Column::name);
    if (found != columns_.end()) return &*found;
    std::string known;
    for (const auto& column : columns_) known += fmt::format("{}\"{}\"", known.empty() ? "" : "|", column.name);
    return complain(parameter, "Invalid option: expected one of " + known);
}

Result<std::string> TableQuery::comparison(const Column& column, std::string_view op, const std::vector<std::string>& given) {
    const auto rule = rule_of(column.type);
    std::vector<std::string> values;
    for (const auto& text : given) {
        auto value = rule.read(text);
        if (!value) return complain("filterValue", fmt::format("Invalid input: expected {}", rule.expected));
        values.push_back(std::move(*value));
    }
    if (std::ranges::find(text_operators, op) != std::end(text_operators)) {
        if (column.type != ColumnType::text) return complain("filterOperator", fmt::format("Invalid option: \"{}\" is for text", op));
        return fmt::format("{} LIKE {}", column.sql, parameter(like_pattern(op, values.front())));
    }
    if (op == "in") return fmt::format("{} = ANY({}::{}[])", column.sql, parameter(values), rule.sql);
    if (op == "not_in") return fmt::format("({0} = ANY({1}::{2}[])) IS NOT TRUE", column.sql, parameter(values), rule.sql);
    return fmt::format("{} {} {}::{}", column.sql, sql_operator(op), parameter(values.front()), rule.sql);
}

Result<> TableQuery::filter(const Context& ctx, std::string_view default_field) {
    const auto op =
        query_option(ctx, "filterOperator", {"eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in", "contains", "starts_with", "ends_with"});
    if (!op) return std::unexpected(op.error());
    const auto field = query_text(ctx, "filterField");
    if (!field) return std::unexpected(field.error());
    const auto name = *field && !(*field)->empty() ? **field : std::string{default_field};
    if (name.empty()) return {};
    const auto column = find("filterField", name == "_id" ? "id" : name);
    if (!column) return std::unexpected(column.error());
    const auto values = query_texts(ctx, "filterValue");
    if (!values) return std::unexpected(values.error());
    if (values->empty()) return {};
    auto condition = comparison(**column, op->value_or("eq"), *values);
    if (!condition) return std::unexpected(condition.error());
    where(std::move(*condition));
    return {};
}

Result<> TableQuery::sort(const Context& ctx, std::string_view otherwise, std::string_view id) {
    const auto by = query_text(ctx, "sortBy");
    if (!by) return std::unexpected(by.error());
    const auto direction = query_option(ctx, "sortDirection", {"asc", "desc"});
    if (!direction) return std::unexpected(direction.error());
    const bool is_given = *by && !(*by)->empty();
    const auto column = find("sortBy", is_given ? **by : std::string{otherwise});
    if (!column) return std::unexpected(column.error());
    const auto suffix = is_given && *direction == "desc" ? " DESC" : "";
    const auto expression = (*column)->sort_sql.empty() ? (*column)->sql : (*column)->sort_sql;
    order_ = fmt::format(" ORDER BY {}{}", expression, suffix);
    if ((*column)->sql != id) order_ += fmt::format(", {}{}", id, suffix);
    return {};
}

Result<Page> TableQuery::page(const Context& ctx) {
    const auto limit = query_number(ctx, "limit", largest_page);
    if (!limit) return std::unexpected(limit.error());
    const auto offset = query_number(ctx, "offset", std::int64_t{1} << 53);
    if (!offset) return std::unexpected(offset.error());
    return Page{*limit, *offset};
}
}  // namespace argon::api
