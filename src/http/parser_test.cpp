#include "http/parser.hpp"

#include <doctest/doctest.h>

namespace argon::http {
namespace {

/// The status of a refusal, 200 for a complete request, 0 while more is needed.
int verdict(std::string_view input, std::size_t step) {
    Parser parser{{}};
    std::string buffer;
    for (std::size_t at = 0; at < input.size() || !buffer.empty();) {
        const auto part = input.substr(at, step);
        at += part.size();
        buffer += part;
        bool progress = true;
        while (progress && !buffer.empty() && !parser.is_complete()) {
            const auto used = parser.feed(buffer);
            if (!used) return used.error().status();
            buffer.erase(0, *used);
            progress = *used > 0;
        }
        if (parser.is_complete()) return 200;
        if (part.empty()) return 0;
    }
    return 0;
}
}  // namespace

TEST_CASE("parser: the verdict is the same whole and cut at every byte") {
    struct Case {
        std::string text;
        int status;
    };
    const Case cases[] = {
        {"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n", 200},
        {"\r\nGET /ok HTTP/1.1\r\nHost: a\r\n\r\n", 200},
        {"GET http://a/ok HTTP/1.1\r\nHost: a\r\n\r\n", 200},
        {"GET http://b/ok HTTP/1.1\r\nHost: a\r\n\r\n", 421},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 200},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab", 0},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc", 400},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n", 413},
        {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20000, 'a') + "\r\n\r\n", 431},
    };
    for (const auto& [text, status] : cases) {
        CAPTURE(text.substr(0, 120));
        CHECK(verdict(text, text.size()) == status);
        CHECK(verdict(text, 1) == status);
    }
}

TEST_CASE("parser: a chunked body is bounded too") {
    std::string text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 300; ++i) text += "1000\r\n" + std::string(4096, 'a') + "\r\n";
    CHECK(verdict(text, text.size()) == 413);
}

TEST_CASE("parser: path and query are split, fields found without case") {
    Parser parser{{}};
    REQUIRE(parser.feed("GET /a%20b?x=1?y HTTP/1.1\r\nhOsT: localhost:1\r\nX-Y:  z \r\n\r\n"));
    REQUIRE(parser.is_complete());
    CHECK(parser.request().path == "/a%20b");
    CHECK(parser.request().query == "x=1?y");
    CHECK(parser.request().host == "localhost:1");
    CHECK(parser.request().fields.get("x-y") == "z");
}
}  // namespace argon::http
