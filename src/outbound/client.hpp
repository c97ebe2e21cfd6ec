// HTTPS requests and mails on the I/O loop, through libcurl's multi-socket interface. One client for each I/O thread, used on
// that thread only. Redirects are never followed, proxies of the environment never used, every address judged before it is connected.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "outbound/addresses.hpp"

namespace argon::outbound {

struct Config {
    AddressPolicy addresses;
    /// PEM file with further certificate authorities; empty: the system's.
    std::string ca_file;
};

enum class Failure {
    none,
    address,    ///< the address is not one to connect to
    timeout,
    network,    ///< no name, no connection, a connection that broke
    tls,        ///< no or no trusted encryption
    too_large,  ///< the answer exceeded its limit
    refused,    ///< the mail server said no
};

struct HttpRequest {
    std::string url;
    std::vector<std::string> headers;  ///< `Name: value`
    std::string body;
    std::chrono::milliseconds timeout{5000};
    std::size_t max_answer = 10 * 1024;
    bool allow_plain_http = false;
};
struct HttpAnswer {
    Failure failure = Failure::none;
    std::string reason;  ///< for logs; none of the answer's text
    int status = 0;
    std::string body;
};

enum class Encryption {
    implicit,       ///< TLS from the first byte (smtps)
    starttls,       ///< STARTTLS or nothing is sent
    opportunistic,  ///< whatever the server has, unverified; for the own machine only
};
struct Mail {
    std::string host;
    std::uint16_t port = 587;
    Encryption encryption = Encryption::starttls;
    std::string username;  ///< empty: no AUTH
    std::string password;
    std::string from;  ///< bare addresses
    std::string to;
    std::string message;  ///< RFC 5322, lines end in CRLF
    std::chrono::milliseconds timeout{45'000};
};
struct MailAnswer {
    Failure failure = Failure::none;
    std::string reason;     ///< the server's own words where it had any
    bool permanent = false; ///< the server refused this recipient or this message for good
};

class Client {
public:
    Client(asio::io_context& io, const Config& config);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    awaitable<HttpAnswer> post(HttpRequest request);
    /// The request's body is not sent.
    awaitable<HttpAnswer> get(HttpRequest request);
    awaitable<MailAnswer> send(Mail mail);

private:
    awaitable<HttpAnswer> transfer(HttpRequest request, bool sends_body);

    class Impl;
    std::unique_ptr<Impl> impl_;
};
}  // namespace argon::outbound
