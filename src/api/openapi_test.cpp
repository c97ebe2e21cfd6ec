#include "api/openapi.hpp"

#include <doctest/doctest.h>

namespace argon::api {
namespace {
struct Thing {
    static constexpr std::string_view schema_name = "Thing";
    std::string name;

    static void fields(auto& f, auto& thing) { f.required("name", thing.name); }
};
struct Failure {
    static constexpr std::string_view schema_name = "Failure";

    static void fields(auto& f, const auto&) { f.required("message", ""); }
};

constexpr QueryParameter query[] = {{"limit", "integer", "How many"}};
constexpr auto create_docs = describe<Thing, Thing>("createThing", "Make a thing", {.status = 201});
constexpr auto list_docs = describe<void, std::vector<Thing>>("listThings", "List things", {.query = query});
constexpr auto remove_docs = describe<void, void>("removeThing", "Remove a thing", {.status = 204});

json::Value document(const std::vector<DescribedRoute>& routes) {
    const ApiOutline api{.title = "Things", .version = "1", .server = "/v1", .key_schemes = {"Key"}, .error = &json::describe_given<Failure>};
    return json::parse(make_openapi(api, routes)).value_or(json::Value{});
}

std::string at(const json::Value& document, std::string_view pointer) {
    boost::system::error_code error;
    const auto* value = document.find_pointer(pointer, error);
    return value ? json::to_text(*value) : "nothing";
}
}  // namespace

TEST_CASE("openapi: bodies, answers, parameters and refusals of a route") {
    const auto text = document({{http::Method::get, "/things", &list_docs, "Things"},
                                {http::Method::post, "/things", &create_docs, "Things"},
                                {http::Method::delete_, "/things/{thing_id}", &remove_docs, "Things"}});
    CHECK(at(text, "/paths/~1things/post/operationId") == R"("createThing")");
    CHECK(at(text, "/paths/~1things/post/requestBody/content/application~1json/schema/required") == R"(["name"])");
    CHECK(at(text, "/paths/~1things/post/responses/201/content/application~1json/schema") == R"({"$ref":"#/components/schemas/Thing"})");
    CHECK(at(text, "/paths/~1things/post/responses/default/content/application~1json/schema") == R"({"$ref":"#/components/schemas/Failure"})");
    CHECK(at(text, "/paths/~1things/get/parameters/0/name") == R"("limit")");
    CHECK(at(text, "/paths/~1things/get/requestBody") == "nothing");
    CHECK(at(text, "/paths/~1things~1{thing_id}/delete/parameters/0") ==
          R"({"name":"thing_id","in":"path","required":true,"schema":{"type":"string"}})");
    CHECK(at(text, "/paths/~1things~1{thing_id}/delete/responses/204/content") == "nothing");
    CHECK(at(text, "/tags") == R"([{"name":"Things"}])");
    CHECK(at(text, "/components/schemas/Thing/required") == R"(["name"])");
}

TEST_CASE("openapi: a route that nobody described is there all the same") {
    const auto text = document({{http::Method::get, "/things/{thing_id}/parts", nullptr, "Things", false}});
    CHECK(at(text, "/paths/~1things~1{thing_id}~1parts/get/operationId") == R"("getThingsThingIdParts")");
    CHECK(at(text, "/paths/~1things~1{thing_id}~1parts/get/security") == "[]");
}
}  // namespace argon::api
