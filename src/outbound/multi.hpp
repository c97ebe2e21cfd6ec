// libcurl's multi handle driven by the I/O loop: its sockets as descriptors of Asio, its deadline as one timer.
#pragma once

#include <map>
#include <memory>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <curl/curl.h>

#include "base/async.hpp"
#include "outbound/addresses.hpp"

namespace argon::outbound {

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// One easy handle with what must live as long as it does.
struct Transfer {
    explicit Transfer(asio::io_context& io);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    template <class Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(easy, option, value);
    }
    void add_header(const std::string& line) { lines = curl_slist_append(lines, line.c_str()); }
    /// What libcurl has to say about the result.
    std::string reason() const;

    CURL* easy;
    CURLU* url;
    curl_slist* lines = nullptr;
    char detail[CURL_ERROR_SIZE] = {};
    Timer done;
    bool finished = false;
    bool address_refused = false;
    CURLcode result = CURLE_OK;
};

class Multi {
public:
    Multi(asio::io_context& io, const AddressPolicy& policy);
    ~Multi();

    /// Returns when the transfer has ended one way or the other; `transfer->result` tells.
    awaitable<> run(std::shared_ptr<Transfer> transfer);

private:
    using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
    struct Watch {
        explicit Watch(asio::io_context& io) : descriptor(io) {}
        Descriptor descriptor;
        int wanted = 0;
        bool reading = false;
        bool writing = false;
        bool removed = false;
    };
    struct Judged;

    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* watch);
    static int on_timer(CURLM* multi, long milliseconds, void* self);
    static curl_socket_t open_socket(void* judged, curlsocktype purpose, curl_sockaddr* address);

    void watch(curl_socket_t socket, int what);
    void unwatch(curl_socket_t socket);
    void arm(curl_socket_t socket, const std::shared_ptr<Watch>& watch);
    void act(curl_socket_t socket, int events);
    void set_timer(long milliseconds);
    void collect();

    asio::io_context& io_;
    const AddressPolicy& policy_;
    CURLM* multi_;
    Timer timer_;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
    std::map<CURL*, std::shared_ptr<Transfer>> running_;
};
}  // namespace argon::outbound
