// A mail server to hand mails to: a branch's own or the operator's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "mail/message.hpp"
#include "outbound/client.hpp"

namespace argon::mail {

struct Server {
    std::string host;
    std::uint16_t port = 587;
    outbound::Encryption encryption = outbound::Encryption::starttls;
    std::string username;
    Secret<> password;
    Sender from;
};

/// How to encrypt: `tls`, `starttls`, or chosen by the port and host when empty. Only the own machine may go without, and only where
/// the operator allows connections to it.
outbound::Encryption choose_encryption(std::string_view security, std::string_view host, std::uint16_t port, bool allows_loopback);

/// `smtp://user:password@host:587` or `smtps://...`, user and password percent-encoded. Throws std::invalid_argument.
Server parse_server(std::string_view url, std::string_view from, bool allows_loopback);
/// `Name <address>` or an address. Nothing for other text.
std::optional<Sender> parse_sender(std::string_view text);

awaitable<outbound::MailAnswer> send(outbound::Client& client, const Server& server, const Message& message);

/// Sends a test mail: nothing when the server took it, else why not, in the server's own words where it had any.
awaitable<std::optional<std::string>> send_test(outbound::Client& client, const Server& server, const std::string& to,
                                                const std::string& application_name);
}  // namespace argon::mail
