#include "base/log_sink.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace argon::log {

/// O_NONBLOCK on the descriptor itself would hold for everybody who shares it, the shell that started us among them.
Sink::Sink(int descriptor) : descriptor_(descriptor) {
    struct stat info{};
    if (::fstat(descriptor, &info) != 0) return;
    is_socket_ = S_ISSOCK(info.st_mode);
    if (!S_ISFIFO(info.st_mode) && !S_ISCHR(info.st_mode)) return;
    own_ = ::open(fmt::format("/proc/self/fd/{}", descriptor).c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    must_ask_ = own_ < 0;
}

Sink::~Sink() {
    if (own_ >= 0) ::close(own_);
}

bool Sink::write(std::string_view line) {
    const std::lock_guard lock{mutex_};
    const auto rest = rest_;
    if (!rest.empty() && !send(rest)) return false;
    return rest_.empty() && send(line);
}

/// False when nothing was taken. Of what was taken in part the rest is kept, so that the next line begins on a line of its own.
bool Sink::send(std::string_view text) {
    if (must_ask_ && !is_writable()) return false;
    const auto count = is_socket_ ? ::send(descriptor_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                                  : ::write(own_ >= 0 ? own_ : descriptor_, text.data(), text.size());
    if (count <= 0) return false;
    rest_ = text.substr(static_cast<std::size_t>(count));
    return true;
}

bool Sink::is_writable() const {
    pollfd entry{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
}
}  // namespace argon::log
