// Lists of the legacy provider that come in pages, or whole and in parts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/legacy.hpp"
#include "legacy/list_position.hpp"

namespace argon::api {

/// Of `limit`: at least 1, as text.
struct WholeNumberCheck {
    std::optional<std::string> operator()(std::string_view text) const;
};
inline constexpr WholeNumberCheck whole_number;

struct ListPart {
    std::string items;  ///< JSON, with commas between them
    std::int64_t count = 0;
    std::optional<legacy::ListPosition> next;
};
/// Reads at most so many from there on.
using ReadPart = std::function<awaitable<ListPart>(const std::optional<legacy::ListPosition>& from, std::int64_t most)>;

/// A list, or with a `limit` a page of it; `next_cursor` is the first item of the next page. It is read and sent `part_size` items at a time,
/// however many are wanted, so that what the server holds of it does not grow with the project; no connection is held between the parts, and
/// `read` outlives the request.
awaitable<http::Response> answer_list(const LegacyContext& ctx, ReadPart read, std::optional<legacy::ListPosition> from,
                                      const std::optional<std::string>& limit, std::int64_t part_size);
}  // namespace argon::api
