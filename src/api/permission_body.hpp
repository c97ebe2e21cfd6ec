// What both has-permission endpoints are asked. Better Auth takes the resources as `permissions` or, from clients of old, as `permission`:
// exactly one of them. The latter grants nothing (auth-wire-facts.md, fact 54).
#pragma once

#include "api/context.hpp"
#include "json/shapes.hpp"

namespace argon::api {

/// `Scope` holds the other members of the body.
template <class Scope>
struct PermissionBody {
    Scope scope;
    std::optional<json::TextLists> permission;
    std::optional<json::TextLists> permissions;

    static void fields(auto& f, auto& body) {
        Scope::fields(f, body.scope);
        f.optional("permission", body.permission);
        f.optional("permissions", body.permissions);
    }
};

/// Fills one of the two; the complaint when none or both are there.
std::string read_one_permission(const json::Value* body, std::optional<json::TextLists>& permission, std::optional<json::TextLists>& permissions);

/// zod checks the two halves of the body apart and reports both.
template <class Scope>
Result<PermissionBody<Scope>> permission_body(const Context& ctx) {
    const auto* value = ctx.parsed_body ? &*ctx.parsed_body : nullptr;
    PermissionBody<Scope> body;
    auto issues = json::decode(value, "body", body.scope);
    const auto complaint = read_one_permission(value, body.permission, body.permissions);
    if (!complaint.empty()) issues += (issues.empty() ? "" : "; ") + complaint;
    if (!issues.empty()) return refuse_with(errors::validation, std::move(issues));
    return body;
}
}  // namespace argon::api
