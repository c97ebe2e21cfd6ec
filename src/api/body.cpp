#include "api/body.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "http/url.hpp"

namespace argon::api {
namespace {
constexpr std::size_t max_body = 64 * 1024;
/// Not JSON, yet some clients send it; RFC 8259, 8.1, lets a reader pass it over.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_type(std::string_view content_type, std::string_view wanted) {
    return http::equal_ignoring_case(http::trim(content_type.substr(0, content_type.find(';'))), wanted);
}

Result<std::optional<json::Value>> parse_form(std::string_view text) {
    json::Object form;
    for (const auto& [name, value] : http::parse_query(text)) {
        if (!is_utf8(name) || !is_utf8(value)) return refuse(errors::invalid_form);
        form[name] = value;
    }
    return json::Value(std::move(form));
}
}  // namespace

Result<std::optional<json::Value>> parse_body(const http::Request& request, bool accepts_form) {
    if (request.body.size() > max_body) return refuse(errors::body_too_large);
    const auto content_type = request.fields.find("Content-Type");
    if (!content_type || content_type->empty()) return std::nullopt;
    if (is_type(*content_type, "application/json")) {
        std::string_view text{request.body};
        if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
        if (text.empty()) return std::nullopt;
        auto value = json::parse(text);
        if (!value) return refuse(errors::invalid_json);
        return value;
    }
    if (accepts_form && is_type(*content_type, "application/x-www-form-urlencoded")) return parse_form(request.body);
    if (request.body.empty()) return std::nullopt;
    const auto allowed = accepts_form ? "application/x-www-form-urlencoded, application/json" : "application/json";
    return refuse_with(errors::unsupported_media_type,
                       fmt::format("Content-Type \"{}\" is not allowed. Allowed types: {}", content_type->substr(0, 200), allowed));
}
}  // namespace argon::api
