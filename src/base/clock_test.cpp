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
    for (const std::string_view bad : {"", "infinity", "2023-13-01 00:00:00+00", "2023-02-30 00:00:00+00", "2023-11-14", "2023-11-14 22:13:20+99",
                                       "x2023-11-14 22:13:20Z", "12023-11-14 22:13:20Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_time(bad));
    }
}

TEST_CASE("times of the database beyond what the wire can write become the nearest that it can") {
    for (const std::string_view late : {"infinity", "10000-01-01 00:00:00+00", "294276-12-31 23:59:59.999999+00"}) {
        CAPTURE(late);
        CHECK(to_iso(*parse_database_time(late)) == "9999-12-31T23:59:59.999Z");
    }
    for (const std::string_view early : {"-infinity", "0001-12-31 23:59:59+00 BC", "4713-01-01 00:00:00+00 BC"}) {
        CAPTURE(early);
        CHECK(to_iso(*parse_database_time(early)) == "0001-01-01T00:00:00.000Z");
    }
    CHECK(to_iso(*parse_database_time("2023-11-14 22:13:20.12+00")) == "2023-11-14T22:13:20.120Z");
    for (const std::string_view bad : {"", "soon", "-", "2023-02-30 00:00:00+00"}) CHECK_FALSE(parse_database_time(bad));
}
}  // namespace argon
