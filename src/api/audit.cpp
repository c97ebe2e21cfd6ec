#include "api/audit.hpp"

#include "base/log.hpp"

namespace argon::api {
namespace {
constexpr pg::Statement insert_entry{"api.record_audit", R"sql(
    INSERT INTO argonauth.audit (actor, action, target, project_id, branch_id, client_address, request_id)
    VALUES ($1, $2, left($3, 512), $4, $5, $6, $7))sql"};
}  // namespace

awaitable<> record_audit(const Services& services, AuditEntry entry) {
    std::string problem;
    try {
        co_await services.control().query(insert_entry, entry.actor, entry.action, entry.target, entry.project_id, entry.branch_id,
                                          entry.client_address, entry.request_id);
        co_return;
    } catch (const std::exception& error) {
        problem = error.what();
    }
    log::error("an entry of the audit trail could not be stored", {{"actor", entry.actor},
                                                                   {"action", entry.action},
                                                                   {"target", entry.target},
                                                                   {"branch", entry.branch_id.value_or("")},
                                                                   {"client_address", entry.client_address},
                                                                   {"request_id", entry.request_id},
                                                                   {"reason", problem}});
}
}  // namespace argon::api
