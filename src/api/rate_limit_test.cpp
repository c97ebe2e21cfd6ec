#include "api/rate_limit.hpp"

#include <doctest/doctest.h>

namespace argon::api {
namespace {
constexpr LimitKey a{'a'}, b{'b'};
}  // namespace

TEST_CASE("rate limit: the window slides with each allowed request") {
    RateLimiter limiter;
    const RateLimiter::Time start{1h};
    const Limit limit{3, 10s};
    for (const auto offset : {0s, 4s, 8s}) CHECK_FALSE(limiter.check(a, limit, start + offset));
    CHECK(limiter.check(a, limit, start + 9s) == 10s);   // refused ones do not renew it
    CHECK(limiter.check(a, limit, start + 17s) == 2s);
    CHECK_FALSE(limiter.check(b, limit, start + 9s));
    CHECK_FALSE(limiter.check(a, limit, start + 19s));
}

TEST_CASE("S217: rate limit: a flood of keys does not grow without bound, and the default rule applies") {
    RateLimiter limiter;
    const RateLimiter::Time start{1h};
    const crypto::ShortHasher hash{crypto::SecretKey::generate()};
    for (int i = 0; i < 250'000; ++i) limiter.check(hash(std::to_string(i)), {}, start);
    for (int i = 0; i < 100; ++i) CHECK_FALSE(limiter.check(a, {}, start));
    CHECK(limiter.check(a, {}, start));
}

TEST_CASE("rate limit: what other nodes counted is added, and told once") {
    RateLimiter limiter;
    const RateLimiter::Time start{1h};
    for (int i = 0; i < 7; ++i) limiter.check(a, {}, start);
    CHECK(limiter.unshared(start).empty());  // not worth telling
    for (int i = 0; i < 13; ++i) limiter.check(a, {}, start);
    const auto told = limiter.unshared(start + 300ms);
    REQUIRE(told.size() == 1);
    CHECK(told[0].key == a);
    CHECK(told[0].hits == 20);
    CHECK(told[0].age == 300ms);
    CHECK(limiter.unshared(start + 300ms).empty());

    CHECK_FALSE(limiter.check(a, {}, start + 350ms));  // meanwhile
    limiter.learn_total(told[0], 98, 100ms, start + 400ms);
    CHECK_FALSE(limiter.check(a, {}, start + 400ms));
    CHECK(limiter.check(a, {}, start + 400ms));
    CHECK(limiter.unshared(start + 500ms).at(0).hits == 2);
    CHECK_FALSE(limiter.check(a, {}, start + 10'401ms));
}

TEST_CASE("rate limit: what was not taken is told again") {
    RateLimiter limiter;
    const RateLimiter::Time start{1h};
    for (int i = 0; i < 20; ++i) limiter.check(a, {}, start);
    CHECK(limiter.unshared(start).size() == 1);
    limiter.check(a, {}, start + 1s);
    CHECK(limiter.unshared(start + 1s).at(0).hits == 21);
}

TEST_CASE("rate limit: a strict rule follows what all nodes say") {
    RateLimiter limiter;
    const RateLimiter::Time start{1h};
    const Limit limit{3, 10s};
    CHECK_FALSE(limiter.check(a, limit, start));
    limiter.learn_count(a, 2);
    CHECK_FALSE(limiter.check(a, limit, start));
    CHECK(limiter.check(a, limit, start) == 10s + 1s);
    CHECK_FALSE(limiter.check(b, limit, start));
    limiter.learn_refusal(b, limit, 2500ms, start);
    CHECK(limiter.check(b, limit, start) == 3s);
    CHECK_FALSE(limiter.check(b, limit, start + 2501ms));
    CHECK(limiter.unshared(start).empty());
}
}  // namespace argon::api
