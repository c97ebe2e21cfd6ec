#include "base/clock.hpp"

#include <doctest/doctest.h>

namespace argon {

TEST_CASE("times are written with three decimals and read from PostgreSQL's text") {
    const TimePoint time{std::chrono::milliseconds{1'700'000'000'120}};
    CHECK(to_iso(time) == "2023-11-14T22:13:20.120Z");
    CHECK(to_rfc3339(time) == "2023-11-14T22:13:20Z");
    for (const std::string_view same :
         {"2023-11-14 22:13:20.12+00", "2023-11-14T22:13:20.120Z", "2023-11-14 23:13:20.1201+01", "2023-11-15 03:43:20.12+05:30"}) {
        CAPTURE(same);
        CHECK(parse_time(same) == time);
    }
    for (const std::string_view bad :
         {"", "infinity", "2023-13-01 00:00:00+00", "2023-02-30 00:00:00+00", "2023-11-14", "2023-11-14 22:13:20+99", "x2023-11-14 22:13:20Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_time(bad));
    }
}
}  // namespace argon
