#include "pg/listener.hpp"

#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <libpq-fe.h>

#include "pg/errors.hpp"
#include "pg/session.hpp"

namespace argon::pg {
namespace {
using Descriptor = asio::posix::basic_stream_descriptor<argon::Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, argon::Executor>;
using boost::system::error_code;

constexpr std::chrono::seconds patience{2};
// A partition that drops packets is noticed within some ten seconds; until then notifications are missed without a sign.
constexpr const char* settings =
    " application_name=argonauth-listen keepalives_idle=5 keepalives_interval=2 keepalives_count=2 tcp_user_timeout=5000";
}  // namespace

struct Listener::Impl {
    Impl(asio::io_context& loop, Event callback) : io(loop), on_event(std::move(callback)), socket(loop) {}
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
        co_return !error && conn && !late;
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
    Event on_event;
    Descriptor socket;
    PGconn* conn = nullptr;
    bool late = false;
};

Listener::Listener(asio::io_context& io, Event on_event) : impl_(std::make_unique<Impl>(io, std::move(on_event))) {}
Listener::~Listener() = default;

std::shared_ptr<Listener> Listener::create(asio::io_context& io, Event on_event) {
    return std::shared_ptr<Listener>(new Listener(io, std::move(on_event)));
}

awaitable<> Listener::start(std::string conninfo, std::string channel) {
    const auto self = shared_from_this();
    Timer deadline{impl_->io, patience};
    deadline.async_wait([self](error_code error) {
        if (error || self->alive_) return;
        self->impl_->late = true;
        if (self->impl_->socket.is_open()) self->impl_->socket.cancel();
    });
    impl_->conn = PQconnectStart((conninfo + settings).c_str());
    // libpq would print what the server has to say, such as why it ends, on standard error.
    if (impl_->conn) PQsetNoticeProcessor(impl_->conn, [](void*, const char*) {}, nullptr);
    const bool connected = impl_->conn && PQstatus(impl_->conn) != CONNECTION_BAD && co_await impl_->connect();
    const bool listening = connected && co_await impl_->listen(channel);
    deadline.cancel();
    if (!listening) {
        const auto reason = impl_->late ? "no answer in time" : one_line(impl_->conn ? PQerrorMessage(impl_->conn) : "");
        impl_->reset();
        throw Unreachable{"cannot listen for changes: " + reason};
    }
    alive_ = true;
    asio::co_spawn(impl_->io, [self]() -> awaitable<> { co_await self->wait_loop(); }, asio::detached);
}

awaitable<> Listener::wait_loop() {
    const auto self = shared_from_this();
    while (alive_) {
        const bool readable = co_await impl_->wait(Descriptor::wait_read);
        if (!readable || !alive_ || PQconsumeInput(impl_->conn) != 1) break;
        std::set<std::string> payloads;  // many changes of one thing are one event
        while (PGnotify* notification = PQnotifies(impl_->conn)) {
            payloads.emplace(notification->extra);
            PQfreemem(notification);
        }
        for (const auto& payload : payloads) impl_->on_event(payload);
    }
    alive_ = false;
    impl_->on_event({});
    impl_->reset();
}

void Listener::close() {
    alive_ = false;
    if (impl_->socket.is_open()) impl_->socket.cancel();
}
}  // namespace argon::pg
