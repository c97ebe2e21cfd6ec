#include "api/mail_server.hpp"

#include <fmt/format.h>

#include "branches/names.hpp"
#include "http/url.hpp"

namespace argon::api {

std::optional<std::string> MailHostCheck::operator()(std::string_view host) const {
    // With a port behind it, so that none can be in it.
    if (http::is_valid_host(std::string{host} + ":1")) return {};
    return "Invalid host: expected a name or an address, without a port";
}

std::optional<std::string> MailTextCheck::operator()(std::string_view text) const {
    if (text.size() <= bytes && branches::is_plain_text(text)) return {};
    return fmt::format("Invalid text: at most {} bytes are allowed, none of them a control character", bytes);
}
}  // namespace argon::api
