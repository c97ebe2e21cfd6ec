// The answer to a statement.
#pragma once

#include <charconv>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

struct pg_result;

namespace argon::pg {

/// One row, read column by column from the left. A tenant can change its own tables: a value that does not read as
/// the wanted type throws, and costs that request only.
class Row {
public:
    Row(pg_result* result, int row) : result_(result), row_(row) {}

    /// Reads the next column into `target`; columns of a type are listed in its `columns` function.
    template <class T>
    Row& operator()(T& target) {
        const auto text = next();
        assign(text, target);
        return *this;
    }

private:
    std::optional<std::string_view> next();
    [[noreturn]] static void fail(const char* wanted);

    static void assign(std::optional<std::string_view> text, std::string& target) { target = text ? *text : (fail("text"), std::string_view{}); }
    static void assign(std::optional<std::string_view> text, bool& target) { target = text && *text == "t"; }
    static void assign(std::optional<std::string_view> text, TimePoint& target) {
        const auto time = text ? parse_database_time(*text) : std::nullopt;
        target = time ? *time : (fail("a time"), TimePoint{});
    }
    template <std::integral T>
    static void assign(std::optional<std::string_view> text, T& target) {
        if (!text || std::from_chars(text->data(), text->data() + text->size(), target).ec != std::errc{}) fail("a number");
    }
    template <class Tag>
    static void assign(std::optional<std::string_view> text, Id<Tag>& target) {
        assign(text, target.value);
    }
    template <class T>
    static void assign(std::optional<std::string_view> text, std::optional<T>& target) {
        target.reset();
        if (text) assign(text, target.emplace());
    }

    pg_result* result_;
    int row_;
    int column_ = 0;
};

class Rows {
public:
    Rows() = default;
    explicit Rows(pg_result* result);

    std::size_t size() const;
    bool empty() const { return size() == 0; }
    /// Rows that an INSERT, UPDATE or DELETE touched.
    std::int64_t affected() const;
    Row operator[](std::size_t row) const { return Row{result_.get(), static_cast<int>(row)}; }

    /// The single row as T, or nothing when there is none. T lists its columns, or is a plain value.
    template <class T>
    std::optional<T> maybe() const {
        if (empty()) return {};
        return read<T>((*this)[0]);
    }
    /// As maybe; absence is a fault.
    template <class T>
    T one() const {
        auto value = maybe<T>();
        if (!value) throw std::runtime_error("a statement returned no row");
        return std::move(*value);
    }
    template <class T>
    std::vector<T> all() const {
        std::vector<T> values;
        values.reserve(size());
        for (std::size_t i = 0; i < size(); ++i) values.push_back(read<T>((*this)[i]));
        return values;
    }

private:
    template <class T>
    static T read(Row row) {
        T value{};
        if constexpr (requires { T::columns(row, value); }) {
            T::columns(row, value);
        } else {
            row(value);
        }
        return value;
    }

    std::shared_ptr<pg_result> result_;
};
}  // namespace argon::pg
