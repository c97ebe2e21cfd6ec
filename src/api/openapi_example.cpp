#include "api/openapi_example.hpp"

#include <algorithm>
#include <string_view>

namespace argon::api {
namespace {
struct Sample {
    std::string_view name;  ///< how the member's name ends
    std::string_view text;
};

/// A text member takes the first sample that fits its name.
constexpr Sample samples[] = {
    {"mail", "ada@example.com"},
    {"assword", "correct-horse-9"},
    {"URL", "/"},
    {"redirectTo", "/"},
    {"honeNumber", "+14155550123"},
    {"name", "Ada Lovelace"},
    {"otp", "123456"},
    {"code", "123456"},
    {"slug", "analytical-engines"},
    {"role", "member"},
    {"provider", "google"},
    {"", "text"},
};

json::Value sample(std::string_view name, const json::Object& schema) {
    if (const auto* options = schema.if_contains("enum")) return options->get_array().front();
    if (const auto* otherwise = schema.if_contains("default")) return *otherwise;
    const auto* type = schema.if_contains("type");
    const std::string_view kind = type && type->is_string() ? std::string_view{type->get_string()} : "string";
    if (kind == "object") return make_example(schema);
    if (kind == "array") return json::Array{};
    if (kind == "boolean") return true;
    if (kind == "integer" || kind == "number") return 1;
    return json::Value(std::ranges::find_if(samples, [&](const Sample& one) { return name.ends_with(one.name); })->text);
}
}  // namespace

json::Object make_example(const json::Object& schema) {
    json::Object example;
    if (!schema.contains("properties")) return example;
    const auto& members = schema.at("properties").get_object();
    if (const auto* required = schema.if_contains("required")) {
        for (const auto& name : required->get_array())
            example[name.get_string()] = sample(name.get_string(), members.at(name.get_string()).get_object());
    } else if (!members.empty()) {
        example[members.begin()->key()] = sample(members.begin()->key(), members.begin()->value().get_object());
    }
    return example;
}
}  // namespace argon::api
