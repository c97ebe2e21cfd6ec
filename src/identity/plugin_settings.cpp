#include "identity/plugin_settings.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace argon::identity {
namespace {
/// Of this app: browsers read `//host` and `/\\host` as another one.
bool is_path(std::string_view text) {
    const bool clean = std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\'; });
    return clean && text.starts_with('/') && !text.starts_with("//");
}
}  // namespace

std::optional<std::string> app_address::operator()(std::string_view text) const {
    if (is_path(text) || http::parse_url(text)) return {};
    return "Invalid input: expected a path that begins with one slash, or an http or https URL";
}

void app_address::describe(json::Object& schema) const { schema["minLength"] = 1; }
}  // namespace argon::identity
