#include "http/server.hpp"

#include <ctime>
#include <list>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "base/log.hpp"
#include "http/port_claim.hpp"
#include "http/serialize.hpp"

namespace argon::http {
namespace {
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t read_size = 16 * 1024;
constexpr std::chrono::seconds patience_with_fresh{1};

std::string address_text(const Socket& socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return {};
    auto address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address.to_string();
}
}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
public:
    Impl(asio::io_context& io, ServerConfig config, Handler handler);

    void start();
    void drain();
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::size_t open_connections() const { return connections_.size(); }

private:
    struct Connection {
        explicit Connection(Socket s) : socket(std::move(s)) {}
        Socket socket;
        SteadyTime deadline;
        bool idle = true;
        bool fresh = true;  ///< has not asked anything yet
    };
    using Entry = std::list<Connection>::iterator;

    awaitable<> accept_loop();
    void admit(Socket socket);
    bool is_over(Connection& connection, SteadyTime now) const;
    awaitable<> sweep_loop();
    awaitable<> serve(Entry entry);
    awaitable<bool> receive(Connection& connection, Parser& parser, std::string& input);
    awaitable<bool> read_some(Connection& connection, std::string& input);
    awaitable<bool> send(Connection& connection, const Response& response, bool head_only, bool keep_alive, Framing framing = Framing::length);
    awaitable<bool> send_rest(Connection& connection, const NextPart& next_part, Framing framing);
    awaitable<bool> write(Connection& connection, const std::string& text);
    awaitable<> reject(Connection& connection, const Error& error);

    void set_deadline(Connection& connection, std::chrono::seconds wait) { connection.deadline = std::chrono::steady_clock::now() + wait; }

    asio::io_context& io_;
    ServerConfig config_;
    Handler handler_;
    Acceptor acceptor_;
    Timer sweeper_;
    std::list<Connection> connections_;
    bool draining_ = false;
};

Server::Impl::Impl(asio::io_context& io, ServerConfig config, Handler handler)
    : io_(io), config_(std::move(config)), handler_(std::move(handler)), acceptor_(io), sweeper_(io) {
    try {
        const Tcp::endpoint endpoint{asio::ip::make_address(config_.address), config_.port};
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(Acceptor::reuse_address{true});
        acceptor_.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>{true});
        acceptor_.bind(endpoint);
        acceptor_.listen(4096);
    } catch (const boost::system::system_error& error) {
        throw ListenError(config_.address, config_.port, error.code().message());
    }
}

void Server::Impl::start() {
    asio::co_spawn(io_, [self = shared_from_this()]() -> awaitable<> { co_await self->accept_loop(); }, asio::detached);
    asio::co_spawn(io_, [self = shared_from_this()]() -> awaitable<> { co_await self->sweep_loop(); }, asio::detached);
}

awaitable<> Server::Impl::accept_loop() {
    while (acceptor_.is_open()) {
        error_code error;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(use_awaitable, error));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            // Out of descriptors: a pause instead of a busy loop; the listen queue holds the others meanwhile.
            sweeper_.cancel_one();
            Timer pause{io_, std::chrono::milliseconds{50}};
            co_await pause.async_wait(asio::redirect_error(use_awaitable, error));
            continue;
        }
        admit(std::move(socket));
    }
}

void Server::Impl::admit(Socket socket) {
    if (connections_.size() >= config_.connections) return;
    error_code ignored;
    socket.set_option(Tcp::no_delay{true}, ignored);
    const auto entry = connections_.emplace(connections_.end(), std::move(socket));
    asio::co_spawn(
        io_, [self = shared_from_this(), entry]() -> awaitable<> { co_await self->serve(entry); },
        [self = shared_from_this(), entry](std::exception_ptr) { self->connections_.erase(entry); });
}

/// Too slow; or, when the server ends, without a request under way. One that may be on its way from a new client is waited for.
bool Server::Impl::is_over(Connection& connection, SteadyTime now) const {
    if (connection.deadline < now) return true;
    if (!draining_ || !connection.idle || connection.fresh) return false;
    error_code error;
    return connection.socket.available(error) == 0 || error;
}

awaitable<> Server::Impl::sweep_loop() {
    while (!draining_ || !connections_.empty()) {
        error_code error;
        sweeper_.expires_after(std::chrono::seconds{1});
        co_await sweeper_.async_wait(asio::redirect_error(use_awaitable, error));
        const auto now = std::chrono::steady_clock::now();
        for (auto& connection : connections_) {
            if (is_over(connection, now)) connection.socket.close(error);
        }
    }
}

void Server::Impl::drain() {
    draining_ = true;
    error_code error;
    // What the kernel has accepted already would be reset with the listening socket.
    acceptor_.non_blocking(true, error);
    while (!error) {
        Socket socket{io_};
        acceptor_.accept(socket, error);
        if (!error) admit(std::move(socket));
    }
    acceptor_.close(error);
    const auto soon = std::chrono::steady_clock::now() + patience_with_fresh;
    for (auto& connection : connections_) {
        if (connection.fresh && connection.idle) connection.deadline = std::min(connection.deadline, soon);
    }
    sweeper_.cancel();
}

awaitable<> Server::Impl::serve(Entry entry) {
    auto& connection = *entry;
    Parser parser{config_.limits};
    parser.request().peer = address_text(connection.socket);
    std::string input;
    bool open = true;
    while (open) {
        connection.idle = input.empty();
        const auto silence = draining_ ? patience_with_fresh : config_.deadlines.idle;
        set_deadline(connection, connection.idle ? silence : config_.deadlines.head);
        if (!co_await receive(connection, parser, input)) co_return;
        connection.idle = connection.fresh = false;
        set_deadline(connection, config_.deadlines.handler);
        auto& request = parser.request();
        const bool keep_alive = parser.keep_alive();
        const auto response = co_await handler_(request);
        auto framing = Framing::length;
        if (response.next_part) framing = parser.takes_chunks() ? Framing::chunked : Framing::close;
        open = keep_alive && !response.close && !draining_ && framing != Framing::close;
        const bool sent = co_await send(connection, response, request.method == Method::head, open, framing);
        open = open && sent;
        parser.reset();
        if (input.empty()) std::string{}.swap(input);  // an idle connection holds no buffer; `= {}` would keep it
    }
}

/// False when the connection is over: closed by the client, timed out, or refused with an answer.
awaitable<bool> Server::Impl::receive(Connection& connection, Parser& parser, std::string& input) {
    bool continued = false;
    for (;;) {
        while (!input.empty() && !parser.is_complete()) {
            const bool had_head = parser.has_head();
            const auto used = parser.feed(input);
            if (!used) {
                co_await reject(connection, used.error());
                co_return false;
            }
            input.erase(0, *used);
            if (!had_head && parser.has_head()) set_deadline(connection, config_.deadlines.body);
            if (*used == 0) break;
        }
        if (parser.is_complete()) co_return true;
        if (parser.has_head() && parser.expects_continue() && !continued) {
            continued = true;
            error_code error;
            co_await asio::async_write(connection.socket, asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25),
                                       asio::redirect_error(use_awaitable, error));
        }
        const bool was_idle = connection.idle;
        if (!co_await read_some(connection, input)) co_return false;
        if (was_idle) set_deadline(connection, config_.deadlines.head);
        connection.idle = false;
    }
}

awaitable<bool> Server::Impl::read_some(Connection& connection, std::string& input) {
    error_code error;
    if (input.empty() && input.capacity() < read_size && connection.idle) {
        // Waiting without a buffer keeps ten thousand idle connections small.
        co_await connection.socket.async_wait(Socket::wait_read, asio::redirect_error(use_awaitable, error));
        if (error) co_return false;
    }
    const auto before = input.size();
    input.resize(before + read_size);
    const auto count =
        co_await connection.socket.async_read_some(asio::buffer(input.data() + before, read_size), asio::redirect_error(use_awaitable, error));
    input.resize(before + count);
    co_return !error;
}

awaitable<bool> Server::Impl::send(Connection& connection, const Response& response, bool head_only, bool keep_alive, Framing framing) {
    const bool sent = co_await write(connection, serialize(response, head_only, keep_alive, framing));
    if (!sent || head_only || !response.next_part) co_return sent;
    co_return co_await send_rest(connection, response.next_part, framing);
}

/// One part at a time: the next is made when the client has taken the last.
awaitable<bool> Server::Impl::send_rest(Connection& connection, const NextPart& next_part, Framing framing) {
    try {
        for (bool is_whole = false; !is_whole;) {
            set_deadline(connection, config_.deadlines.handler);
            auto part = co_await next_part();
            is_whole = !part;
            const auto text = serialize_part(std::move(part), framing);
            const bool sent = co_await write(connection, text);
            if (!sent) co_return false;
        }
        co_return true;
    } catch (const std::exception& fault) {
        log::error("an answer was cut short", {{"reason", fault.what()}});
    }
    co_return false;
}

awaitable<bool> Server::Impl::write(Connection& connection, const std::string& text) {
    set_deadline(connection, config_.deadlines.write);
    error_code error;
    co_await asio::async_write(connection.socket, asio::buffer(text), asio::redirect_error(use_awaitable, error));
    co_return !error;
}

awaitable<> Server::Impl::reject(Connection& connection, const Error& error) {
    log::debug("request refused", {{"status", error.status()}, {"reason", error.note()}});
    const auto response =
        Response::text(error.status(), "application/json", fmt::format(R"({{"code":"{}","message":"{}"}})", error.code(), error.message()));
    co_await send(connection, response, false, false);
    // Reading on for a moment lets a client that is still sending see the answer instead of a reset.
    error_code ignored;
    connection.socket.shutdown(Socket::shutdown_send, ignored);
    set_deadline(connection, std::chrono::seconds{1});
    std::string rest;
    for (int i = 0; i < 64; ++i) {
        rest.clear();
        if (!co_await read_some(connection, rest)) break;
    }
}

Server::Server(asio::io_context& io, ServerConfig config, Handler handler)
    : impl_(std::make_shared<Impl>(io, std::move(config), std::move(handler))) {
    impl_->start();
}
Server::~Server() = default;
std::uint16_t Server::port() const { return impl_->port(); }
void Server::drain() { impl_->drain(); }
std::size_t Server::open_connections() const { return impl_->open_connections(); }
}  // namespace argon::http
