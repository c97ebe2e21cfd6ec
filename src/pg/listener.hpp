// LISTEN on one channel: a connection of its own that calls back on each notification and once when it ends.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/async.hpp"

namespace argon::pg {

class Listener : public std::enable_shared_from_this<Listener> {
public:
    /// What a notification carries; empty when the connection ended and anything may have been missed.
    using Event = std::function<void(std::string_view payload)>;
    /// `on_event` runs on `io`. After the connection ended the listener is dead; make a new one.
    static std::shared_ptr<Listener> create(asio::io_context& io, Event on_event);
    ~Listener();

    /// Returns when the server listens: nothing that commits afterwards is missed. Throws Unreachable after two seconds at the latest.
    awaitable<> start(std::string conninfo, std::string channel);
    bool is_alive() const { return alive_; }
    void close();

private:
    struct Impl;
    Listener(asio::io_context& io, Event on_event);
    awaitable<> wait_loop();

    std::unique_ptr<Impl> impl_;
    bool alive_ = false;
};
}  // namespace argon::pg
