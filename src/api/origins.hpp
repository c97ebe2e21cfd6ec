// Which origins and redirect targets a branch trusts (auth-service.md, 3.4-3.5; auth-wire-facts.md, facts 43-45).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace argon::api {

/// `*` matches any text without `/`, `?` one character without `/`; `*` also matches dots, as in Better Auth.
bool matches_wildcard(std::string_view pattern, std::string_view text);

/// `/` followed by letters, digits and `_-.+/@`, with an optional query; never a second slash or backslash in the first place, plain or encoded.
bool is_safe_relative_path(std::string_view path);

/// Whether `url` belongs to one of the patterns: an origin compared exactly, a pattern with wildcards, or an app scheme such as `myapp://`.
bool matches_origin(std::string_view url, std::string_view pattern);

class TrustedOrigins {
public:
    TrustedOrigins() = default;
    TrustedOrigins(std::vector<std::string> own, std::vector<std::string> configured, bool allow_localhost);

    /// For Origin and Referer headers.
    bool trusts_origin(std::string_view origin) const;
    /// For redirect targets: as trusts_origin, and safe relative paths too.
    bool trusts_target(std::string_view url) const;

private:
    std::vector<std::string> patterns_;
    bool allow_localhost_ = false;
};
}  // namespace argon::api
