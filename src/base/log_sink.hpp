// Where log lines go. Who logs must never wait for who reads: not for a full pipe, a socket nobody empties, a stopped terminal.
#pragma once

#include <climits>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace argon::log {

/// Up to this size a pipe takes a line whole or not at all.
constexpr std::size_t max_line = PIPE_BUF;

class Sink {
public:
    /// The descriptor remains the caller's, and its flags as they are: others may write to the same pipe and expect to wait.
    explicit Sink(int descriptor);
    ~Sink();
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    /// False: there is no room, and the line is lost.
    bool write(std::string_view line);

private:
    bool send(std::string_view text);
    bool is_writable() const;

    const int descriptor_;
    int own_ = -1;  ///< the same pipe or terminal, opened so that it never waits
    bool is_socket_ = false;
    bool must_ask_ = false;  ///< it could not be opened again
    std::mutex mutex_;
    std::string rest_;  ///< of a line that was taken in part
};
}  // namespace argon::log
