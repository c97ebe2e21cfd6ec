// The audit trail: who changed what, when and from where, with an API key or an administrator's rights. Rows of argonauth.audit, in the
// control database. No value of a request is in them but the id, or for new users the address, that it is about.
#pragma once

#include <optional>
#include <string>

#include "api/services.hpp"

namespace argon::api {

struct AuditEntry {
    std::string actor;
    std::string action;
    std::string target;
    std::optional<std::string> project_id = {};
    std::optional<std::string> branch_id = {};
    std::string client_address;
    std::string request_id;
};

/// For what was done already: where it cannot be stored it is logged, and the request is answered all the same.
awaitable<> record_audit(const Services& services, AuditEntry entry);
}  // namespace argon::api
