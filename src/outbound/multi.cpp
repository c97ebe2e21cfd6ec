#include "outbound/multi.hpp"

#include <mutex>
#include <new>

#include <boost/asio/redirect_error.hpp>
#include <sys/socket.h>

namespace argon::outbound {
namespace {
constexpr long idle_connections = 16;

void initialize_once() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}
}  // namespace

Transfer::Transfer(asio::io_context& io) : easy(curl_easy_init()), url(curl_url()), done(io, Timer::time_point::max()) {
    if (!easy || !url) throw std::bad_alloc{};
    set(CURLOPT_ERRORBUFFER, detail);
    set(CURLOPT_PRIVATE, this);
}

Transfer::~Transfer() {
    curl_easy_cleanup(easy);
    curl_url_cleanup(url);
    curl_slist_free_all(lines);
}

std::string Transfer::reason() const { return detail[0] ? detail : curl_easy_strerror(result); }

Multi::Multi(asio::io_context& io, const AddressPolicy& policy) : io_(io), policy_(policy), timer_(io) {
    initialize_once();
    multi_ = curl_multi_init();
    if (!multi_) throw std::bad_alloc{};
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, idle_connections);
}

Multi::~Multi() {
    for (auto& [easy, transfer] : running_) curl_multi_remove_handle(multi_, easy);
    curl_multi_cleanup(multi_);
    for (auto& [socket, watch] : watches_) watch->descriptor.release();
}

/// What open_socket needs to know; lives as long as the transfer runs.
struct Multi::Judged {
    const AddressPolicy& policy;
    Transfer& transfer;
};

/// Called with the address that is about to be connected, after all resolution.
curl_socket_t Multi::open_socket(void* judged, curlsocktype, curl_sockaddr* address) {
    const auto& judge = *static_cast<const Judged*>(judged);
    if (!judge.policy.allows(&address->addr)) {
        judge.transfer.address_refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

awaitable<> Multi::run(std::shared_ptr<Transfer> transfer) {
    Judged judged{policy_, *transfer};
    transfer->set(CURLOPT_OPENSOCKETFUNCTION, &Multi::open_socket);
    transfer->set(CURLOPT_OPENSOCKETDATA, &judged);
    running_.emplace(transfer->easy, transfer);
    curl_multi_add_handle(multi_, transfer->easy);
    while (!transfer->finished) {
        boost::system::error_code cancelled;
        co_await transfer->done.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
}

int Multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    auto& multi = *static_cast<Multi*>(self);
    what == CURL_POLL_REMOVE ? multi.unwatch(socket) : multi.watch(socket, what);
    return 0;
}

int Multi::on_timer(CURLM*, long milliseconds, void* self) {
    static_cast<Multi*>(self)->set_timer(milliseconds);
    return 0;
}

void Multi::watch(curl_socket_t socket, int what) {
    auto& entry = watches_[socket];
    if (!entry) {
        entry = std::make_shared<Watch>(io_);
        boost::system::error_code error;
        entry->descriptor.assign(socket, error);
        if (error) return;  // libcurl's own deadline ends the transfer
    }
    entry->wanted = what;
    arm(socket, entry);
}

void Multi::unwatch(curl_socket_t socket) {
    const auto found = watches_.find(socket);
    if (found == watches_.end()) return;
    found->second->removed = true;
    found->second->descriptor.release();  // the socket is libcurl's to close
    watches_.erase(found);
}

void Multi::arm(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
    if ((watch->wanted & CURL_POLL_IN) && !watch->reading) {
        watch->reading = true;
        watch->descriptor.async_wait(Descriptor::wait_read, [this, socket, watch](boost::system::error_code error) {
            watch->reading = false;
            if (watch->removed) return;
            act(socket, error ? CURL_CSELECT_ERR : CURL_CSELECT_IN);
            if (!watch->removed && !error) arm(socket, watch);
        });
    }
    if ((watch->wanted & CURL_POLL_OUT) && !watch->writing) {
        watch->writing = true;
        watch->descriptor.async_wait(Descriptor::wait_write, [this, socket, watch](boost::system::error_code error) {
            watch->writing = false;
            if (watch->removed) return;
            act(socket, error ? CURL_CSELECT_ERR : CURL_CSELECT_OUT);
            if (!watch->removed && !error) arm(socket, watch);
        });
    }
}

void Multi::act(curl_socket_t socket, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    collect();
}

void Multi::set_timer(long milliseconds) {
    if (milliseconds < 0) {
        timer_.cancel();
        return;
    }
    // libcurl may ask for "now" from inside its own functions: the answer always comes from the loop.
    timer_.expires_after(std::chrono::milliseconds{milliseconds});
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void Multi::collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL* easy = message->easy_handle;
        const auto result = message->data.result;
        curl_multi_remove_handle(multi_, easy);
        const auto found = running_.find(easy);
        if (found == running_.end()) continue;
        const auto transfer = found->second;
        running_.erase(found);
        transfer->result = result;
        transfer->finished = true;
        transfer->done.cancel();
    }
}
}  // namespace argon::outbound
