#include "base/log_sink.hpp"

#include <array>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace argon {
namespace {
/// Two ends of something that takes a limited amount of bytes.
struct Ends {
    std::array<int, 2> fd{};  // read, write
    explicit Ends(bool socket) { REQUIRE((socket ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, fd.data()) : ::pipe(fd.data())) == 0); }
    ~Ends() {
        for (const int end : fd) ::close(end);
    }
    std::string read_all() const {
        ::fcntl(fd[0], F_SETFL, O_NONBLOCK);
        std::string out;
        std::array<char, 4096> part{};
        for (ssize_t count = 0; (count = ::read(fd[0], part.data(), part.size())) > 0;) out.append(part.data(), static_cast<std::size_t>(count));
        return out;
    }
};

std::string line_of(std::size_t size, char letter) { return std::string(size - 1, letter) + '\n'; }
}  // namespace

TEST_CASE("log sink: what nobody reads is lost without waiting, and what comes later is whole") {
    for (const bool socket : {false, true}) {
        for (const std::size_t size : {std::size_t{100}, std::size_t{3001}, log::max_line}) {
            const Ends ends{socket};
            log::Sink sink{ends.fd[1]};
            std::size_t taken = 0;
            while (sink.write(line_of(size, 'a'))) ++taken;
            CHECK(taken > 0);
            CHECK_FALSE(sink.write(line_of(size, 'b')));
            // Others who write there may rely on waiting.
            CHECK((::fcntl(ends.fd[1], F_GETFL) & O_NONBLOCK) == 0);
            auto text = ends.read_all();
            CHECK(sink.write(line_of(size, 'c')));
            text += ends.read_all();
            std::size_t whole = 0;
            for (std::size_t at = 0; at < text.size(); at += size, ++whole) {
                const auto line = text.substr(at, size);
                REQUIRE((line == line_of(size, 'a') || line == line_of(size, 'b') || line == line_of(size, 'c')));
            }
            CHECK(whole >= taken + 1);
            CHECK(text.ends_with(line_of(size, 'c')));
        }
    }
}

TEST_CASE("log sink: a file is written where its descriptor stands") {
    std::string name = "/tmp/argonauth-log-XXXXXX";
    const int file = ::mkstemp(name.data());
    REQUIRE(file >= 0);
    REQUIRE(::write(file, "before\n", 7) == 7);
    log::Sink sink{file};
    CHECK(sink.write("after\n"));
    std::array<char, 32> content{};
    CHECK(::pread(file, content.data(), content.size(), 0) == 13);
    CHECK(std::string{content.data()} == "before\nafter\n");
    ::close(file);
    ::unlink(name.c_str());
}
}  // namespace argon
