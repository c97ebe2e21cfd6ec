#include "api/rate_limit.hpp"

#include <doctest/doctest.h>

namespace argon::api {

TEST_CASE("rate limit: the window slides with each allowed request") {
    RateLimiter limiter;
    const RateLimiter::Time start{1h};
    const Limit limit{3, 10s};
    for (const auto offset : {0s, 4s, 8s}) CHECK_FALSE(limiter.check("a", limit, start + offset));
    CHECK(limiter.check("a", limit, start + 9s) == 10s);   // refused ones do not renew it
    CHECK(limiter.check("a", limit, start + 17s) == 2s);
    CHECK_FALSE(limiter.check("b", limit, start + 9s));
    CHECK_FALSE(limiter.check("a", limit, start + 19s));
}

TEST_CASE("rate limit: a flood of keys does not grow without bound, and the default rule applies") {
    RateLimiter limiter;
    const RateLimiter::Time start{1h};
    for (int i = 0; i < 250'000; ++i) limiter.check("flood" + std::to_string(i), {}, start);
    for (int i = 0; i < 100; ++i) CHECK_FALSE(limiter.check("default", {}, start));
    CHECK(limiter.check("default", {}, start));
}
}  // namespace argon::api
