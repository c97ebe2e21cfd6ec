// The describing side of a type's `fields` list: a JSON Schema (draft 2020-12, as OpenAPI 3.1 has it) of what the Decoder takes or the
// Encoder writes. It asks the same list, so a description cannot promise what the code does not do.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "json/decoder.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace argon::json {

/// The two sides treat `optional` differently: see Describer::optional.
enum class Direction { taken, given };

/// The schema of one type; types that have a name are put into `components` and referred to.
using Shape = Object (*)(Object& components);

/// A type with `schema_name` is described once, under `#/components/schemas/`.
template <class T>
concept HasSchemaName = requires { std::string_view{T::schema_name}; };

namespace detail {
template <class T>
struct Unwrapped {
    using Inner = T;
    static constexpr bool is_optional = false;
    static constexpr bool is_patch = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
    using Inner = T;
    static constexpr bool is_optional = true;
    static constexpr bool is_patch = false;
};
template <class T>
struct Unwrapped<Patch<T>> {
    using Inner = T;
    static constexpr bool is_optional = false;
    static constexpr bool is_patch = true;
};

template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
inline constexpr bool unknown_type = false;
}  // namespace detail

class Describer {
public:
    Describer(Direction direction, Object& components) : direction_(direction), components_(components) {}

    /// Given, an empty std::optional is written as null; taken, null is refused.
    template <class T, class... Checks>
    void required(std::string_view name, const T& member, const Checks&... checks) {
        auto schema = member_schema(member, checks...);
        if (detail::Unwrapped<T>::is_optional && direction_ == Direction::given) schema = or_null(std::move(schema));
        add(name, std::move(schema), true);
    }

    /// Taken, it may be absent and then keeps its default. Given, only an empty std::optional is left out.
    template <class T, class... Checks>
    void optional(std::string_view name, const T& member, const Checks&... checks) {
        using Kind = detail::Unwrapped<T>;
        auto schema = member_schema(member, checks...);
        if constexpr (Kind::is_patch) schema = or_null(std::move(schema));
        if (direction_ == Direction::taken) note_default(schema, member);
        add(name, std::move(schema), direction_ == Direction::given && !Kind::is_optional && !Kind::is_patch);
    }

    template <class T>
    static Object schema_of(const T& value, Direction direction, Object& components);

private:
    template <class T, class... Checks>
    Object member_schema(const T& member, const Checks&... checks) {
        auto schema = inner_schema(member);
        (apply(checks, schema), ...);
        return schema;
    }
    template <class T>
    Object inner_schema(const T& member) {
        using Kind = detail::Unwrapped<T>;
        if constexpr (Kind::is_optional || Kind::is_patch) {
            return schema_of(typename Kind::Inner{}, direction_, components_);
        } else {
            return schema_of(member, direction_, components_);
        }
    }
    /// Checks of a feature's own may leave `describe` out: what they ask for is then told by their complaint only.
    template <class Check>
    static void apply(const Check& check, Object& schema) {
        if constexpr (requires { check.describe(schema); }) check.describe(schema);
    }
    template <class T>
    static void note_default(Object& schema, const T& value) {
        if constexpr (std::same_as<T, bool> || std::integral<T>) {
            schema["default"] = value;
        } else if constexpr (std::same_as<T, std::string>) {
            if (!value.empty()) schema["default"] = value;
        }
    }

    static Object or_null(Object schema);
    void add(std::string_view name, Object schema, bool is_required);
    Object finish() &&;

    Direction direction_;
    Object& components_;
    Object properties_;
    Array required_;
};

Object simple_schema(std::string_view type, std::string_view format = {});
Object array_schema(Object items);
Object reference_to(std::string_view schema_name);

template <class T>
Object Describer::schema_of(const T& value, Direction direction, Object& components) {
    using Bare = std::remove_cvref_t<T>;
    if constexpr (std::same_as<Bare, bool>) {
        return simple_schema("boolean");
    } else if constexpr (std::integral<Bare>) {
        return simple_schema("integer");
    } else if constexpr (std::floating_point<Bare>) {
        return simple_schema("number");
    } else if constexpr (std::convertible_to<const T&, std::string_view> || detail::IsId<Bare>::value) {
        return simple_schema("string");
    } else if constexpr (std::same_as<Bare, TimePoint> || std::same_as<Bare, Seconds>) {
        return simple_schema("string", "date-time");
    } else if constexpr (std::same_as<Bare, Object>) {
        return simple_schema("object");
    } else if constexpr (std::same_as<Bare, Array>) {
        return array_schema({});
    } else if constexpr (std::same_as<Bare, Value> || std::same_as<Bare, Raw>) {
        return {};  // any JSON
    } else if constexpr (detail::Unwrapped<Bare>::is_optional) {
        return or_null(schema_of(typename detail::Unwrapped<Bare>::Inner{}, direction, components));
    } else if constexpr (detail::IsVector<Bare>::value) {
        return array_schema(schema_of(typename Bare::value_type{}, direction, components));
    } else if constexpr (requires { Bare::shape(); }) {
        return Bare::shape();
    } else if constexpr (requires(Describer& f) { Bare::fields(f, value); }) {
        Describer inner{direction, components};
        Bare::fields(inner, value);
        if constexpr (HasSchemaName<Bare>) {
            if (direction == Direction::given) {
                components[std::string_view{Bare::schema_name}] = std::move(inner).finish();
                return reference_to(Bare::schema_name);
            }
        }
        return std::move(inner).finish();
    } else {
        static_assert(detail::unknown_type<T>, "give the type a `fields` list, or teach the describer about it");
    }
}

/// What a client sends.
template <class T>
Object describe_taken(Object& components) {
    return Describer::schema_of(T{}, Direction::taken, components);
}

/// What a client gets.
template <class T>
Object describe_given(Object& components) {
    return Describer::schema_of(T{}, Direction::given, components);
}
}  // namespace argon::json
