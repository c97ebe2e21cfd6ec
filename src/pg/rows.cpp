#include "pg/rows.hpp"

#include <libpq-fe.h>

#include "pg/params.hpp"

namespace argon::pg {

std::optional<std::string_view> Row::next() {
    const int column = column_++;
    if (column >= PQnfields(result_)) throw std::runtime_error("a statement returned too few columns");
    if (PQgetisnull(result_, row_, column)) return {};
    return std::string_view{PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

void Row::fail(const char* wanted) { throw std::runtime_error(std::string{"a database value is not "} + wanted); }

Rows::Rows(pg_result* result) : result_(result, [](pg_result* owned) { PQclear(owned); }) {}

std::size_t Rows::size() const { return result_ ? static_cast<std::size_t>(PQntuples(result_.get())) : 0; }

std::int64_t Rows::affected() const {
    std::int64_t count = 0;
    const std::string_view text = result_ ? PQcmdTuples(result_.get()) : "";
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

void Params::add(const std::vector<std::string>& items) {
    std::string literal = "{";
    for (const auto& item : items) {
        if (literal.size() > 1) literal += ',';
        literal += '"';
        for (const char c : item) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    values_.emplace_back(literal + "}");
}
}  // namespace argon::pg
