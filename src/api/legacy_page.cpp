#include "api/legacy_page.hpp"

#include <charconv>
#include <limits>

#include "json/writer.hpp"

namespace argon::api {
namespace {
struct Pagination {
    const std::optional<std::string>& next_cursor;

    static void fields(auto& f, const auto& pagination) { f.required("next_cursor", pagination.next_cursor); }
};
}  // namespace

std::optional<std::string> WholeNumberCheck::operator()(std::string_view text) const {
    const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (is_number && text.find_first_not_of('0') != std::string_view::npos) return {};
    return "Invalid input: expected an integer of at least 1";
}

std::int64_t to_limit(const std::optional<std::string>& text) {
    auto limit = std::numeric_limits<std::int64_t>::max();
    if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
    return limit;
}

std::string page_ending(const std::optional<std::string>& next) {
    return R"(],"is_paginated":true,"pagination":)" + json::encode(Pagination{next}) + "}";
}
}  // namespace argon::api
