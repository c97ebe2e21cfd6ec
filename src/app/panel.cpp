#include "app/panel.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "json/writer.hpp"

namespace argon::app {
namespace {
struct PanelObject {
    const Panel& panel;

    static void fields(auto& f, const auto& object) {
        const auto& panel = object.panel;
        f.required("management_url", panel.management_url);
        f.required("api_key", panel.api_key.reveal());
        f.required("project_id", panel.project_id);
        f.required("branch_id", panel.branch_id);
        f.required("endpoint_id", panel.endpoint_id);
        f.required("base_url", panel.base_url);
        f.required("jwks_url", panel.jwks_url);
        f.required("connection_uri", panel.connection_uri.reveal());
        f.required("mailbox_url", panel.mailbox_url);
    }
};

void print_table(const Panel& panel) {
    const bool terminal = ::isatty(STDOUT_FILENO) == 1;
    const auto strong = terminal ? "\033[1m" : "";
    const auto dim = terminal ? "\033[2m" : "";
    const auto plain = terminal ? "\033[0m" : "";
    const auto row = [&](std::string_view name, std::string_view value) { fmt::print("  {}{:<15}{} {}\n", dim, name, plain, value); };
    fmt::print("\n{}Argonauth is ready.{} Ctrl-C stops it.\n\n", strong, plain);
    row("base URL", panel.base_url);
    row("JWKS", panel.jwks_url);
    row("database", panel.connection_uri.reveal());
    row("mailbox", panel.mailbox_url);
    row("management API", panel.management_url);
    row("API key", panel.api_key.reveal());
    row("project", panel.project_id);
    row("branch", panel.branch_id);
    fmt::print("\n{}Try it:{} sign somebody up, then find them in the database\n\n", strong, plain);
    fmt::print("  curl -s {}/sign-up/email -H 'content-type: application/json' \\\n", panel.base_url);
    fmt::print("    -d '{{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"password\":\"correct-horse-9\"}}'\n");
    fmt::print("  psql '{}' -c 'SELECT * FROM neon_auth.\"user\"'\n\n", panel.connection_uri.reveal());
}
}  // namespace

void print(const Panel& panel, bool json) {
    json ? fmt::print("{}\n", json::encode(PanelObject{panel})) : print_table(panel);
    std::fflush(stdout);
}
}  // namespace argon::app
