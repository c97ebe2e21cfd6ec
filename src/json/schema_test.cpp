#include "json/schema.hpp"

#include <doctest/doctest.h>

namespace argon::json {
namespace {
struct Inner {
    std::int64_t count = 0;

    static void fields(auto& f, auto& inner) { f.required("count", inner.count, range{1, 9}); }
};

struct Body {
    std::string email;
    std::string name;
    std::optional<std::string> color;
    Patch<std::string> image;
    bool remember = true;
    std::string branch = "main";
    std::vector<Inner> items;
    Object labels;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.required("name", body.name, min_length{1}, max_length{20});
        f.optional("color", body.color, one_of{{"red", "blue"}});
        f.optional("image", body.image);
        f.optional("remember", body.remember);
        f.optional("branch", body.branch);
        f.required("items", body.items);
        f.optional("labels", body.labels);
    }
};

struct Named {
    static constexpr std::string_view schema_name = "Thing";
    UserId id;

    static void fields(auto& f, const auto& named) { f.required("id", named.id); }
};

struct Reply {
    std::optional<std::string> token;
    std::optional<std::string> url;
    std::optional<Named> maybe;
    std::vector<Named> things;
    TimePoint time;
    double ratio = 0;
    Value anything;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.optional("url", reply.url);
        f.required("maybe", reply.maybe);
        f.required("things", reply.things);
        f.required("time", reply.time);
        f.required("at", Seconds{reply.time});
        f.required("ratio", reply.ratio);
        f.optional("always", true);
        f.required("kind", "constant");
        f.required("anything", reply.anything);
        f.required("list", Array{});
    }
};

struct Patched {
    Patch<std::string> kind;

    static void fields(auto& f, auto& body) { f.optional("kind", body.kind, one_of{{"a"}}); }
};

std::string taken(auto example) {
    Object components;
    return to_text(describe_taken<decltype(example)>(components));
}
}  // namespace

TEST_CASE("schema: what is taken has checks, defaults and nothing unknown") {
    CHECK(taken(Body{}) == R"({"type":"object","properties":{"email":{"type":"string","format":"email"},)"
                           R"("name":{"type":"string","minLength":1,"maxLength":20},)"
                           R"("color":{"type":"string","enum":["red","blue"]},)"
                           R"("image":{"type":["string","null"]},)"
                           R"("remember":{"type":"boolean","default":true},)"
                           R"("branch":{"type":"string","default":"main"},)"
                           R"("items":{"type":"array","items":{"type":"object","properties":{"count":{"type":"integer","minimum":1,"maximum":9}},)"
                           R"("required":["count"],"additionalProperties":false}},)"
                           R"("labels":{"type":"object"}},)"
                           R"("required":["email","name","items"],"additionalProperties":false})");
}

TEST_CASE("schema: what is given says what may be null and what may be absent") {
    Object components;
    CHECK(to_text(describe_given<Reply>(components)) ==
          R"({"type":"object","properties":{"token":{"type":["string","null"]},"url":{"type":"string"},)"
          R"("maybe":{"anyOf":[{"$ref":"#/components/schemas/Thing"},{"type":"null"}]},)"
          R"("things":{"type":"array","items":{"$ref":"#/components/schemas/Thing"}},)"
          R"("time":{"type":"string","format":"date-time"},"at":{"type":"string","format":"date-time"},"ratio":{"type":"number"},)"
          R"("always":{"type":"boolean"},"kind":{"type":"string"},"anything":{},"list":{"type":"array","items":{}}},)"
          R"("required":["token","maybe","things","time","at","ratio","always","kind","anything","list"]})");
    CHECK(to_text(components) == R"({"Thing":{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}})");
}

TEST_CASE("schema: a name counts for answers only") {
    Object components;
    CHECK(to_text(describe_taken<Named>(components)) ==
          R"({"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false})");
    CHECK(components.empty());
}

TEST_CASE("schema: an enumeration that may be null says so beside its values") {
    CHECK(taken(Patched{}) == R"({"type":"object","properties":{"kind":{"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}},)"
                              R"("additionalProperties":false})");
}

TEST_CASE("schema: lists stand at the top too") {
    Object components;
    CHECK(to_text(describe_given<std::vector<std::string>>(components)) == R"({"type":"array","items":{"type":"string"}})");
}
}  // namespace argon::json
