// What a route's answer to "how are you used?" is made of: names, a sentence, and the types its handler decodes and encodes.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>

#include "json/schema.hpp"

namespace argon::api {

struct QueryParameter {
    std::string_view name;
    std::string_view type;  ///< of JSON Schema: string, integer, boolean
    std::string_view meaning;
    bool required = false;
};

struct Description {
    std::string_view operation;  ///< operationId, as the clients' libraries have it
    std::string_view summary;
    int status = 200;              ///< of the answer when all went well
    json::Shape body = nullptr;    ///< none: the request has no body
    json::Shape reply = nullptr;   ///< none: the answer is empty
    std::span<const QueryParameter> query{};
};

struct DescriptionOptions {
    int status = 200;
    std::span<const QueryParameter> query{};
};

/// One line beside the handler: `constexpr auto create_docs = describe<CreateBody, CreateReply>("createThing", "Make a thing")`.
/// `void` stands for no body and for an empty answer.
template <class Body, class Reply>
constexpr Description describe(std::string_view operation, std::string_view summary, DescriptionOptions options = {}) {
    Description description{.operation = operation, .summary = summary, .status = options.status, .query = options.query};
    if constexpr (!std::is_void_v<Body>) description.body = &json::describe_taken<Body>;
    if constexpr (!std::is_void_v<Reply>) description.reply = &json::describe_given<Reply>;
    return description;
}
}  // namespace argon::api
