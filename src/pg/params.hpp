// Values on their way into a statement: text format, NULL as an empty optional.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace argon::pg {

class Params {
public:
    Params() = default;
    template <class... Values>
    explicit Params(std::in_place_t, const Values&... values) {
        values_.reserve(sizeof...(values));
        (add(values), ...);
    }

    void add(std::string_view text) { values_.emplace_back(std::string{text}); }
    void add(const std::string& text) { values_.emplace_back(text); }
    void add(const char* text) { values_.emplace_back(text); }
    void add(bool flag) { values_.emplace_back(flag ? "true" : "false"); }
    void add(std::nullptr_t) { values_.emplace_back(std::nullopt); }
    void add(std::nullopt_t) { values_.emplace_back(std::nullopt); }
    void add(std::integral auto number) { values_.emplace_back(std::to_string(number)); }
    void add(TimePoint time) { values_.emplace_back(to_iso(time)); }
    template <class Tag>
    void add(const Id<Tag>& id) {
        values_.emplace_back(id.value);
    }
    template <class T>
    void add(const std::optional<T>& value) {
        value ? add(*value) : add(nullptr);
    }
    /// A text[] literal.
    void add(const std::vector<std::string>& items);

    /// Something the statement needs until its answer is there.
    void keep_alive(std::shared_ptr<const void> owner) { owner_ = std::move(owner); }

    std::size_t size() const { return values_.size(); }
    const std::vector<std::optional<std::string>>& values() const { return values_; }

private:
    std::vector<std::optional<std::string>> values_;
    std::shared_ptr<const void> owner_;
};
}  // namespace argon::pg
