#include "api/openapi.hpp"

#include <algorithm>

namespace argon::api {
namespace {
using json::Array;
using json::Object;

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

Object query_parameter(const QueryParameter& parameter) {
    return {{"name", parameter.name},
            {"in", "query"},
            {"required", parameter.required},
            {"description", parameter.meaning},
            {"schema", json::simple_schema(parameter.type)}};
}

Object success(const Description* docs, Object& components) {
    Object response{{"description", docs && !docs->reply ? "Done; the answer has no body" : "Done"}};
    if (docs && docs->reply) response["content"] = json_content(docs->reply(components));
    return response;
}

Object responses(const ApiOutline& api, const Description* docs, Object& components) {
    Object all{{std::to_string(docs ? docs->status : 200), success(docs, components)}};
    if (api.error) all["default"] = Object{{"description", "Refused or failed"}, {"content", json_content(api.error(components))}};
    return all;
}

Object operation(const ApiOutline& api, const DescribedRoute& route, Object& components) {
    const auto* docs = route.docs;
    Object text{{"operationId", docs ? std::string{docs->operation} : make_operation_id(http::to_text(route.method), route.path)},
                {"tags", Array{route.group}}};
    if (docs) text["summary"] = docs->summary;
    auto parameters = path_parameters(api, route.path);
    for (const auto& parameter : docs ? docs->query : std::span<const QueryParameter>{}) parameters.push_back(query_parameter(parameter));
    if (!parameters.empty()) text["parameters"] = std::move(parameters);
    if (docs && docs->body) text["requestBody"] = Object{{"content", json_content(docs->body(components))}};
    text["responses"] = responses(api, docs, components);
    if (!route.needs_key) text["security"] = Array{};
    return text;
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
    const Object document{{"openapi", "3.1.0"},
                          {"info", Object{{"title", api.title}, {"version", api.version}, {"description", api.description}}},
                          {"servers", Array{Object{{"url", api.server}}}},
                          {"security", Array{Object{{api.key_scheme, Array{}}}}},
                          {"tags", std::move(tags)},
                          {"paths", std::move(paths)},
                          {"components", Object{{"schemas", std::move(schemas)}, {"securitySchemes", api.security_schemes}}}};
    return json::to_text(document);
}
}  // namespace argon::api
