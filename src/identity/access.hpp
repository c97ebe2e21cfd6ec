// Roles and what they may do: tables of statements, asked by the admin and organization features.
// A role is stored as text, several joined by commas; a part that is no known role, exactly as written, grants nothing.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/shapes.hpp"

namespace argon::identity {

struct Grant {
    std::string_view resource;
    std::initializer_list<std::string_view> actions;
};

struct Role {
    std::string_view name;
    std::span<const Grant> grants;
};

/// `role` holds `name` as one of its parts.
bool has_role(std::string_view role, std::string_view name);
/// Whether one of the parts of `role` grants the action.
bool grants(std::span<const Role> roles, std::string_view role, std::string_view resource, std::string_view action);
/// Whether one of the parts grants all that is asked for; to ask for nothing is refused.
bool grants_all(std::span<const Role> roles, std::string_view role, const json::TextLists& wanted);

struct ReadRoles {
    std::string joined;          ///< known roles, each once, as they are stored
    std::vector<std::string> unknown;
};
/// Texts from a client, each a role or several joined by commas. Nothing is trimmed or folded: ` admin` is no role.
ReadRoles read_roles(std::span<const Role> roles, const std::vector<std::string>& texts);
}  // namespace argon::identity
