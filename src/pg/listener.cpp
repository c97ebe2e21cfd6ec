#include "pg/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <libpq-fe.h>

#include "pg/errors.hpp"

namespace argon::pg {
namespace {
using Descriptor = asio::posix::basic_stream_descriptor<argon::Executor>;
using boost::system::error_code;
}  // namespace

struct Listener::Impl {
    Impl(asio::io_context& loop, std::function<void()> callback) : io(loop), on_event(std::move(callback)), socket(loop) {}
    ~Impl() { reset(); }

    void reset() {
        if (socket.is_open()) socket.release();
        PQfinish(std::exchange(conn, nullptr));
    }
    awaitable<bool> wait(Descriptor::wait_type type) {
        if (socket.is_open()) socket.release();
        socket.assign(PQsocket(conn));
        error_code error;
        co_await socket.async_wait(type, asio::redirect_error(use_awaitable, error));
        co_return !error && conn;
    }
    awaitable<bool> connect() {
        auto status = PGRES_POLLING_WRITING;
        while (status == PGRES_POLLING_WRITING || status == PGRES_POLLING_READING) {
            const bool ready = co_await wait(status == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write);
            if (!ready) co_return false;
            status = PQconnectPoll(conn);
        }
        co_return status == PGRES_POLLING_OK;
    }
    awaitable<bool> listen(const std::string& channel) {
        if (PQsendQuery(conn, ("LISTEN " + channel).c_str()) != 1) co_return false;
        bool done = false;
        while (!done) {
            const bool readable = co_await wait(Descriptor::wait_read);
            if (!readable || PQconsumeInput(conn) != 1) co_return false;
            while (!PQisBusy(conn)) {
                PGresult* result = PQgetResult(conn);
                if (!result) {
                    done = true;
                    break;
                }
                const bool failed = PQresultStatus(result) != PGRES_COMMAND_OK;
                PQclear(result);
                if (failed) co_return false;
            }
        }
        co_return true;
    }

    asio::io_context& io;
    std::function<void()> on_event;
    Descriptor socket;
    PGconn* conn = nullptr;
};

Listener::Listener(asio::io_context& io, std::function<void()> on_event) : impl_(std::make_unique<Impl>(io, std::move(on_event))) {}
Listener::~Listener() = default;

std::shared_ptr<Listener> Listener::create(asio::io_context& io, std::function<void()> on_event) {
    return std::shared_ptr<Listener>(new Listener(io, std::move(on_event)));
}

awaitable<> Listener::start(std::string conninfo, std::string channel) {
    const auto self = shared_from_this();
    impl_->conn = PQconnectStart((conninfo + " application_name=argonauth-listen connect_timeout=5").c_str());
    const bool connected = impl_->conn && PQstatus(impl_->conn) != CONNECTION_BAD && co_await impl_->connect();
    const bool listening = connected && co_await impl_->listen(channel);
    if (!listening) throw Unavailable{"cannot listen for changes of settings"};
    alive_ = true;
    asio::co_spawn(impl_->io, [self]() -> awaitable<> { co_await self->wait_loop(); }, asio::detached);
}

awaitable<> Listener::wait_loop() {
    const auto self = shared_from_this();
    while (alive_) {
        const bool readable = co_await impl_->wait(Descriptor::wait_read);
        if (!readable || !alive_ || PQconsumeInput(impl_->conn) != 1) break;
        bool notified = false;
        while (PGnotify* notification = PQnotifies(impl_->conn)) {
            PQfreemem(notification);
            notified = true;
        }
        if (notified) impl_->on_event();
    }
    alive_ = false;
    impl_->on_event();
    impl_->reset();
}

void Listener::close() {
    alive_ = false;
    if (impl_->socket.is_open()) impl_->socket.cancel();
}
}  // namespace argon::pg
