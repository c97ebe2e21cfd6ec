#include "identity/fair_queue.hpp"

#include <doctest/doctest.h>

namespace argon::identity {
namespace {

std::string drain(FairQueue<char>& queue) {
    std::string order;
    while (!queue.empty()) order += queue.pop();
    return order;
}

TEST_CASE("fair queue: owners take turns, each in the order of its jobs") {
    FairQueue<char> queue{8, 16};
    for (const char job : std::string{"abcd"}) queue.push("busy", job);
    queue.push("quiet", 'X');
    queue.push("other", '1');
    queue.push("other", '2');
    CHECK(queue.size() == 7);
    CHECK(drain(queue) == "aX1b2cd");
}

TEST_CASE("fair queue: who has had a turn comes after who waits already") {
    FairQueue<char> queue{8, 16};
    queue.push("busy", 'a');
    queue.push("busy", 'b');
    CHECK(queue.pop() == 'a');
    queue.push("quiet", 'X');
    queue.push("busy", 'c');
    CHECK(drain(queue) == "bXc");
}

TEST_CASE("fair queue: a full line keeps nobody else out, a full queue everybody") {
    FairQueue<char> queue{2, 3};
    CHECK(queue.has_room("busy"));
    queue.push("busy", 'a');
    queue.push("busy", 'b');
    CHECK_FALSE(queue.has_room("busy"));
    CHECK(queue.has_room("quiet"));
    queue.push("quiet", 'X');
    CHECK_FALSE(queue.has_room("quiet"));
    CHECK_FALSE(queue.has_room("third"));
    queue.pop();
    CHECK(queue.has_room("busy"));
}
}  // namespace
}  // namespace argon::identity
