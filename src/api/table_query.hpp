// Lists that a client searches, filters, sorts and pages through by query parameters (auth-wire-facts.md, fact 52).
// Columns and operators come from closed lists, so every part of the SQL is a constant; values travel as parameters.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/context.hpp"

namespace argon::api {

enum class ColumnType { text, flag, time, id };

struct Column {
    std::string_view name;  ///< on the wire
    std::string_view sql;
    ColumnType type;
    /// What to sort by where that is another expression, one that has an index.
    std::string_view sort_sql = {};
};

/// The largest page; more would make one answer as large as the table.
inline constexpr std::int64_t largest_page = 10'000;

struct Page {
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;
};

/// The end of a SELECT, put together piece by piece.
class TableQuery {
public:
    explicit TableQuery(std::span<const Column> columns) : columns_(columns) {}

    /// A condition of ours, with the parameters it names by `parameter`.
    void where(std::string condition);
    /// `$n` for a value.
    template <class T>
    std::string parameter(const T& value) {
        params_.add(value);
        return "$" + std::to_string(params_.size());
    }
    /// filterField, filterOperator and filterValue, in the names of the request; does nothing without a value, or without a field where
    /// the default is empty. As in Better Auth, `_id` is the id.
    Result<> filter(const Context& ctx, std::string_view default_field);
    /// sortBy and sortDirection; `otherwise` without the former. The id comes last, so that no row is on two pages.
    Result<> sort(const Context& ctx, std::string_view otherwise, std::string_view id);
    /// limit and offset. As in Better Auth, what is no number counts as absent.
    Result<Page> page(const Context& ctx);

    std::string conditions() const;
    const std::string& order() const { return order_; }
    const pg::Params& params() const { return params_; }

private:
    Result<const Column*> find(std::string_view parameter, const std::string& name) const;
    Result<std::string> comparison(const Column& column, std::string_view op, const std::vector<std::string>& given);

    std::span<const Column> columns_;
    std::string where_;
    std::string order_;
    pg::Params params_;
};

/// A query parameter that may go into a statement: refused when it is not UTF-8 or holds NUL. The first of that name counts.
Result<std::optional<std::string>> query_text(const Context& ctx, std::string_view name);
/// As query_text; refused as well when it is none of the options.
Result<std::optional<std::string>> query_option(const Context& ctx, std::string_view name, std::initializer_list<std::string_view> options);

/// A LIKE pattern for text that contains, starts or ends with `value`; `%`, `_` and `\` in it stand for themselves.
std::string like_pattern(std::string_view op, std::string_view value);
}  // namespace argon::api
