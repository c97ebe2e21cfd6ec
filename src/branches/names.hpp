// Names that clients choose and PostgreSQL or people will read. The checks fit into a type's `fields` list: each returns its
// complaint, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.hpp"

namespace argon::branches {

/// Valid UTF-8 without control characters.
bool is_plain_text(std::string_view text);

/// One to 256 characters of plain text: names of projects and branches.
struct DisplayNameCheck {
    std::optional<std::string> operator()(std::string_view name) const;
    void describe(json::Object& schema) const;
};
inline constexpr DisplayNameCheck display_name;

/// One to 63 bytes, so that PostgreSQL never cuts it and makes two names one.
struct DatabaseNameCheck {
    std::optional<std::string> operator()(std::string_view name) const;
    void describe(json::Object& schema) const;
};
inline constexpr DatabaseNameCheck database_name;

/// As database_name; names that PostgreSQL or this program keep for themselves are refused.
struct RoleNameCheck {
    std::optional<std::string> operator()(std::string_view name) const;
    void describe(json::Object& schema) const;
};
inline constexpr RoleNameCheck role_name;
}  // namespace argon::branches
