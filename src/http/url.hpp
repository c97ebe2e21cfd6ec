// URLs and percent-encoding. The parser takes a strict subset of what browsers accept and refuses the rest:
// what it accepts, every browser reads the same way (stack.md, section 9: differences here become open redirects).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace argon::http {

struct Url {
    std::string scheme;  ///< lower case, without the colon
    std::string host;    ///< lower case; IPv6 in brackets; no user information is ever accepted
    std::string port;    ///< empty when absent or the scheme's own
    std::string rest;    ///< path, query and fragment as given

    /// `scheme://host[:port]`, the form in which origins are compared.
    std::string origin() const;
};

/// Absolute http and https URLs only; nothing for any other text.
std::optional<Url> parse_url(std::string_view text);

/// Nothing when a percent sign is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);
/// As JavaScript's encodeURIComponent.
std::string percent_encode(std::string_view text);
/// A value as URLSearchParams writes it: blanks become `+`.
std::string form_encode(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// `a=1&b=2` decoded once, `+` read as a blank; parameters with broken encoding are kept as they came.
QueryParameters parse_query(std::string_view query);
/// The first parameter of that name.
const std::string* find(const QueryParameters& parameters, std::string_view name);

/// `name[:port]` of a Host field; false for anything a Host field may not hold (RFC 9112, section 3.2).
bool is_valid_host(std::string_view host);
}  // namespace argon::http
