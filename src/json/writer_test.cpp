#include "json/writer.hpp"

#include <doctest/doctest.h>

namespace argon::json {
namespace {
struct Reply {
    std::optional<std::string> token;
    std::optional<std::string> url;
    std::vector<int> numbers;
    TimePoint time;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.optional("url", reply.url);
        f.required("numbers", reply.numbers);
        f.required("time", reply.time);
    }
};
}  // namespace

TEST_CASE("writer: required nulls are written, optional ones left out") {
    const Reply reply{.numbers = {1, -2}, .time = TimePoint{std::chrono::milliseconds{1'700'000'000'123}}};
    CHECK(encode(reply) == R"({"token":null,"numbers":[1,-2],"time":"2023-11-14T22:13:20.123Z"})");
}

TEST_CASE("writer: numbers as JavaScript writes them") {
    struct Case {
        double number;
        std::string_view text;
    };
    for (const auto& [number, text] :
         {Case{1, "1"}, Case{0.1, "0.1"}, Case{-0.5, "-0.5"}, Case{1e20, "100000000000000000000"}, Case{1e-6, "0.000001"}, Case{1e21, "1e+21"}}) {
        CAPTURE(number);
        CHECK(encode(number) == text);
    }
}

TEST_CASE("writer: text survives a round trip") {
    for (const std::string text : {"", "plain", "\"quoted\" \\ back", "line\nbreak\ttab", "Žofie 李 🦊", "\x01\x1f"}) {
        CAPTURE(text);
        const auto parsed = parse(encode(text));
        REQUIRE(parsed);
        CHECK(std::string_view{parsed->get_string()} == text);
    }
}
}  // namespace argon::json
