#include "branches/database_proxy.hpp"

#include <mutex>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/setup_error.hpp"
#include "pg/errors.hpp"

namespace argon::branches {
namespace {
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Two sockets joined; each direction is a coroutine, and the end of one ends both.
struct Link {
    Link(Socket c, asio::io_context& io) : client(std::move(c)), server(io) {}
    Socket client;
    Socket server;
    std::shared_ptr<ClusterState> state;

    ~Link() {
        if (!state) return;
        --state->users;
        state->touch();
    }
};

awaitable<> pass(std::shared_ptr<Link> link, Socket& from, Socket& to) {
    std::vector<char> buffer(16 * 1024);
    error_code error;
    while (!error) {
        const auto count = co_await from.async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
        if (!error) co_await asio::async_write(to, asio::buffer(buffer.data(), count), asio::redirect_error(use_awaitable, error));
    }
    link->client.close(error);
    link->server.close(error);
}
}  // namespace

class DatabaseProxy::Impl : public std::enable_shared_from_this<DatabaseProxy::Impl> {
public:
    Impl(asio::io_context& io, Compute& compute, std::string address) : io_(io), compute_(compute), address_(std::move(address)) {}

    void open(const BranchId& branch, std::uint16_t port) {
        auto acceptor = std::make_shared<Acceptor>(io_);
        try {
            const Tcp::endpoint endpoint{asio::ip::make_address(address_), port};
            acceptor->open(endpoint.protocol());
            acceptor->set_option(Acceptor::reuse_address{true});
            acceptor->bind(endpoint);
            acceptor->listen();
        } catch (const boost::system::system_error& error) {
            throw SetupError{fmt::format("Branch {} cannot listen on {}:{} for its database ({}). Stop the program that uses the port.", branch.value,
                                         address_, port, error.code().message())};
        }
        {
            const std::lock_guard lock{mutex_};
            acceptors_[branch] = acceptor;
        }
        asio::co_spawn(
            io_, [self = shared_from_this(), acceptor, branch]() -> awaitable<> { co_await self->accept_loop(acceptor, branch); }, asio::detached);
    }

    void close(const BranchId& branch) {
        const std::lock_guard lock{mutex_};
        const auto found = acceptors_.find(branch);
        if (found == acceptors_.end()) return;
        asio::post(io_, [acceptor = found->second] {
            error_code ignored;
            acceptor->close(ignored);
        });
        acceptors_.erase(found);
    }

    bool is_open(const BranchId& branch) {
        const std::lock_guard lock{mutex_};
        return acceptors_.contains(branch);
    }

    void close_all() {
        std::vector<BranchId> branches;
        {
            const std::lock_guard lock{mutex_};
            for (const auto& [branch, acceptor] : acceptors_) branches.push_back(branch);
        }
        for (const auto& branch : branches) close(branch);
    }

private:
    awaitable<> accept_loop(std::shared_ptr<Acceptor> acceptor, BranchId branch) {
        while (acceptor->is_open()) {
            error_code error;
            auto client = co_await acceptor->async_accept(asio::redirect_error(use_awaitable, error));
            if (error == asio::error::operation_aborted || !acceptor->is_open()) co_return;
            if (error) {
                Timer pause{io_, std::chrono::milliseconds{50}};
                co_await pause.async_wait(asio::redirect_error(use_awaitable, error));
                continue;
            }
            asio::co_spawn(
                io_,
                [self = shared_from_this(), socket = std::move(client), branch]() mutable -> awaitable<> {
                    co_await self->join(std::move(socket), branch);
                },
                asio::detached);
        }
    }

    awaitable<> join(Socket client, BranchId branch) {
        const auto link = std::make_shared<Link>(std::move(client), io_);
        link->state = compute_.state(branch);
        ++link->state->users;
        bool awake = false;
        try {
            co_await compute_.ensure_running(io_, branch);
            awake = true;
        } catch (const pg::Unavailable&) {
            // Said in the log by ensure_running; the client sees its connection close.
        }
        if (!awake) co_return;
        error_code error;
        co_await link->server.async_connect({asio::ip::address_v4::loopback(), link->state->port}, asio::redirect_error(use_awaitable, error));
        if (error) co_return;
        link->client.set_option(Tcp::no_delay{true}, error);
        link->server.set_option(Tcp::no_delay{true}, error);
        asio::co_spawn(io_, [link]() -> awaitable<> { co_await pass(link, link->client, link->server); }, asio::detached);
        co_await pass(link, link->server, link->client);
    }

    asio::io_context& io_;
    Compute& compute_;
    std::string address_;
    std::mutex mutex_;
    std::map<BranchId, std::shared_ptr<Acceptor>> acceptors_;
};

DatabaseProxy::DatabaseProxy(asio::io_context& io, Compute& compute, std::string address)
    : impl_(std::make_shared<Impl>(io, compute, std::move(address))) {}
DatabaseProxy::~DatabaseProxy() { impl_->close_all(); }
void DatabaseProxy::open(const BranchId& branch, std::uint16_t port) { impl_->open(branch, port); }
void DatabaseProxy::close(const BranchId& branch) { impl_->close(branch); }
bool DatabaseProxy::is_open(const BranchId& branch) const { return impl_->is_open(branch); }
void DatabaseProxy::close_all() { impl_->close_all(); }
}  // namespace argon::branches
