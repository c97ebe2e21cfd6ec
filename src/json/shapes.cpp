#include "json/shapes.hpp"

namespace argon::json {
namespace {
constexpr const char* invalid = "Invalid input";

/// Nothing when it is no text, or one that PostgreSQL cannot hold.
std::optional<std::string> text_of(const Value& value) {
    const auto* text = value.if_string();
    if (!text || text->find('\0') != text->npos) return {};
    return std::string{text->data(), text->size()};
}

std::optional<std::vector<std::string>> texts_of(const Value& value) {
    const auto* array = value.if_array();
    if (!array) return {};
    std::vector<std::string> texts;
    for (const auto& item : *array) {
        auto text = text_of(item);
        if (!text) return {};
        texts.push_back(std::move(*text));
    }
    return texts;
}

Object list_of_texts() { return {{"type", "array"}, {"items", {{"type", "string"}}}}; }
}  // namespace

std::optional<std::string> OneOrMore::read(const Value* value, OneOrMore& target) {
    if (!value) return invalid;
    if (auto text = text_of(*value)) return target.items = {std::move(*text)}, std::nullopt;
    auto texts = texts_of(*value);
    if (!texts) return invalid;
    target.items = std::move(*texts);
    return {};
}

Object OneOrMore::shape() {
    Object one{{"type", "string"}};
    return {{"anyOf", Array{std::move(one), list_of_texts()}}};
}

std::optional<std::string> TextLists::read(const Value* value, TextLists& target) {
    const auto* object = value ? value->if_object() : nullptr;
    if (!object) return invalid;
    for (const auto& [key, member] : *object) {
        auto texts = texts_of(member);
        if (!texts) return invalid;
        target.lists[std::string{key}] = std::move(*texts);
    }
    return {};
}

Object TextLists::shape() { return {{"type", "object"}, {"additionalProperties", list_of_texts()}}; }

std::optional<std::string> Record::read(const Value* value, Record& target) {
    const auto* object = value ? value->if_object() : nullptr;
    if (!object) return "Invalid input: expected record, received " + std::string{type_name(value)};
    target.members = *object;
    return {};
}

Object Record::shape() { return {{"type", "object"}}; }

std::optional<std::string> CoercedId::read(const Value* value, CoercedId& target) {
    if (!value) return "Invalid input: expected nonoptional, received undefined";
    target.value = text_of(*value).value_or("");
    return {};
}

Object CoercedId::shape() { return {{"type", "string"}}; }
}  // namespace argon::json
