#include "oauth/form.hpp"

#include "http/url.hpp"

namespace argon::oauth {

std::string form_encode(std::string_view text) {
    std::string encoded;
    for (std::size_t at = 0; at <= text.size();) {
        const auto blank = std::min(text.find(' ', at), text.size());
        encoded += http::percent_encode(text.substr(at, blank - at));
        if (blank < text.size()) encoded += '+';
        at = blank + 1;
    }
    return encoded;
}

void Form::add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_ += form_encode(name) + "=" + form_encode(value);
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += separator;
        text += part;
    }
    return text;
}
}  // namespace argon::oauth
