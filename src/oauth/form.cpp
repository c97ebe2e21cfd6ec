#include "oauth/form.hpp"

#include "http/url.hpp"

namespace argon::oauth {

void Form::add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_ += http::form_encode(name) + "=" + http::form_encode(value);
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
