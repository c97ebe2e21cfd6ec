#include "mail/sender.hpp"

#include <charconv>
#include <stdexcept>

#include "crypto/random.hpp"
#include "http/url.hpp"
#include "mail/templates.hpp"

namespace argon::mail {
namespace {
constexpr std::chrono::seconds test_timeout{15};
constexpr std::uint16_t implicit_tls_port = 465;

[[noreturn]] void reject(std::string_view reason) { throw std::invalid_argument{std::string{reason}}; }

std::uint16_t parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) reject("the port is not a number from 1 to 65535");
    return port;
}

std::string decode(std::string_view text) {
    auto decoded = http::percent_decode(text);
    if (!decoded) reject("user and password must be percent-encoded");
    return std::move(*decoded);
}

outbound::Mail envelope(const Server& server, const std::string& to) {
    return {.host = server.host,
            .port = server.port,
            .encryption = server.encryption,
            .username = server.username,
            .password = server.password.reveal(),
            .from = server.from.address,
            .to = to,
            .message = {}};
}
}  // namespace

outbound::Encryption choose_encryption(std::string_view security, std::string_view host, std::uint16_t port, bool allows_loopback) {
    if (security == "tls") return outbound::Encryption::implicit;
    if (security == "starttls") return outbound::Encryption::starttls;
    if (port == implicit_tls_port) return outbound::Encryption::implicit;
    return allows_loopback && outbound::names_loopback(host) ? outbound::Encryption::opportunistic : outbound::Encryption::starttls;
}

Server parse_server(std::string_view url, std::string_view from, bool allows_loopback) {
    const bool is_implicit = url.starts_with("smtps://");
    if (!is_implicit && !url.starts_with("smtp://")) reject("the URL must begin with smtp:// or smtps://");
    url.remove_prefix(is_implicit ? 8 : 7);
    while (url.ends_with('/')) url.remove_suffix(1);
    Server server;
    if (const auto at = url.rfind('@'); at != url.npos) {
        const auto user = url.substr(0, at);
        const auto colon = user.find(':');
        server.username = decode(user.substr(0, colon));
        if (colon != user.npos) server.password = Secret<>{decode(user.substr(colon + 1))};
        url.remove_prefix(at + 1);
    }
    const auto bracket = url.rfind(']');
    const auto colon = url.rfind(':');
    const bool has_port = colon != url.npos && (bracket == url.npos || colon > bracket);
    server.host = url.substr(0, has_port ? colon : url.npos);
    if (!http::is_valid_host(server.host)) reject("the host cannot be used");
    server.port = has_port ? parse_port(url.substr(colon + 1)) : is_implicit ? implicit_tls_port : std::uint16_t{587};
    server.encryption = choose_encryption(is_implicit ? "tls" : "", server.host, server.port, allows_loopback);
    const auto sender = parse_sender(from);
    if (!sender) reject("the sender must be an address, or a name and an address in angle brackets");
    server.from = *sender;
    return server;
}

std::optional<Sender> parse_sender(std::string_view text) {
    const auto open = text.find('<');
    if (open == text.npos) return is_plain_address(text) ? std::optional{Sender{std::string{text}, {}}} : std::nullopt;
    auto name = text.substr(0, open);
    while (name.ends_with(' ')) name.remove_suffix(1);
    const auto address = text.substr(open + 1);
    if (!address.ends_with('>') || !is_plain_address(address.substr(0, address.size() - 1))) return {};
    return Sender{std::string{address.substr(0, address.size() - 1)}, std::string{name}};
}

awaitable<outbound::MailAnswer> send(outbound::Client& client, const Server& server, const Message& message) {
    auto mail = envelope(server, message.to);
    mail.message = compose(message);
    auto answer = co_await client.send(std::move(mail));
    co_return answer;
}

awaitable<std::optional<std::string>> send_test(outbound::Client& client, const Server& server, const std::string& to,
                                                const std::string& application_name) {
    auto words = render_test(application_name);
    auto mail = envelope(server, to);
    mail.timeout = test_timeout;
    mail.message = compose({.id = crypto::random_uuid(),
                            .from = server.from,
                            .to = to,
                            .subject = std::move(words.subject),
                            .text = std::move(words.text),
                            .html = std::move(words.html),
                            .date = now()});
    const auto answer = co_await client.send(std::move(mail));
    if (answer.failure == outbound::Failure::none) co_return std::nullopt;
    co_return answer.reason;
}
}  // namespace argon::mail
