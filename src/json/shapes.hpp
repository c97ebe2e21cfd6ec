// Members of bodies that are neither one type nor another: what zod calls a union, a record, a coerced string.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "json/value.hpp"

namespace argon::json {

/// A text, or a list of texts.
struct OneOrMore {
    std::vector<std::string> items;

    static std::optional<std::string> read(const Value* value, OneOrMore& target);
    static Object shape();
};

/// `{"user": ["create", "ban"]}`
struct TextLists {
    std::map<std::string, std::vector<std::string>> lists;

    static std::optional<std::string> read(const Value* value, TextLists& target);
    static Object shape();
};

/// Any object, kept as it is.
struct Record {
    Object members;

    static std::optional<std::string> read(const Value* value, Record& target);
    static Object shape();
};

/// An id that Better Auth turns into text whatever it was. Only a text can name something, so anything else is the empty id.
struct CoercedId {
    std::string value;

    static std::optional<std::string> read(const Value* value, CoercedId& target);
    static Object shape();
};
}  // namespace argon::json
