// What the settings of a mail server may be. They go into a protocol made of lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/decoder.hpp"

namespace argon::api {

/// A name or an address; no port.
struct MailHostCheck {
    std::optional<std::string> operator()(std::string_view host) const;
};

struct MailTextCheck {
    std::size_t bytes;
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(json::Object& schema) const { schema["maxLength"] = bytes; }
};

inline constexpr MailHostCheck mail_host;
inline constexpr json::range mail_port{1, 65'535};
inline constexpr MailTextCheck mail_username{512};
inline constexpr MailTextCheck mail_password{1024};
inline constexpr MailTextCheck mail_sender_name{256};
}  // namespace argon::api
