#include "api/permission_body.hpp"

namespace argon::api {
namespace {
std::optional<json::TextLists> read_lists(const json::Value* body, std::string_view name) {
    const auto* value = body && body->is_object() ? json::find(*body, name) : nullptr;
    json::TextLists lists;
    if (!value || json::TextLists::read(value, lists)) return {};
    return lists;
}
}  // namespace

std::string read_one_permission(const json::Value* body, std::optional<json::TextLists>& permission, std::optional<json::TextLists>& permissions) {
    permission = read_lists(body, "permission");
    permissions = read_lists(body, "permissions");
    if (permission && permissions) return "[body] Invalid input: more than one option matched";
    return permission || permissions ? "" : "[body] Invalid input";
}
}  // namespace argon::api
