// Lists of the legacy provider that come in pages, or whole and in parts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace argon::api {

/// Of `limit`: at least 1, as text.
struct WholeNumberCheck {
    std::optional<std::string> operator()(std::string_view text) const;
};
inline constexpr WholeNumberCheck whole_number;

/// More than a number can say is as good as all, as is nothing.
std::int64_t to_limit(const std::optional<std::string>& text);

inline constexpr std::string_view page_beginning = R"({"items":[)";
/// What closes it; `next` is the first item of the next page.
std::string page_ending(const std::optional<std::string>& next);
}  // namespace argon::api
