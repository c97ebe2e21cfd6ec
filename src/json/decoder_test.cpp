#include "json/decoder.hpp"

#include <doctest/doctest.h>

#include "json/writer.hpp"

namespace argon::json {
namespace {
struct Person {
    std::string name;
    std::string email;
    std::optional<std::string> image;
    bool active = true;
    Patch<std::string> nickname;
    int age = 0;

    static void fields(auto& f, auto& p) {
        f.required("name", p.name);
        f.required("email", p.email, json::email);
        f.optional("image", p.image);
        f.optional("active", p.active);
        f.optional("nickname", p.nickname, max_length{3});
        f.optional("age", p.age, range{0, 150});
    }
};

std::string issues(std::string_view text) {
    const auto value = parse(text);
    REQUIRE(value);
    Person person;
    return decode(&*value, "body", person);
}
}  // namespace

TEST_CASE("decoder: issues come in the schema's order, in zod's words") {
    struct Case {
        std::string_view text;
        std::string_view expected;
    };
    const Case cases[] = {
        {R"({"email":"a@b.co","name":"A"})", ""},
        {"{}", "[body.name] Invalid input: expected string, received undefined; [body.email] Invalid input: expected string, received undefined"},
        {R"({"email":"no","name":5})", "[body.name] Invalid input: expected string, received number; [body.email] Invalid email address"},
        {R"({"email":"a@b.co","name":"A","image":null})", "[body.image] Invalid input: expected string, received null"},
        {R"({"email":"a@b.co","name":"A","active":"no"})", "[body.active] Invalid input: expected boolean, received string"},
        {R"({"email":"a@b.co","name":"A","nickname":"long"})", "[body.nickname] Too big: expected string to have <=3 characters"},
        {R"({"email":"a@b.co","name":"A","age":1.5})", "[body.age] Invalid input: expected int, received number"},
        {R"({"email":"a@b.co","name":"A","age":1e99})", "[body.age] Invalid input: number is out of range"},
        {R"({"email":"a@b.co","name":"A","age":151})", "[body.age] Too big: expected number to be <=150"},
        {R"({"email":"a@b.co","name":"A\u0000B"})", "[body.name] Invalid input: text must not contain NUL characters"},
        {"[]", "[body] Invalid input: expected object, received array"},
        {"null", "[body] Invalid input: expected object, received null"},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(issues(text) == expected);
    }
    Person person;
    CHECK(decode(static_cast<const Value*>(nullptr), "body", person) == "[body] Invalid input: expected object, received undefined");
}

TEST_CASE("decoder: absent, null and a value are three things in a patch") {
    const auto read = [](std::string_view text) {
        const auto value = parse(text);
        Person person;
        decode(&*value, "body", person);
        return person.nickname;
    };
    CHECK_FALSE(read(R"({"name":"A","email":"a@b.co"})").present);
    CHECK(read(R"({"name":"A","email":"a@b.co","nickname":null})").present);
    CHECK_FALSE(read(R"({"name":"A","email":"a@b.co","nickname":null})").value);
    CHECK(read(R"({"name":"A","email":"a@b.co","nickname":"N"})").value == "N");
}

TEST_CASE("decoder: strict decoding names what it does not know") {
    const auto value = parse(R"({"name":"A","email":"a@b.co","colour":"red"})");
    Person person;
    CHECK(decode_strict(&*value, "body", person) == "[body.colour] Unrecognized field");
}

TEST_CASE("e-mail addresses: zod's language") {
    for (const std::string_view good : {"a@b.co", "a+tag@x.example", "a.b-c_d'e@sub.example.test", "A@B.CO", "1@2.info"}) {
        CAPTURE(good);
        CHECK(is_email(good));
    }
    for (const std::string_view bad : {"",         "a",         "@b.co",   "a@",       "a@b",     "a@b.c",   "a@b.c1",        ".a@b.co",
                                       "a.@b.co",  "a..b@b.co", "a@b..co", "a@-b.co",  " a@b.co", "a@b.co ", "a@b.co,c@d.co", "\"a\"@b.co",
                                       "a@b@c.co", "ä@b.co",    "a@bä.co", "a@b.co\n", "a@.co",   "a@b.co."}) {
        CAPTURE(bad);
        CHECK_FALSE(is_email(bad));
    }
    CHECK_FALSE(is_email(std::string(250, 'a') + "@b.co"));
}

TEST_CASE("lengths count UTF-16 units") {
    CHECK(utf16_length("abc") == 3);
    CHECK(utf16_length("äö") == 2);
    CHECK(utf16_length("🦊🦊🦊🦊") == 8);
}

TEST_CASE("parser: what is no JSON is refused") {
    for (const std::string_view bad :
         {"", "{", "{\"a\":}", "[1,]", "{'a':1}", "nul", "1 2", "\"\\ud800\"", "\"\xff\"", "\xef\xbb\xbf{}", "NaN", "01", "{\"a\" 1}"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse(bad));
    }
    CHECK_FALSE(parse(std::string(200'000, '[')));
    CHECK(find(*parse(R"({"a":1,"a":2})"), "a")->get_int64() == 2);
}
}  // namespace argon::json
