#include "app/oauth_options.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/secrets.hpp"
#include "branches/data_directory.hpp"
#include "http/url.hpp"
#include "json/decoder.hpp"

namespace argon::app {
namespace {
constexpr std::array<std::string_view, 4> providers{"google", "github", "microsoft", "vercel"};
constexpr const char* tenant_variable = "ARGONAUTH_OAUTH_MICROSOFT_TENANT_ID";
constexpr std::uintmax_t largest_file = 64 * 1024;

std::string variable(std::string_view provider, std::string_view suffix) {
    std::string name = "ARGONAUTH_OAUTH_";
    for (const char c : provider) name += static_cast<char>(c - 'a' + 'A');
    return name + std::string{suffix};
}

std::string value_of(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? value : "";
}

void read_credentials(std::string_view id, api::OauthConfig& config, std::vector<std::string>& problems) {
    const auto client_id = value_of(variable(id, "_CLIENT_ID"));
    const auto secret_name = variable(id, "_CLIENT_SECRET");
    const bool has_secret = !value_of(secret_name).empty() || !value_of(secret_name + "_FILE").empty();
    if (client_id.empty() && !has_secret) return;
    if (client_id.empty()) problems.push_back(variable(id, "_CLIENT_ID") + " is required besides the secret");
    const auto secret = take_secret(secret_name, problems);
    if (client_id.empty() || !secret) return;
    auto provider = *oauth::find_known_provider(id, id == "microsoft" ? value_of(tenant_variable) : "");
    const auto endpoints = config.endpoints.find(id);
    if (endpoints != config.endpoints.end()) provider = oauth::with_endpoints(std::move(provider), endpoints->second);
    config.shared.insert_or_assign(std::string{id}, api::SharedProvider{std::move(provider), {client_id, secret->reveal()}});
}

std::string check_urls(const oauth::Endpoints& endpoints) {
    for (const auto& url :
         {endpoints.authorization_endpoint, endpoints.token_endpoint, endpoints.userinfo_endpoint, endpoints.emails_endpoint, endpoints.jwks_uri}) {
        if (!url.empty() && !http::parse_url(url)) return url + " is no URL";
    }
    return {};
}

void read_endpoints(const std::string& path, api::OauthConfig& config, std::vector<std::string>& problems) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    const auto document = !error && size <= largest_file ? json::parse(branches::read_file_tail(path)) : std::nullopt;
    if (!document || !document->is_object()) {
        problems.push_back(fmt::format("--oauth-endpoints: {} is no readable file with a JSON object", path));
        return;
    }
    for (const auto& [name, value] : document->get_object()) {
        const std::string id{std::string_view{name}};
        oauth::Endpoints endpoints;
        auto issues = oauth::is_known_provider(id) ? json::decode_strict(&value, id, endpoints) : "no known provider: " + id;
        if (issues.empty()) issues = check_urls(endpoints);
        if (!issues.empty()) problems.push_back("--oauth-endpoints: " + issues);
        config.endpoints.insert_or_assign(id, std::move(endpoints));
    }
}
}  // namespace

void describe(CLI::App& command, OauthOptions& options) {
    command
        .add_option("--oauth-endpoints", options.endpoints_file,
                    "JSON file with other endpoints of google, github, microsoft or vercel: a GitHub Enterprise server, a national cloud")
        ->envname("ARGONAUTH_OAUTH_ENDPOINTS")
        ->type_name("FILE");
}

std::vector<std::string> oauth_variables() {
    std::vector<std::string> names{tenant_variable};
    for (const auto provider : providers) {
        for (const std::string_view suffix : {"_CLIENT_ID", "_CLIENT_SECRET", "_CLIENT_SECRET_FILE"}) names.push_back(variable(provider, suffix));
    }
    return names;
}

api::OauthConfig make_oauth(const OauthOptions& options, std::vector<std::string>& problems) {
    api::OauthConfig config;
    if (!options.endpoints_file.empty()) read_endpoints(options.endpoints_file, config, problems);
    for (const auto provider : providers) read_credentials(provider, config, problems);
    return config;
}
}  // namespace argon::app
