// Query parameters of lists: limit, cursor, search, flags. What does not read as asked is refused with 400 and named.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "api/description.hpp"
#include "base/error.hpp"
#include "branches/paging.hpp"
#include "http/url.hpp"

namespace argon::api {

struct PageLimits {
    std::int64_t fallback;
    std::int64_t maximum;
};

// The same parameters as a route describes them.
namespace parameters {
inline constexpr QueryParameter limit{"limit", "integer", "How many at most"};
inline constexpr QueryParameter cursor{"cursor", "string", "Where to go on: the cursor of the page before"};
inline constexpr QueryParameter search{"search", "string", "Only those with this text in their name or id"};
inline constexpr QueryParameter page[] = {limit, cursor, search};
}  // namespace parameters

/// Opaque to clients: base64url of id and sort key.
std::string encode_cursor(const branches::Cursor& cursor);
/// Nothing for a text that no cursor encodes to.
std::optional<branches::Cursor> decode_cursor(std::string_view text);

/// `limit`, `cursor` and `search`.
Result<branches::PageRequest> parse_page(const http::QueryParameters& parameters, PageLimits limits);
/// At most 256 characters of plain text; empty when absent.
Result<std::string> parse_search(const http::QueryParameters& parameters);
/// `true` or `false`.
Result<bool> parse_flag(const http::QueryParameters& parameters, std::string_view name, bool fallback);
Result<std::string> parse_choice(const http::QueryParameters& parameters, std::string_view name, std::initializer_list<std::string_view> choices);
/// The id if there is one; of the form that all ids of a path have.
Result<std::optional<std::string>> parse_id(const http::QueryParameters& parameters, std::string_view name);
/// A name that must be there: one to 63 bytes of plain text.
Result<std::string> require_name(const http::QueryParameters& parameters, std::string_view name);
}  // namespace argon::api
