#include "app/options.hpp"

#include <cstdlib>
#include <set>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "app/secrets.hpp"

extern char** environ;

namespace argon::app {
namespace {
constexpr std::string_view variable_prefix = "ARGONAUTH_";

void add_place(CLI::App& command, std::string& data_dir, std::string& pg_bin, std::string& pg_user) {
    command.add_option("--data-dir", data_dir, "Where clusters and keys live; made when it is not there")
        ->envname("ARGONAUTH_DATA_DIR")
        ->type_name("DIR");
    command.add_option("--pg-bin", pg_bin, "Directory of PostgreSQL's server programs; found by itself unless given")
        ->envname("ARGONAUTH_PG_BIN")
        ->type_name("DIR");
    command.add_option("--pg-user", pg_user, "Account PostgreSQL runs as when started as root")
        ->envname("ARGONAUTH_PG_USER")
        ->type_name("NAME")
        ->capture_default_str();
}

void add_database_ca(CLI::App& command, std::string& file) {
    command.add_option("--database-ca", file, "Certificates of the authorities that databases' certificates must come from; the system's by default")
        ->envname("ARGONAUTH_DATABASE_CA")
        ->type_name("FILE");
}

void add_server(CLI::App& command, ServerOptions& options) {
    describe(command, options.delivery);
    describe(command, options.oauth);
    command.add_option("--port", options.port, "HTTP port; 0 picks a free one")
        ->envname("ARGONAUTH_PORT")
        ->type_name("N")
        ->check(CLI::Range(0, 65'535))
        ->capture_default_str();
    command.add_option("--host", options.host, "Address to listen on")->envname("ARGONAUTH_HOST")->type_name("ADDRESS")->capture_default_str();
    command.add_option("--public-url", options.public_url, "Scheme, host and port under which clients reach the server")
        ->envname("ARGONAUTH_PUBLIC_URL")
        ->type_name("URL");
    command.add_option("--auth-domain", options.auth_domain, "Where *.DOMAIN leads here: each branch's auth service gets a host of its own below it")
        ->envname("ARGONAUTH_AUTH_DOMAIN")
        ->type_name("DOMAIN");
    command.add_flag("--json", options.json, "Print what there is to know as one JSON object on one line");
    command
        .add_option_function<std::string>(
            "--routing", [&options](const std::string& mode) { options.single_branch = mode == "single"; },
            "path: every branch below its endpoint's name; single: one branch at /{database}/auth")
        ->check(CLI::IsMember({"path", "single"}))
        ->envname("ARGONAUTH_ROUTING")
        ->type_name("MODE")
        ->default_str("path");
    command.add_option("--trusted-proxies", options.trusted_proxies, "Addresses or networks whose X-Forwarded-For is believed, separated by commas")
        ->envname("ARGONAUTH_TRUSTED_PROXIES")
        ->type_name("LIST");
    command.add_option("--threads", options.threads, "I/O threads; 0 means one for each core")
        ->envname("ARGONAUTH_THREADS")
        ->type_name("N")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
    command.add_option("--hash-threads", options.hash_threads, "Threads that hash passwords; 0 means one for each core")
        ->envname("ARGONAUTH_HASH_THREADS")
        ->type_name("N")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
    command.add_option("--hash-lanes", options.hash_lanes, "Passwords hashed side by side on one thread, 32 MiB each while it lasts")
        ->envname("ARGONAUTH_HASH_LANES")
        ->type_name("N")
        ->check(CLI::Range(1, 8))
        ->capture_default_str();
    command.add_option("--log-level", options.log_level, "debug, info, warn or error")
        ->envname("ARGONAUTH_LOG_LEVEL")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->type_name("LEVEL")
        ->capture_default_str();
}
}  // namespace

void describe(CLI::App& command, DevOptions& options) {
    add_place(command, options.data_dir, options.pg_bin, options.pg_user);
    command.add_flag("--ephemeral", options.ephemeral, "Keep everything in a temporary directory that is removed at exit (for CI)")
        ->excludes("--data-dir");
    add_server(command, options);
    command.add_flag("--rate-limit", options.rate_limit, "Apply the request limits of a production server")->envname("ARGONAUTH_RATE_LIMIT");
    command
        .add_flag("--fake-identity-provider,!--no-fake-identity-provider", options.fake_identity_provider,
                  "Stand in for the shared credentials of providers, so that social sign-in works offline; on unless turned off")
        ->envname("ARGONAUTH_FAKE_IDENTITY_PROVIDER");
    command.add_option("--database-host", options.database_host, "Address on which branches' databases listen")
        ->envname("ARGONAUTH_DATABASE_HOST")
        ->type_name("ADDRESS")
        ->capture_default_str();
}

void describe(CLI::App& command, ServeOptions& options) {
    command.footer(
        "Secrets come from the environment: ARGONAUTH_DATABASE_URL and ARGONAUTH_MASTER_KEY, or files named by\n"
        "ARGONAUTH_DATABASE_URL_FILE and ARGONAUTH_MASTER_KEY_FILE. See docs/production.md.");
    add_server(command, options);
    options.rate_limit = true;
    command.add_flag("--rate-limit,!--no-rate-limit", options.rate_limit, "Limit requests by address and path; on unless turned off")
        ->envname("ARGONAUTH_RATE_LIMIT");
    add_database_ca(command, options.database_ca);
    command
        .add_option("--drain-delay", options.drain_delay, "Seconds between SIGTERM and the last accepted connection, while /health/ready says 503")
        ->envname("ARGONAUTH_DRAIN_DELAY")
        ->type_name("N")
        ->check(CLI::Range(0, 300))
        ->capture_default_str();
    command.add_flag("--share-port", options.share_port, "Listen beside other nodes on the same port that share it, to replace one without a gap")
        ->envname("ARGONAUTH_SHARE_PORT");
}

void describe(CLI::App& command, AttachOptions& options) {
    command.footer(
        "The connection string is read from --uri-file or standard input, never from the command line, where every user of the\n"
        "machine could read its password. ARGONAUTH_DATABASE_URL and ARGONAUTH_MASTER_KEY are those of argonauth serve.");
    command.add_option("--project", options.project, "The project's id or name; one of a new name is made")->required()->type_name("PROJECT");
    command.add_option("--name", options.name, "The branch's name")->type_name("NAME")->capture_default_str();
    command.add_option("--uri-file", options.uri_file, "File that holds the connection string; standard input without it")->type_name("FILE");
    add_database_ca(command, options.database_ca);
    command.add_flag("--json", options.json, "Print JSON");
}

void describe(CLI::App& command, ApiKeyOptions& options) {
    add_place(command, options.data_dir, options.pg_bin, options.pg_user);
    command.add_flag("--json", options.json, "Print JSON");
}

void describe(CLI::App& command, RemoteOptions& options) {
    command.footer(
        "The API key comes from ARGONAUTH_API_KEY or the file that ARGONAUTH_API_KEY_FILE names; without them from the data directory\n"
        "of argonauth dev on this machine.");
    command.add_option("--url", options.url, "Scheme, host and port of the server")
        ->envname("ARGONAUTH_URL")
        ->type_name("URL")
        ->capture_default_str();
    command.add_option("--project", options.project, "The project's id or name; the only one unless given")
        ->envname("ARGONAUTH_PROJECT")
        ->type_name("PROJECT");
    command.add_option("--branch", options.branch, "The branch's id or name; the project's default branch unless given")
        ->envname("ARGONAUTH_BRANCH")
        ->type_name("BRANCH");
    command.add_option("--data-dir", options.data_dir, "Data directory of argonauth dev, for its API key")
        ->envname("ARGONAUTH_DATA_DIR")
        ->type_name("DIR");
    command.add_flag("--json", options.json, "Print JSON");
}

std::vector<std::string> unknown_variables(const std::vector<const CLI::App*>& commands) {
    std::set<std::string> known{secret_variables.begin(), secret_variables.end()};
    for (auto& name : oauth_variables()) known.insert(std::move(name));
    for (const auto* command : commands) {
        for (const auto* option : command->get_options()) known.insert(option->get_envname());
    }
    std::vector<std::string> unknown;
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view text{*entry};
        const std::string name{text.substr(0, text.find('='))};
        if (name.starts_with(variable_prefix) && !known.contains(name)) unknown.push_back(name);
    }
    return unknown;
}

std::string default_data_dir() {
    if (::geteuid() == 0) return "/var/lib/argonauth";
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data == '/') return std::string{data} + "/argonauth";
    const char* home = std::getenv("HOME");
    return std::string{home ? home : "."} + "/.local/share/argonauth";
}
}  // namespace argon::app
