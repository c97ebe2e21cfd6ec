#include "app/migrate_command.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace argon::app {
namespace {
int fail(std::string_view reason) {
    fmt::print(stderr, "argonauth: {}\n", reason);
    return 1;
}

std::string text_of(const json::Value& object, std::string_view member) {
    const auto* value = json::find(object, member);
    return value && value->is_string() ? std::string{std::string_view{value->get_string()}} : std::string{};
}

std::int64_t count_of(const json::Value& report, std::string_view member) {
    const auto* counts = json::find(report, "counts");
    const auto* value = counts ? json::find(*counts, member) : json::find(report, member);
    return value && value->is_int64() ? value->get_int64() : 0;
}

/// Line by line on standard output; `--json` prints the answer instead.
void show(const json::Value& report, bool dry_run) {
    fmt::print("users            {}\nwith a password  {}\naddress verified {}\nOAuth accounts   {}\n", count_of(report, "users"),
               count_of(report, "with_password"), count_of(report, "verified"), count_of(report, "oauth_accounts"));
    if (const auto teams = count_of(report, "teams"); teams > 0) fmt::print("teams            {} (not carried over)\n", teams);
    const auto* total = json::find(report, "problems_total");
    const auto problems = total && total->is_int64() ? total->get_int64() : 0;
    if (problems > 0) fmt::print("{} users {} a placeholder for their address:\n", problems, dry_run ? "would get" : "got");
    const auto* list = json::find(report, "problems");
    for (const auto& problem : list && list->is_array() ? list->get_array() : json::Array{}) {
        const auto shared = text_of(problem, "problem") == "email_taken";
        fmt::print("  {}  {}\n", text_of(problem, "user_id"), shared ? "another user has " + text_of(problem, "email") : "has no e-mail address");
    }
    if (dry_run) fmt::print("Nothing was changed. Without --dry-run the users are copied and the project switches over.\n");
    if (!dry_run) fmt::print("base_url         {}\njwks_url         {}\n", text_of(report, "base_url"), text_of(report, "jwks_url"));
}
}  // namespace

int migrate_legacy(const MigrateOptions& options, std::vector<std::string> problems) {
    auto client = ManagementClient::open(options, problems);
    for (const auto& problem : problems) fail(problem);
    if (!client) return 2;
    const auto project = client->find_project(options);
    if (!project) return fail(project.error().message());
    const auto body = fmt::format(R"({{"dry_run":{},"batch_size":{}}})", options.dry_run, options.batch_size);
    auto report = client->post(*project + "/auth/migrate_to_better_auth", body);
    while (report && text_of(*report, "status") == "copying") {
        fmt::print(stderr, "{} of {} users copied\n", count_of(*report, "copied"), count_of(*report, "users"));
        report = client->post(*project + "/auth/migrate_to_better_auth", body);
    }
    if (!report) {
        fail(report.error().message());
        if (!options.dry_run) fmt::print(stderr, "Nothing is lost: run the command again, it goes on where it stopped.\n");
        return 1;
    }
    if (!options.dry_run) fmt::print(stderr, "{0} of {0} users copied; the project is on the newer service\n", count_of(*report, "users"));
    if (options.json) {
        fmt::print("{}\n", json::to_text(*report));
    } else {
        show(*report, options.dry_run);
    }
    return 0;
}
}  // namespace argon::app
