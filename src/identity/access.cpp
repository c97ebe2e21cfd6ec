#include "identity/access.hpp"

#include <algorithm>

namespace argon::identity {
namespace {
/// Calls `visit(part)` for each part until it returns true; whether one did.
template <class Visit>
bool any_part(std::string_view role, Visit visit) {
    for (;;) {
        const auto comma = role.find(',');
        if (visit(role.substr(0, comma))) return true;
        if (comma == std::string_view::npos) return false;
        role.remove_prefix(comma + 1);
    }
}

const Role* find_role(std::span<const Role> roles, std::string_view name) {
    const auto found = std::ranges::find(roles, name, &Role::name);
    return found == roles.end() ? nullptr : &*found;
}

bool allows(const Role& role, std::string_view resource, std::string_view action) {
    return std::ranges::any_of(role.grants, [&](const Grant& grant) {
        return grant.resource == resource && std::ranges::find(grant.actions, action) != grant.actions.end();
    });
}

bool knows(const Role& role, std::string_view resource) {
    return std::ranges::any_of(role.grants, [&](const Grant& grant) { return grant.resource == resource; });
}

bool allows_all(const Role& role, const json::TextLists& wanted) {
    return !wanted.lists.empty() && std::ranges::all_of(wanted.lists, [&](const auto& entry) {
        const auto& [resource, actions] = entry;
        // To ask for nothing is a mistake in the asking, not a right that everybody has.
        return knows(role, resource) && !actions.empty() &&
               std::ranges::all_of(actions, [&](const auto& action) { return allows(role, resource, action); });
    });
}
}  // namespace

bool has_role(std::string_view role, std::string_view name) {
    return any_part(role, [&](std::string_view part) { return part == name; });
}

bool grants(std::span<const Role> roles, std::string_view role, std::string_view resource, std::string_view action) {
    return any_part(role, [&](std::string_view part) {
        const auto* known = find_role(roles, part);
        return known && allows(*known, resource, action);
    });
}

bool grants_all(std::span<const Role> roles, std::string_view role, const json::TextLists& wanted) {
    return any_part(role, [&](std::string_view part) {
        const auto* known = find_role(roles, part);
        return known && allows_all(*known, wanted);
    });
}

ReadRoles read_roles(std::span<const Role> roles, const std::vector<std::string>& texts) {
    ReadRoles read;
    for (const auto& text : texts) {
        any_part(text, [&](std::string_view part) {
            if (!find_role(roles, part)) {
                read.unknown.emplace_back(part);
            } else if (read.joined.empty() || !has_role(read.joined, part)) {
                read.joined += (read.joined.empty() ? "" : ",") + std::string{part};
            }
            return false;
        });
    }
    return read;
}
}  // namespace argon::identity
