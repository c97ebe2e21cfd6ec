#include "app/migrate_command.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "app/blocking.hpp"
#include "json/value.hpp"
#include "outbound/client.hpp"

namespace argon::app {
namespace {
constexpr std::chrono::minutes step_timeout{10};
constexpr std::size_t longest_answer = 1024 * 1024;

int fail(std::string_view reason) {
    fmt::print(stderr, "argonauth: {}\n", reason);
    return 1;
}

std::string text_of(const json::Value& object, std::string_view member) {
    const auto* value = json::find(object, member);
    return value && value->is_string() ? std::string{value->get_string().c_str()} : std::string{};
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

struct Step {
    std::optional<json::Value> report;
    std::string problem;
};

awaitable<Step> run_step(outbound::Client& client, const MigrateOptions& options) {
    outbound::HttpRequest request{.url = fmt::format("{}/api/v2/projects/{}/auth/migrate_to_better_auth", options.url, options.project),
                                  .headers = {"Authorization: Bearer " + options.api_key, "Content-Type: application/json"},
                                  .body = fmt::format(R"({{"dry_run":{},"batch_size":{}}})", options.dry_run, options.batch_size),
                                  .timeout = step_timeout,
                                  .max_answer = longest_answer,
                                  .allow_plain_http = true};
    const auto answer = co_await client.post(std::move(request));
    if (answer.failure != outbound::Failure::none) co_return Step{{}, fmt::format("{} does not answer: {}", options.url, answer.reason)};
    auto body = json::parse(answer.body);
    if (answer.status == 200 && body) co_return Step{std::move(body), {}};
    const auto message = body ? text_of(*body, "message") : std::string{};
    co_return Step{{}, message.empty() ? fmt::format("the server answered with status {}", answer.status) : message};
}

bool is_plain(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == text.npos;
}
}  // namespace

int migrate_legacy(const MigrateOptions& options) {
    if (!is_plain(options.project)) return fail("--project: that is no id of a project");
    if (!is_plain(options.api_key)) return fail("--api-key: that is no API key");
    IoThreads threads{1};
    // The operator says where the server is; it may well be on this machine.
    auto client = std::make_unique<outbound::Client>(threads.io(0), outbound::Config{outbound::AddressPolicy{"loopback,private"}, options.ca_file});
    threads.start();
    Step step;
    for (;;) {
        step = run_on(threads, 0, [&]() -> awaitable<Step> { return run_step(*client, options); });
        if (!step.report || text_of(*step.report, "status") != "copying") break;
        fmt::print(stderr, "{} of {} users copied\n", count_of(*step.report, "copied"), count_of(*step.report, "users"));
    }
    run_on(threads, 0, [&]() -> awaitable<> {
        client.reset();
        co_return;
    });
    threads.stop();
    threads.join();
    if (!step.report) return fail(step.problem + (options.dry_run ? "" : "\nargonauth: run the command again; it goes on where it stopped"));
    if (!options.dry_run) fmt::print(stderr, "{0} of {0} users copied; the project is on the newer service\n", count_of(*step.report, "users"));
    if (options.json) {
        fmt::print("{}\n", json::to_text(*step.report));
    } else {
        show(*step.report, options.dry_run);
    }
    return 0;
}
}  // namespace argon::app
