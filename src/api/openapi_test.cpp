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

namespace {
struct Part {
    std::string email;
    std::string kind;
    std::optional<std::string> note;
    bool isNew = true;

    static void fields(auto& f, auto& part) {
        f.required("email", part.email, json::email);
        f.required("kind", part.kind, json::one_of{{"wheel", "axle"}});
        f.optional("note", part.note);
        f.optional("isNew", part.isNew);
    }
};
struct PartQuery {
    std::string token;
    std::optional<std::string> callbackURL;

    static void fields(auto& f, auto& query) {
        f.required("token", query.token);
        f.optional("callbackURL", query.callbackURL);
    }
};
constexpr ErrorSpec taken{422, "TAKEN", "Somebody has it"};
constexpr ErrorSpec odd{422, "", "That is odd"};
constexpr ErrorSpec absent{404, "", ""};
constexpr ErrorSpec foreign{403, any_code, "Whatever the webhook says"};
constexpr Refusals shared_refusals{taken, absent};
constexpr auto part_docs =
    describe<Part, Thing, PartQuery>("addPart", "Add a part", {.refusals = {odd, shared_refusals, foreign}, .redirects = true});

std::vector<ErrorSpec> refusals_of(const Description& docs) { return {docs.refusals.begin(), docs.refusals.end()}; }
}  // namespace

TEST_CASE("openapi: refusals by status, a decoded query, a body to begin with") {
    const auto text = document({{http::Method::post, "/parts", &part_docs, "Parts", true, true, refusals_of(part_docs)}});
    const std::string post = "/paths/~1parts/post";
    CHECK(at(text, post + "/requestBody/content/application~1json/example") == R"({"email":"ada@example.com","kind":"wheel"})");
    CHECK(at(text, post + "/requestBody/content/application~1x-www-form-urlencoded/schema/required") == R"(["email","kind"])");
    CHECK(at(text, post + "/parameters/0") == R"({"name":"token","in":"query","required":true,"schema":{"type":"string"}})");
    CHECK(at(text, post + "/parameters/1/required") == "false");
    CHECK(at(text, post + "/responses/302/description") == R"("Sends the browser on")");
    const auto refused = post + "/responses/422/content/application~1json";
    CHECK(at(text, refused + "/schema/properties/code") == R"({"type":"string","enum":["TAKEN"]})");
    CHECK(at(text, refused + "/schema/required") == R"(["message"])");  // one of them has no code
    CHECK(at(text, refused + "/examples/TAKEN/value") == R"({"message":"Somebody has it","code":"TAKEN"})");
    CHECK(at(text, post + "/responses/404/content") == "nothing");
    CHECK(at(text, post + "/responses/403/content/application~1json/schema/properties/code") == R"({"type":"string"})");
}

TEST_CASE("openapi: where unknown members are passed over, no schema forbids them") {
    const auto additional = [](bool strict) {
        const ApiOutline api{.title = "Parts", .version = "1", .server = "/", .key_schemes = {"Key"}, .strict_bodies = strict};
        const auto text = json::parse(make_openapi(api, {{http::Method::post, "/parts", &part_docs, "Parts"}})).value_or(json::Value{});
        return at(text, "/paths/~1parts/post/requestBody/content/application~1json/schema/additionalProperties");
    };
    CHECK(additional(true) == "false");
    CHECK(additional(false) == "nothing");
}

TEST_CASE("openapi: a route that nobody described is there all the same") {
    const auto text = document({{http::Method::get, "/things/{thing_id}/parts", nullptr, "Things", false}});
    CHECK(at(text, "/paths/~1things~1{thing_id}~1parts/get/operationId") == R"("getThingsThingIdParts")");
    CHECK(at(text, "/paths/~1things~1{thing_id}~1parts/get/security") == "[]");
}
}  // namespace argon::api
