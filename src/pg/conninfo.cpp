#include "pg/conninfo.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <libpq-fe.h>
#include <unistd.h>

namespace argon::pg {
namespace {
constexpr const char* not_understood =
    "not a connection string of PostgreSQL: expected postgresql://user:password@host:5432/database, with special characters of the password "
    "percent-encoded";

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> items(1);
    for (const char c : list) c == ',' ? items.emplace_back().clear() : items.back().push_back(c);
    return items;
}

bool is_loopback(std::string_view host) { return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1"; }

/// Where distributions keep the authorities that everybody trusts.
std::string system_authorities() {
    for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"}) {
        if (::access(path, R_OK) == 0) return path;
    }
    return {};
}

bool has_own_authorities() {
    const char* home = std::getenv("HOME");
    return home && ::access((std::string{home} + "/.postgresql/root.crt").c_str(), R_OK) == 0;
}
}  // namespace

std::expected<Conninfo, std::string> Conninfo::parse(const std::string& text) {
    if (text.find('\0') != text.npos) return std::unexpected(not_understood);
    char* ignored = nullptr;  // it may repeat parts of the text
    PQconninfoOption* options = PQconninfoParse(text.c_str(), &ignored);
    PQfreemem(ignored);
    if (!options) return std::unexpected(not_understood);
    Conninfo info;
    for (const auto* option = options; option->keyword; ++option) {
        if (option->val && *option->val) info.values_[option->keyword] = option->val;
    }
    PQconninfoFree(options);
    const auto hosts = std::max(split(info.get("host")).size(), split(info.get("hostaddr")).size());
    const auto ports = split(info.get("port")).size();
    if (ports != 1 && ports != hosts) return std::unexpected("it names several ports, but not one for each host");
    return info;
}

const std::string& Conninfo::get(std::string_view keyword) const {
    static const std::string none;
    const auto found = values_.find(keyword);
    return found == values_.end() ? none : found->second;
}

void Conninfo::set(const std::string& keyword, std::string value) {
    value.empty() ? static_cast<void>(values_.erase(keyword)) : static_cast<void>(values_[keyword] = std::move(value));
}

std::vector<std::string> Conninfo::keywords() const {
    std::vector<std::string> list;
    for (const auto& [keyword, value] : values_) list.push_back(keyword);
    return list;
}

std::vector<Host> Conninfo::hosts() const {
    if (get("host").empty() && get("hostaddr").empty()) return {};
    const auto names = split(get("host"));
    const auto addresses = split(get("hostaddr"));
    const auto ports = split(get("port"));
    std::vector<Host> list;
    for (std::size_t i = 0; i < std::max(names.size(), addresses.size()); ++i) {
        Host host;
        if (i < names.size()) host.name = names[i];
        if (i < addresses.size()) host.address = addresses[i];
        if (host.name.empty()) host.name = host.address;
        host.port = ports.size() == 1 ? ports.front() : ports[i];
        if (host.port.empty()) host.port = "5432";
        list.push_back(std::move(host));
    }
    return list;
}

void Conninfo::set_hosts(const std::vector<Host>& hosts) {
    std::string names;
    std::string addresses;
    std::string ports;
    for (const auto& host : hosts) {
        const auto* comma = &host == &hosts.front() ? "" : ",";
        names += comma + host.name;
        addresses += comma + host.address;
        ports += comma + host.port;
    }
    const bool resolved = std::ranges::any_of(hosts, [](const Host& host) { return !host.address.empty(); });
    set("host", std::move(names));
    set("hostaddr", resolved ? std::move(addresses) : "");
    set("port", std::move(ports));
}

bool Conninfo::is_local() const {
    return std::ranges::all_of(hosts(),
                               [](const Host& host) { return host.is_socket() || is_loopback(host.address.empty() ? host.name : host.address); });
}

std::string Conninfo::text() const {
    std::string out;
    for (const auto& [keyword, value] : values_) out += (out.empty() ? "" : " ") + conninfo_pair(keyword, value);
    return out;
}

std::string conninfo_pair(std::string_view keyword, std::string_view value) {
    std::string out{keyword};
    out += "='";
    for (const char c : value) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

void require_verified_tls(Conninfo& info, const std::string& ca_file) {
    if (!info.is_local() && info.get("sslmode").empty()) info.set("sslmode", "verify-full");
    if (!info.get("sslmode").starts_with("verify-") || !info.get("sslrootcert").empty()) return;
    if (!ca_file.empty())
        info.set("sslrootcert", ca_file);
    else if (!has_own_authorities())
        info.set("sslrootcert", system_authorities());
}
}  // namespace argon::pg
