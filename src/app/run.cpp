#include "app/run.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/api_key.hpp"
#include "app/attach_command.hpp"
#include "app/dev.hpp"
#include "app/migrate_command.hpp"
#include "app/options.hpp"
#include "app/serve.hpp"
#include "app/version.hpp"
#include "app/webhook_command.hpp"
#include "base/log.hpp"

namespace argon::app {
namespace {
constexpr int usage_error = 2;

void set_log_level(const std::string& name) {
    using log::Level;
    log::set_level(name == "debug" ? Level::debug : name == "warn" ? Level::warn : name == "error" ? Level::error : Level::info);
}

std::vector<std::string> check_environment(const std::vector<const CLI::App*>& commands) {
    std::vector<std::string> problems;
    for (const auto& name : unknown_variables(commands)) problems.push_back(name + " is not a setting; see argonauth dev --help and serve --help");
    return problems;
}

/// `argonauth webhook` when that is what was typed.
std::string path_of(const CLI::App& command) {
    return command.get_parent() ? path_of(*command.get_parent()) + " " + command.get_name() : command.get_name();
}

/// What was wrong, and what there is instead.
std::string explain_usage(const CLI::App* app, const CLI::Error& error) {
    const auto* command = app;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
    const auto path = path_of(*command);
    std::vector<std::string> names;
    for (const auto* one : command->get_subcommands([](const CLI::App*) { return true; })) names.push_back(one->get_name());
    const auto unknown = app->remaining(true);
    std::string problem = fmt::format("argonauth: {}", error.what());
    if (!names.empty()) {
        problem =
            fmt::format("{} {}; it has {}", path, unknown.empty() ? "needs a command" : "has no command " + unknown.front(), fmt::join(names, ", "));
    }
    return fmt::format("{}\nSee {} --help.\n", problem, path);
}

int report(const std::vector<std::string>& problems) {
    for (const auto& problem : problems) fmt::print(stderr, "argonauth: {}\n", problem);
    return usage_error;
}
}  // namespace

int run(int argc, char** argv) {
    CLI::App app{"Argonauth: authentication that lives in your PostgreSQL and branches with it. Compatible with Neon Auth.", "argonauth"};
    app.set_version_flag("--version", std::string{version});
    app.require_subcommand(1);
    app.set_config("--config", "", "Read flags from an INI or TOML file; those of a command stand in a section of its name");
    app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt name must not pass for a setting
    app.fallthrough();
    app.failure_message(explain_usage);
    app.footer("Documentation: docs/README.md. Start with: argonauth dev; in production: argonauth serve");

    DevOptions dev_options;
    auto* dev = app.add_subcommand("dev", "Start embedded PostgreSQL, the management API and the auth service");
    describe(*dev, dev_options);

    ServeOptions serve_options;
    auto* serve = app.add_subcommand("serve", "Start a production node on the PostgreSQL named by ARGONAUTH_DATABASE_URL");
    describe(*serve, serve_options);

    AttachOptions attach_options;
    auto* branch = app.add_subcommand("branch", "Manage the branches of argonauth serve");
    branch->require_subcommand(1);
    auto* attach = branch->add_subcommand("attach", "Make a database that exists a branch of a project");
    describe(*attach, attach_options);

    MigrateOptions migrate_options;
    auto* migrate = app.add_subcommand("migrate", "Move projects between auth providers");
    migrate->require_subcommand(1);
    auto* from_stack = migrate->add_subcommand("stack-to-better-auth", "Move a project from the legacy provider to the newer service");
    from_stack->add_flag("--dry-run", migrate_options.dry_run, "Tell what would happen and change nothing");
    from_stack->add_option("--batch-size", migrate_options.batch_size, "Users copied in one step")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N")
        ->capture_default_str();
    describe(*from_stack, migrate_options);

    // One for each command: the variables of all commands are read, and would win over the flags of the one that was given.
    ApiKeyOptions create_options, list_options, revoke_options;
    auto* api_key = app.add_subcommand("api-key", "Make, list and revoke management API keys");
    api_key->require_subcommand(1);
    auto* create = api_key->add_subcommand("create", "Make a key and show it once");
    create->add_option("--name", create_options.name, "What the key is for")->required()->type_name("NAME");
    auto* list = api_key->add_subcommand("list", "List the keys, without their secrets");
    auto* revoke = api_key->add_subcommand("revoke", "End a key");
    revoke->add_option("id", revoke_options.id, "The key's number, from `api-key list`")->required();
    describe(*create, create_options);
    describe(*list, list_options);
    describe(*revoke, revoke_options);

    WebhookOptions deliveries_options, show_options, redeliver_options, test_options;
    auto* webhook = app.add_subcommand("webhook", "See what a branch's webhook was told, send it again, try the receiver");
    webhook->require_subcommand(1);
    auto* deliveries = webhook->add_subcommand("deliveries", "List deliveries, newest first");
    deliveries->add_option("--status", deliveries_options.status, "Only those that are pending, delivered or failed")
        ->check(CLI::IsMember({"pending", "delivered", "failed"}))
        ->type_name("STATUS");
    deliveries->add_option("--event", deliveries_options.event_type, "Only events of this type")->type_name("TYPE");
    deliveries->add_option("--limit", deliveries_options.limit, "How many at most")->check(CLI::Range(1, 500))->type_name("N")->capture_default_str();
    auto* show = webhook->add_subcommand("show", "Show one delivery with its attempts");
    show->add_option("id", show_options.id, "The delivery's id")->required();
    auto* again = webhook->add_subcommand("redeliver", "Send an event once more and wait for the answer");
    again->add_option("id", redeliver_options.id, "The delivery's id")->required();
    auto* test = webhook->add_subcommand("test", "Send a test event and show what the receiver said");
    test->add_option("--event", test_options.event_type, "With made-up content of this type, such as user.before_create")->type_name("TYPE");
    describe(*deliveries, deliveries_options);
    describe(*show, show_options);
    describe(*again, redeliver_options);
    describe(*test, test_options);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : usage_error;
    }
    auto problems = check_environment({dev, serve, attach, create, deliveries});
    set_log_level(dev->parsed() ? dev_options.log_level : serve_options.log_level);
    if (dev->parsed()) return run_dev(dev_options, std::move(problems));
    if (serve->parsed()) return run_serve(serve_options, std::move(problems));
    if (attach->parsed()) return attach_branch(attach_options, std::move(problems));
    if (deliveries->parsed()) return list_deliveries(deliveries_options, std::move(problems));
    if (show->parsed()) return show_delivery(show_options, std::move(problems));
    if (again->parsed()) return redeliver(redeliver_options, std::move(problems));
    if (test->parsed()) return send_test_event(test_options, std::move(problems));
    if (from_stack->parsed()) return migrate_legacy(migrate_options, std::move(problems));
    if (!problems.empty()) return report(problems);
    if (create->parsed()) return create_api_key(create_options);
    if (list->parsed()) return list_api_keys(list_options);
    return revoke_api_key(revoke_options);
}
}  // namespace argon::app
