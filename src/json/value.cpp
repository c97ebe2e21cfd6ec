#include "json/value.hpp"

#include <boost/json/parse.hpp>

#include "json/writer.hpp"

namespace argon::json {

std::optional<Value> parse(std::string_view text) {
    boost::system::error_code error;
    auto value = boost::json::parse({text.data(), text.size()}, error);
    if (error) return {};
    return value;
}

std::string to_text(const Value& value) {
    Writer writer;
    writer.value(value);
    return std::move(writer).text();
}

const Value* find(const Value& value, std::string_view member) {
    const auto* object = value.if_object();
    return object ? object->if_contains({member.data(), member.size()}) : nullptr;
}

std::string_view type_name(const Value* value) {
    if (!value) return "undefined";
    switch (value->kind()) {
        case boost::json::kind::null: return "null";
        case boost::json::kind::bool_: return "boolean";
        case boost::json::kind::string: return "string";
        case boost::json::kind::array: return "array";
        case boost::json::kind::object: return "object";
        default: return "number";
    }
}

bool is_truthy(const Value& value) {
    if (value.is_null()) return false;
    if (value.is_bool()) return value.get_bool();
    if (value.is_string()) return !value.get_string().empty();
    return !value.is_number() || value.to_number<double>() != 0;
}
}  // namespace argon::json
