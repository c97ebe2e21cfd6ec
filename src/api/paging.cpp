#include "api/paging.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/management_path.hpp"
#include "branches/names.hpp"
#include "crypto/encoding.hpp"
#include "json/decoder.hpp"

namespace argon::api {
namespace {
constexpr std::size_t longest_cursor = 2048;
constexpr std::size_t longest_search = 256;

std::unexpected<Error> refuse_parameter(std::string_view name, std::string_view complaint) {
    return refuse_with({400, "", ""}, fmt::format("invalid request: parameter \"{}\" {}", name, complaint));
}

Result<std::int64_t> parse_limit(const http::QueryParameters& parameters, PageLimits limits) {
    const auto* text = http::find(parameters, "limit");
    if (!text) return limits.fallback;
    std::int64_t limit = 0;
    const auto* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, limit);
    if (parsed.ec != std::errc{} || parsed.ptr != end || limit < 1 || limit > limits.maximum) {
        return refuse_parameter("limit", fmt::format("must be a number from 1 to {}", limits.maximum));
    }
    return limit;
}

Result<std::optional<branches::Cursor>> parse_cursor(const http::QueryParameters& parameters) {
    const auto* text = http::find(parameters, "cursor");
    if (!text || text->empty()) return std::nullopt;
    auto cursor = decode_cursor(*text);
    if (!cursor) return refuse_parameter("cursor", "is not one that a list returned");
    return cursor;
}
}  // namespace

std::string encode_cursor(const branches::Cursor& cursor) { return crypto::base64url_encode(cursor.id + "." + cursor.key); }

std::optional<branches::Cursor> decode_cursor(std::string_view text) {
    if (text.size() > longest_cursor) return {};
    const auto decoded = crypto::base64url_decode(text);
    if (!decoded) return {};
    const auto dot = decoded->find('.');
    if (dot == std::string::npos) return {};
    branches::Cursor cursor{.key = decoded->substr(dot + 1), .id = decoded->substr(0, dot)};
    if (!is_path_id(cursor.id) || !branches::is_plain_text(cursor.key)) return {};
    return cursor;
}

Result<branches::PageRequest> parse_page(const http::QueryParameters& parameters, PageLimits limits) {
    const auto limit = parse_limit(parameters, limits);
    if (!limit) return std::unexpected(limit.error());
    auto cursor = parse_cursor(parameters);
    if (!cursor) return std::unexpected(cursor.error());
    auto search = parse_search(parameters);
    if (!search) return std::unexpected(search.error());
    return branches::PageRequest{*limit, std::move(*cursor), std::move(*search)};
}

Result<std::string> parse_search(const http::QueryParameters& parameters) {
    const auto* text = http::find(parameters, "search");
    if (!text) return std::string{};
    if (!branches::is_plain_text(*text) || json::utf16_length(*text) > longest_search) {
        return refuse_parameter("search", "must be UTF-8 text of at most 256 characters");
    }
    return *text;
}

Result<bool> parse_flag(const http::QueryParameters& parameters, std::string_view name, bool fallback) {
    const auto* text = http::find(parameters, name);
    if (!text) return fallback;
    // Neon's API takes what Go reads as a boolean, and its Python client sends `True` and `False`.
    constexpr std::string_view yes[] = {"true", "True", "TRUE", "t", "T", "1"};
    constexpr std::string_view no[] = {"false", "False", "FALSE", "f", "F", "0"};
    if (std::ranges::find(yes, *text) != std::end(yes)) return true;
    if (std::ranges::find(no, *text) != std::end(no)) return false;
    return refuse_parameter(name, "must be true or false");
}

Result<std::string> parse_choice(const http::QueryParameters& parameters, std::string_view name, std::initializer_list<std::string_view> choices) {
    const auto* text = http::find(parameters, name);
    if (!text) return std::string{*choices.begin()};
    if (std::ranges::find(choices, *text) == choices.end()) return refuse_parameter(name, fmt::format("must be one of {}", fmt::join(choices, ", ")));
    return *text;
}

Result<std::optional<std::string>> parse_id(const http::QueryParameters& parameters, std::string_view name) {
    const auto* text = http::find(parameters, name);
    if (!text) return std::nullopt;
    if (!is_path_id(*text)) return refuse_parameter(name, "must match ^[a-z0-9-]{1,60}$");
    return *text;
}

Result<std::string> require_name(const http::QueryParameters& parameters, std::string_view name) {
    const auto* text = http::find(parameters, name);
    if (!text || text->empty()) return refuse_parameter(name, "is required");
    if (text->size() > 63 || !branches::is_plain_text(*text)) return refuse_parameter(name, "must be UTF-8 text of at most 63 bytes");
    return *text;
}
}  // namespace argon::api
