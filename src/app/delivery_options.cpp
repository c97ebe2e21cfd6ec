#include "app/delivery_options.hpp"

#include <filesystem>
#include <stdexcept>

#include <CLI/CLI.hpp>

namespace argon::app {

void describe(CLI::App& command, DeliveryOptions& options) {
    command.add_option("--smtp-url", options.smtp_url, "Mail server for branches without their own: smtp://user:password@host:587 or smtps://...")
        ->envname("ARGONAUTH_SMTP_URL")
        ->type_name("URL");
    command.add_option("--smtp-from", options.smtp_from, "Sender of those mails: an address, or a name and <address>")
        ->envname("ARGONAUTH_SMTP_FROM")
        ->type_name("SENDER");
    command
        .add_option("--outbound-allow", options.outbound_allow,
                    "Internal addresses that webhooks and branches' mail servers may have: loopback, private, networks; separated by commas")
        ->envname("ARGONAUTH_OUTBOUND_ALLOW")
        ->type_name("LIST")
        ->capture_default_str();
    command.add_option("--ca-file", options.ca_file, "PEM file with further authorities for outgoing TLS")
        ->envname("ARGONAUTH_CA_FILE")
        ->type_name("FILE");
}

api::DeliveryConfig make_delivery(const DeliveryOptions& options, std::vector<std::string>& problems) {
    api::DeliveryConfig config{.outbound = {.addresses = {}, .ca_file = options.ca_file}, .shared_server = {}};
    std::error_code ignored;
    if (!options.ca_file.empty() && !std::filesystem::is_regular_file(options.ca_file, ignored))
        problems.push_back("--ca-file: there is no such file");
    try {
        config.outbound.addresses = outbound::AddressPolicy{options.outbound_allow};
    } catch (const std::invalid_argument& error) {
        problems.push_back(std::string{"--outbound-allow: "} + error.what());
    }
    if (options.smtp_url.empty()) return config;
    try {
        config.shared_server = mail::parse_server(options.smtp_url, options.smtp_from, true);
    } catch (const std::invalid_argument& error) {
        problems.push_back(std::string{"--smtp-url, --smtp-from: "} + error.what());
    }
    return config;
}
}  // namespace argon::app
