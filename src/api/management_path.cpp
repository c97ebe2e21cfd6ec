#include "api/management_path.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "branches/names.hpp"
#include "http/url.hpp"

namespace argon::api {
namespace {
constexpr std::size_t longest_name = 63;

/// The first segment of `/a/b/c`, without slashes, taken off the front.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

bool is_valid(std::string_view name, std::string_view value) {
    if (name == "auth_provider") return is_path_id(value) || value == "better_auth";
    if (!name.ends_with("_name")) return is_path_id(value);
    return !value.empty() && value.size() <= longest_name && branches::is_plain_text(value);
}
}  // namespace

std::optional<RawParameters> match_path(std::string_view path_template, std::string_view path) {
    RawParameters parameters;
    while (path_template.starts_with('/') && path.starts_with('/')) {
        const auto expected = take_segment(path_template);
        const auto segment = take_segment(path);
        if (expected.starts_with('{') && !segment.empty()) {
            parameters.emplace(expected.substr(1, expected.size() - 2), segment);
        } else if (expected != segment) {
            return {};
        }
    }
    if (!path_template.empty() || !path.empty()) return {};
    return parameters;
}

bool is_path_id(std::string_view text) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= 60 && std::ranges::all_of(text, allowed);
}

Result<PathParameters> check_parameters(const RawParameters& raw) {
    PathParameters parameters;
    for (const auto& [name, text] : raw) {
        auto value = http::percent_decode(text);
        if (!value || !is_valid(name, *value)) {
            return refuse_with({400, "", ""}, fmt::format("invalid request: parameter \"{}\" in path has a wrong form", name));
        }
        parameters.emplace(name, std::move(*value));
    }
    return parameters;
}
}  // namespace argon::api
