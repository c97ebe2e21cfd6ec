// A connection string taken apart: a URI or `keyword=value` pairs, as libpq reads them.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace argon::pg {

/// One server of a connection string.
struct Host {
    std::string name;     ///< a DNS name, an address, or the directory of a socket
    std::string address;  ///< what the name resolved to, or what the string said; may be empty
    std::string port;

    bool is_socket() const { return name.starts_with('/') || name.starts_with('@'); }
    bool operator==(const Host&) const = default;
};

class Conninfo {
public:
    /// The error says what is wrong, and repeats nothing of the text: it holds a password.
    static std::expected<Conninfo, std::string> parse(const std::string& text);

    /// Empty when the string does not say.
    const std::string& get(std::string_view keyword) const;
    void set(const std::string& keyword, std::string value);
    std::vector<std::string> keywords() const;

    std::vector<Host> hosts() const;
    void set_hosts(const std::vector<Host>& hosts);
    /// Every server is reached without leaving this machine.
    bool is_local() const;

    /// `keyword='value'` pairs; later pairs appended by others win over these.
    std::string text() const;

private:
    std::map<std::string, std::string, std::less<>> values_;
};

/// `name='value'` with what needs a backslash.
std::string conninfo_pair(std::string_view keyword, std::string_view value);

/// What a string that leaves this machine gets unless it says otherwise: sslmode=verify-full, with the certificates in `ca_file` or,
/// where that is empty, those of PostgreSQL's own place (~/.postgresql/root.crt) or of the system.
void require_verified_tls(Conninfo& info, const std::string& ca_file);
}  // namespace argon::pg
