#include "json/schema.hpp"

namespace argon::json {

Object simple_schema(std::string_view type, std::string_view format) {
    Object schema{{"type", type}};
    if (!format.empty()) schema["format"] = format;
    return schema;
}

Object array_schema(Object items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Object reference_to(std::string_view schema_name) { return {{"$ref", "#/components/schemas/" + std::string{schema_name}}}; }

Object Describer::or_null(Object schema) {
    if (schema.empty()) return schema;  // any JSON, null with it
    const auto* type = schema.if_contains("type");
    if (!type || schema.contains("enum")) return {{"anyOf", Array{std::move(schema), simple_schema("null")}}};
    schema["type"] = Array{*type, "null"};
    return schema;
}

void Describer::add(std::string_view name, Object schema, bool is_required) {
    properties_[name] = std::move(schema);
    if (is_required) required_.emplace_back(name);
}

Object Describer::finish() && {
    auto schema = simple_schema("object");
    schema["properties"] = std::move(properties_);
    if (!required_.empty()) schema["required"] = std::move(required_);
    // A request with a member that nobody reads is refused, in inner objects too.
    if (direction_ == Direction::taken) schema["additionalProperties"] = false;
    return schema;
}
}  // namespace argon::json
