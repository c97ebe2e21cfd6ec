#include "api/paging.hpp"

#include <doctest/doctest.h>

namespace argon::api {

TEST_CASE("paging: a cursor survives the way to the client and back") {
    for (const auto& cursor : {branches::Cursor{"20260131090507123456", "solitary-cell-58208823"}, branches::Cursor{"a name.with dots/ü", "br-a-b-c"},
                               branches::Cursor{"", "x"}}) {
        CHECK(decode_cursor(encode_cursor(cursor)) == cursor);
    }
}

TEST_CASE("paging: hostile values are refused") {
    struct Case {
        const char* query;
        bool accepted;
    };
    for (const auto& [query, accepted] : {Case{"", true},
                                          Case{"limit=1", true},
                                          Case{"limit=400", true},
                                          Case{"limit=401", false},
                                          Case{"limit=0", false},
                                          Case{"limit=-1", false},
                                          Case{"limit=", false},
                                          Case{"limit=1e2", false},
                                          Case{"limit=%2B1", false},
                                          Case{"limit=1%20", false},
                                          Case{"limit=0x10", false},
                                          Case{"limit=99999999999999999999", false},
                                          Case{"limit=NaN", false},
                                          Case{"cursor=", true},
                                          Case{"cursor=abc", false},
                                          Case{"cursor=../../etc", false},
                                          Case{"cursor=%00", false},
                                          Case{"search=main", true},
                                          Case{"search=%00", false},
                                          Case{"search=%FF", false},
                                          Case{"search=%27%20OR%201%3D1", true},
                                          Case{"other=1", true}}) {
        CAPTURE(query);
        CHECK(parse_page(http::parse_query(query), {10, 400}).has_value() == accepted);
    }
    CHECK_FALSE(parse_search({{"search", std::string(257, 'x')}}));
    CHECK_FALSE(decode_cursor(std::string(4096, 'A')));
}

TEST_CASE("paging: the row beyond the limit becomes the cursor") {
    struct Item {
        std::string id;
    };
    const auto id_of = [](const Item& item) { return item.id; };
    const auto page = branches::make_page<Item>({{{"a"}, "3"}, {{"b"}, "2"}, {{"c"}, "1"}}, {.limit = 2}, id_of);
    CHECK(page.items.size() == 2);
    CHECK(page.next == branches::Cursor{"2", "b"});
    const auto last = branches::make_page<Item>({{{"c"}, "1"}}, {.limit = 2}, id_of);
    CHECK(last.items.size() == 1);
    CHECK_FALSE(last.next);
}

TEST_CASE("paging: flags as Go and Python write them") {
    const auto parse = [](std::string text) { return parse_flag({{"pooled", std::move(text)}}, "pooled", false); };
    for (const auto* yes : {"true", "True", "TRUE", "t", "1"}) CHECK(*parse(yes));
    for (const auto* no : {"false", "False", "FALSE", "f", "0"}) CHECK_FALSE(*parse(no));
    for (const auto* neither : {"", "yes", "tRuE", "2", "true "}) CHECK_FALSE(parse(neither).has_value());
}
}  // namespace argon::api
