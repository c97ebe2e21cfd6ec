#include "app/run.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/api_key.hpp"
#include "app/attach_command.hpp"
#include "app/dev.hpp"
#include "app/migrate_command.hpp"
#include "app/options.hpp"
#include "app/serve.hpp"
#include "app/version.hpp"
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
    describe(*from_stack, migrate_options);

    ApiKeyOptions key_options;
    auto* api_key = app.add_subcommand("api-key", "Make, list and revoke management API keys");
    api_key->require_subcommand(1);
    auto* create = api_key->add_subcommand("create", "Make a key and show it once");
    create->add_option("--name", key_options.name, "What the key is for")->required()->type_name("NAME");
    auto* list = api_key->add_subcommand("list", "List the keys, without their secrets");
    auto* revoke = api_key->add_subcommand("revoke", "End a key");
    revoke->add_option("id", key_options.id, "The key's number, from `api-key list`")->required();
    for (auto* command : {create, list, revoke}) describe(*command, key_options);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : usage_error;
    }
    auto problems = check_environment({dev, serve, attach, from_stack, create});
    set_log_level(dev->parsed() ? dev_options.log_level : serve_options.log_level);
    if (dev->parsed()) return run_dev(dev_options, std::move(problems));
    if (serve->parsed()) return run_serve(serve_options, std::move(problems));
    if (attach->parsed()) return attach_branch(attach_options, std::move(problems));
    if (!problems.empty()) return report(problems);
    if (from_stack->parsed()) return migrate_legacy(migrate_options);
    if (create->parsed()) return create_api_key(key_options);
    if (list->parsed()) return list_api_keys(key_options);
    return revoke_api_key(key_options);
}
}  // namespace argon::app
