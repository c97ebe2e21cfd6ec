#include "api/brake_counters.hpp"

#include <doctest/doctest.h>

using namespace argon;

namespace {
constexpr api::LimitKey a{'a'}, b{'b'};
}  // namespace

TEST_CASE("brakes: ten tries are free, then the wait doubles, and a quarter of an hour forgets") {
    api::BrakeCounters brakes;
    api::BrakeCounters::Time now{std::chrono::hours{1}};
    for (int i = 0; i < 10; ++i) CHECK(!brakes.try_account(a, now));
    CHECK(brakes.try_account(a, now) == std::chrono::seconds{1});
    CHECK(!brakes.try_account(b, now));
    for (int expected : {1, 2, 4, 8}) {
        CHECK(brakes.try_account(a, now) == std::chrono::seconds{expected});
        now += std::chrono::seconds{expected};
        CHECK(!brakes.try_account(a, now));
    }
    CHECK(brakes.try_account(a, now + std::chrono::minutes{15} + std::chrono::seconds{1}) == std::nullopt);
}

TEST_CASE("brakes: the owner's success starts the count anew") {
    api::BrakeCounters brakes;
    const api::BrakeCounters::Time now{std::chrono::hours{1}};
    for (int i = 0; i < 10; ++i) CHECK(!brakes.try_account(a, now));
    brakes.forgive(a);
    for (int i = 0; i < 10; ++i) CHECK(!brakes.try_account(a, now));
    CHECK(brakes.try_account(a, now));
}

TEST_CASE("brakes: a mailbox gets five mails in an hour") {
    api::BrakeCounters brakes;
    const api::BrakeCounters::Time now{std::chrono::hours{9}};
    for (int i = 0; i < 5; ++i) CHECK(!brakes.count_mail(a, now + std::chrono::minutes{i}));
    CHECK(brakes.count_mail(a, now + std::chrono::minutes{10}) == std::chrono::minutes{50});
    CHECK(!brakes.count_mail(a, now + std::chrono::minutes{60} + std::chrono::seconds{1}));
}
