#include "app/database_ports.hpp"

#include "base/log.hpp"
#include "branches/free_port.hpp"
#include "branches/setup_error.hpp"

namespace argon::app {
namespace {
struct EndpointPort {
    EndpointId endpoint;
    BranchId branch;
    std::uint16_t port;
    int suspend_timeout;

    static void columns(auto& column, auto& row) { column(row.endpoint)(row.branch)(row.port)(row.suspend_timeout); }
};

void move(pg::Session& control, branches::DatabaseProxy& proxy, const EndpointPort& row) {
    const auto port = branches::pick_free_port(0);
    proxy.open(row.branch, port);
    control.query("UPDATE argonauth.endpoint SET port = $2, updated_at = now() WHERE id = $1", row.endpoint, port);
    log::warn("another program uses the port of a branch's database; its connection string changed",
              {{"branch", row.branch.value}, {"old_port", int{row.port}}, {"new_port", int{port}}});
}
}  // namespace

void open_database_ports(pg::Session& control, branches::DatabaseProxy& proxy, branches::Compute& compute) {
    const auto rows = control.query(
        "SELECT id, branch_id, port, suspend_timeout_seconds FROM argonauth.endpoint WHERE type = 'read_write' AND NOT disabled ORDER BY id");
    for (const auto& row : rows.all<EndpointPort>()) {
        compute.state(row.branch)->set_suspend_timeout(row.suspend_timeout);
        if (proxy.is_open(row.branch)) continue;
        try {
            proxy.open(row.branch, row.port);
        } catch (const branches::SetupError&) {
            move(control, proxy, row);
        }
    }
}
}  // namespace argon::app
