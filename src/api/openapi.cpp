#include "api/openapi.hpp"

#include <algorithm>
#include <map>

#include "api/openapi_example.hpp"

namespace argon::api {
namespace {
using json::Array;
using json::Object;

/// std::ranges::contains, which this standard library lacks.
bool holds(const auto& list, const auto& value) { return std::ranges::find(list, value) != list.end(); }

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

Object json_content(Object schema) { return {{"application/json", Object{{"schema", std::move(schema)}}}}; }

/// The {names} of a path, in their order.
Array path_parameters(const ApiOutline& api, std::string_view path) {
    Array parameters;
    for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
        const auto name = path.substr(open + 1, path.find('}', open) - open - 1);
        auto schema = api.path_parameter ? api.path_parameter(name) : json::simple_schema("string");
        parameters.push_back(Object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", std::move(schema)}});
    }
    return parameters;
}

/// Members that nobody reads are passed over, in inner objects too.
void allow_unknown_members(json::Value& schema) {
    if (auto* items = schema.if_array()) {
        for (auto& item : *items) allow_unknown_members(item);
    }
    auto* object = schema.if_object();
    if (!object) return;
    object->erase("additionalProperties");
    for (auto& member : *object) allow_unknown_members(member.value());
}

Object query_parameter(const QueryParameter& parameter) {
    return {{"name", parameter.name},
            {"in", "query"},
            {"required", parameter.required},
            {"description", parameter.meaning},
            {"schema", json::simple_schema(parameter.type)}};
}

/// The parameters of a query that is decoded as one.
void add_parameters(json::Shape shape, Array& parameters, Object& components) {
    auto schema = shape(components);
    const auto* required = schema.if_contains("required");
    for (const auto& [name, member] : schema.at("properties").get_object()) {
        const bool is_required = required && holds(required->get_array(), json::Value(name));
        parameters.push_back(Object{{"name", name}, {"in", "query"}, {"required", is_required}, {"schema", member}});
    }
}

Array parameters_of(const ApiOutline& api, const DescribedRoute& route, Object& components) {
    auto parameters = path_parameters(api, route.path);
    if (!route.docs) return parameters;
    for (const auto& parameter : route.docs->query) parameters.push_back(query_parameter(parameter));
    if (route.docs->parameters) add_parameters(route.docs->parameters, parameters, components);
    return parameters;
}

json::Value example_of(const Description& docs, const Object& schema) {
    if (!docs.example.empty()) return json::parse(docs.example).value_or(json::Value{});
    return make_example(schema);
}

Object request_body(const ApiOutline& api, const DescribedRoute& route, Object& components) {
    json::Value schema = route.docs->body(components);
    if (!api.strict_bodies) allow_unknown_members(schema);
    auto content = json_content(schema.get_object());
    content["application/json"].get_object()["example"] = example_of(*route.docs, schema.get_object());
    if (route.accepts_form) content["application/x-www-form-urlencoded"] = Object{{"schema", schema}};
    return {{"required", schema.get_object().contains("required")}, {"content", std::move(content)}};
}

Object success(const Description* docs, Object& components) {
    const bool says_something = !docs || docs->reply || docs->shows_page;
    Object response{{"description", says_something ? "Done" : "Done; the answer has no body"}};
    Object content;
    if (docs && docs->reply) content = json_content(docs->reply(components));
    if (docs && docs->shows_page) content["text/html"] = Object{{"schema", json::simple_schema("string")}};
    if (!content.empty()) response["content"] = std::move(content);
    return response;
}

/// What the refusals of one status look like. Their codes are a promise, their texts are not.
Object refusal_schema(const std::vector<ErrorSpec>& refusals) {
    Array codes;
    for (const auto& refusal : refusals) {
        if (!refusal.code.empty() && !holds(codes, json::Value(refusal.code))) codes.emplace_back(refusal.code);
    }
    auto code = json::simple_schema("string");
    const bool is_open = std::ranges::any_of(refusals, [](const ErrorSpec& refusal) { return refusal.code == any_code; });
    const bool always = std::ranges::none_of(refusals, [](const ErrorSpec& refusal) { return refusal.code.empty(); });
    Array required{"message"};
    if (always) required.emplace_back("code");
    Object properties{{"message", json::simple_schema("string")}};
    if (!is_open && !codes.empty()) code["enum"] = codes;
    if (!codes.empty()) properties["code"] = std::move(code);
    return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

/// Where the code is somebody else's or there is none, the text stands for it.
std::string name_of(const ErrorSpec& refusal) {
    return std::string{refusal.code.empty() || refusal.code == any_code ? refusal.message : refusal.code};
}

std::string line_of(const ErrorSpec& refusal) {
    if (refusal.message.empty()) return refusal.status == 401 ? "- Without a body: nobody is signed in" : "- Without a body: this branch does not offer it";
    const auto name = name_of(refusal);
    return name == refusal.code ? "- `" + name + "` " + std::string{refusal.message} : "- " + name;
}

Object refusal_examples(const std::vector<ErrorSpec>& refusals) {
    Object examples;
    for (const auto& refusal : refusals) {
        if (refusal.code == any_code || examples.contains(name_of(refusal))) continue;
        Object body{{"message", refusal.message}};
        if (!refusal.code.empty()) body["code"] = refusal.code;
        examples[name_of(refusal)] = Object{{"value", std::move(body)}};
    }
    return examples;
}

/// All refusals of one status: a line for each, an example for each that has a body.
Object refusal_response(std::vector<ErrorSpec> refusals) {
    std::string lines;
    for (const auto& refusal : refusals) lines += (lines.empty() ? "" : "\n") + line_of(refusal);
    std::erase_if(refusals, [](const ErrorSpec& refusal) { return refusal.message.empty(); });
    if (refusals.empty()) return {{"description", std::move(lines)}};
    Object media{{"schema", refusal_schema(refusals)}};
    if (auto examples = refusal_examples(refusals); !examples.empty()) media["examples"] = std::move(examples);
    return {{"description", std::move(lines)}, {"content", Object{{"application/json", std::move(media)}}}};
}

void add_refusals(const std::vector<ErrorSpec>& refusals, Object& all) {
    std::map<int, std::vector<ErrorSpec>> by_status;
    for (const auto& refusal : refusals) {
        auto& same = by_status[refusal.status];
        if (!holds(same, refusal)) same.push_back(refusal);
    }
    for (const auto& [status, same] : by_status) all[std::to_string(status)] = refusal_response(same);
}

Object responses(const ApiOutline& api, const DescribedRoute& route, Object& components) {
    const auto* docs = route.docs;
    Object all{{std::to_string(docs ? docs->status : 200), success(docs, components)}};
    if (docs && docs->redirects) all["302"] = Object{{"description", "Sends the browser on"}};
    add_refusals(route.refusals, all);
    if (api.error) all["default"] = Object{{"description", "Refused or failed"}, {"content", json_content(api.error(components))}};
    return all;
}

Object operation(const ApiOutline& api, const DescribedRoute& route, Object& components) {
    const auto* docs = route.docs;
    Object text{{"operationId", docs ? std::string{docs->operation} : make_operation_id(http::to_text(route.method), route.path)},
                {"tags", Array{route.group}}};
    if (docs) text["summary"] = docs->summary;
    auto parameters = parameters_of(api, route, components);
    if (!parameters.empty()) text["parameters"] = std::move(parameters);
    if (docs && docs->body) text["requestBody"] = request_body(api, route, components);
    text["responses"] = responses(api, route, components);
    if (!route.needs_key) text["security"] = Array{};
    return text;
}

Array requirement(const ApiOutline& api) {
    Array any_of;
    for (const auto scheme : api.key_schemes) any_of.push_back(Object{{scheme, Array{}}});
    return any_of;
}
}  // namespace

std::string make_operation_id(std::string_view method, std::string_view path) {
    std::string id = http::to_lower(method);
    bool starts_word = true;
    for (const char c : path) {
        if (!is_word(c)) {
            starts_word = true;
            continue;
        }
        id += starts_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        starts_word = false;
    }
    return id;
}

std::string make_openapi(const ApiOutline& api, const std::vector<DescribedRoute>& routes) {
    Object schemas;
    Object paths;
    Array tags;
    for (const auto& route : routes) {
        auto& path = paths[route.path];
        if (path.is_null()) path = Object{};
        path.get_object()[http::to_lower(http::to_text(route.method))] = operation(api, route, schemas);
        const auto known = [&](const json::Value& tag) { return tag.get_object().at("name").get_string() == route.group; };
        if (std::ranges::none_of(tags, known)) tags.push_back(Object{{"name", route.group}});
    }
    const Object document{{"openapi", "3.1.1"},
                          {"info", Object{{"title", api.title}, {"version", api.version}, {"description", api.description}}},
                          {"servers", Array{Object{{"url", api.server}}}},
                          {"security", requirement(api)},
                          {"tags", std::move(tags)},
                          {"paths", std::move(paths)},
                          {"components", Object{{"schemas", std::move(schemas)}, {"securitySchemes", api.security_schemes}}}};
    return json::to_text(document);
}
}  // namespace argon::api
