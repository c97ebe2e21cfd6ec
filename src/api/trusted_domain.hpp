// What may be written into a branch's list of trusted domains (auth-service.md, section 3.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.hpp"

namespace argon::api {

/// `https://app.example.com`, `http://localhost:3000`, `https://*.example.com`, `https://app-*.example.com`: web origins, without a path.
/// A wildcard stands for part of a host of which the last two names are given, or for a port. Returns its complaint, or nothing.
struct TrustedDomainCheck {
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(json::Object& schema) const { schema["format"] = "uri"; }
};
inline constexpr TrustedDomainCheck trusted_domain;
}  // namespace argon::api
