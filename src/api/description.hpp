// What a route's answer to "how are you used?" is made of: names, a sentence, the types its handler decodes and encodes, and the refusals
// it can answer.
#pragma once

#include <array>
#include <span>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "base/error.hpp"
#include "json/schema.hpp"

namespace argon::api {

/// What a route, or a function that several routes call, can refuse with. Made of error specifications and other such lists, so what a
/// shared function refuses is written once, beside it: `.refusals = {errors::invalid_email, api::code_refusals}`.
class Refusals {
public:
    template <class... Parts>
        requires(std::is_convertible_v<const Parts&, ErrorSpec> && ...) || (sizeof...(Parts) > 1)
    constexpr Refusals(const Parts&... parts) {
        (add(parts), ...);
    }
    constexpr const ErrorSpec* begin() const { return specs_.data(); }
    constexpr const ErrorSpec* end() const { return specs_.data() + size_; }

private:
    constexpr void add(const ErrorSpec& spec) {
        if (size_ == specs_.size()) throw std::length_error("more refusals than a list holds");
        specs_[size_++] = spec;
    }
    constexpr void add(const Refusals& others) {
        for (const auto& spec : others) add(spec);
    }

    std::array<ErrorSpec, 24> specs_{};
    std::size_t size_ = 0;
};

/// In a list: refusals of this status carry codes that somebody else chooses.
inline constexpr std::string_view any_code = "*";

/// Who may call. What the guard refuses with need not be listed again.
enum class Needs { nothing, session, fresh_session };

struct QueryParameter {
    std::string_view name;
    std::string_view type;  ///< of JSON Schema: string, integer, boolean
    std::string_view meaning;
    bool required = false;
};

struct DescriptionOptions {
    int status = 200;  ///< of the answer when all went well
    /// Parameters that the handler asks for by name; those that it decodes are the third type of `describe`.
    std::span<const QueryParameter> query{};
    Needs needs = Needs::nothing;
    Refusals refusals{};
    std::string_view example{};  ///< a body as JSON, where the required members alone do not make a good one
    bool redirects = false;  ///< may send the browser on instead of its reply
    bool shows_page = false;  ///< may answer with a page for people
};

struct Description : DescriptionOptions {
    std::string_view operation;  ///< operationId, as the clients' libraries have it; empty: not in the document
    std::string_view summary;
    json::Shape body = nullptr;        ///< none: the request has no body
    json::Shape reply = nullptr;       ///< none: the answer is empty
    json::Shape parameters = nullptr;  ///< the query as a whole
};

/// For routes that no document lists: other names of described ones, and pages for people.
inline constexpr Description unlisted{};

/// One line beside the handler: `constexpr auto create_docs = describe<CreateBody, CreateReply>("createThing", "Make a thing")`.
/// `void` stands for no body, for an empty answer, and for a query that nobody decodes.
template <class Body, class Reply, class Query = void>
constexpr Description describe(std::string_view operation, std::string_view summary, DescriptionOptions options = {}) {
    Description description{options, operation, summary};
    if constexpr (!std::is_void_v<Body>) description.body = &json::describe_taken<Body>;
    if constexpr (!std::is_void_v<Reply>) description.reply = &json::describe_given<Reply>;
    if constexpr (!std::is_void_v<Query>) description.parameters = &json::describe_taken<Query>;
    return description;
}
}  // namespace argon::api
