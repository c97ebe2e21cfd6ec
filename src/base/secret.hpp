// A value that must not be printed. It has no conversion: reveal() shows up in a review.
#pragma once

#include <string>
#include <utility>

namespace argon {

template <class T = std::string>
class Secret {
public:
    Secret() = default;
    explicit Secret(T value) : value_(std::move(value)) {}

    const T& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

private:
    T value_;
};
}  // namespace argon
