// The reading side of a type's `fields` list: fills a value and collects every problem, in the words of zod 4,
// which Better Auth's clients show to people (auth-wire-facts.md, facts 2-4).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "json/value.hpp"

namespace argon::json {

/// Absent, null, or a value: what an update request distinguishes.
template <class T>
struct Patch {
    bool present = false;
    std::optional<T> value;
};

/// Into an object that says what changes: nothing when the member is absent.
void put(Object& changes, std::string_view name, const auto& member) {
    if (!member.present) return;
    if (member.value) {
        changes[name] = *member.value;
    } else {
        changes[name] = nullptr;
    }
}

// ---- checks on one member; each returns zod's complaint, or nothing, and `describe` says the same in JSON Schema ----

/// zod's e-mail pattern: ASCII only, no quoted local part, last label of two letters or more, at most 254 characters.
bool is_email(std::string_view text);

struct EmailCheck {
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(Object& schema) const;
};
inline constexpr EmailCheck email;

struct min_length {
    std::size_t characters;
    std::optional<std::string> operator()(std::string_view text) const;
    /// zod measures whatever has a length: a list in place of a text is told twice.
    std::optional<std::string> of_list(std::size_t items) const;
    void describe(Object& schema) const;
};

/// Counted in UTF-16 units, as JavaScript counts.
struct max_length {
    std::size_t characters;
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(Object& schema) const;
};

struct range {
    std::int64_t low;
    std::int64_t high;
    std::optional<std::string> operator()(std::int64_t number) const;
    void describe(Object& schema) const;
};

struct one_of {
    std::initializer_list<std::string_view> options;
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(Object& schema) const;
};

/// Length in UTF-16 code units of UTF-8 text: JavaScript's `length`.
std::size_t utf16_length(std::string_view utf8);

/// A type with a rule of its own for what it takes, such as zod's unions and records: `read` fills the target or returns the complaint.
template <class T>
concept ReadsItself = requires(const Value* value, T& target) {
    { T::read(value, target) } -> std::same_as<std::optional<std::string>>;
};

// ---- the decoder ----

class Decoder {
public:
    /// `path` is what an issue starts with: `body` or `query`.
    /// A strict decoder complains about members that `fields` does not know, in inner objects too.
    /// With `null_is_absent`, optional members may be null and then keep their default: how a merge patch resets them.
    Decoder(const Object& object, std::string path, std::vector<std::string>& issues, bool strict = false, bool null_is_absent = false)
        : object_(object), path_(std::move(path)), issues_(issues), strict_(strict), null_is_absent_(null_is_absent) {}

    template <class T, class... Checks>
    void required(std::string_view name, T& target, const Checks&... checks) {
        read(member(name), name, target, checks...);
    }

    /// An absent member leaves the target as it is: its default.
    template <class T, class... Checks>
    void optional(std::string_view name, T& target, const Checks&... checks) {
        const auto* value = member(name);
        if (value && !(null_is_absent_ && value->is_null())) read(value, name, target, checks...);
    }

    /// To be called after `fields`: a strict decoder refuses the names that were never asked for.
    void finish();

private:
    const Value* member(std::string_view name);
    void complain(std::string_view name, std::string_view text);
    void mismatch(const Value* value, std::string_view name, std::string_view expected);

    bool read_value(const Value* value, std::string_view name, std::string& target);
    bool read_value(const Value* value, std::string_view name, bool& target);
    bool read_value(const Value* value, std::string_view name, std::int64_t& target);
    bool read_value(const Value* value, std::string_view name, double& target);
    bool read_value(const Value* value, std::string_view name, Value& target);
    bool read_value(const Value* value, std::string_view name, Object& target);
    template <std::integral T>
    bool read_value(const Value* value, std::string_view name, T& target) {
        std::int64_t wide = 0;
        if (!read_value(value, name, wide)) return false;
        if (!std::in_range<T>(wide)) return complain(name, "Invalid input: number is out of range"), false;
        target = static_cast<T>(wide);
        return true;
    }
    template <class Tag>
    bool read_value(const Value* value, std::string_view name, Id<Tag>& target) {
        return read_value(value, name, target.value);
    }
    template <class T>
    bool read_value(const Value* value, std::string_view name, std::optional<T>& target) {
        T inner{};
        if (!read_value(value, name, inner)) return false;
        target = std::move(inner);
        return true;
    }
    template <class T>
    bool read_value(const Value* value, std::string_view name, Patch<T>& target) {
        target.present = true;
        return value->is_null() || read_value(value, name, target.value);
    }
    template <class T>
    bool read_value(const Value* value, std::string_view name, std::vector<T>& target) {
        const auto* array = value ? value->if_array() : nullptr;
        if (!array) return mismatch(value, name, "array"), false;
        for (std::size_t i = 0; i < array->size(); ++i) {
            T item{};
            if (!read_value(&(*array)[i], std::string{name} + "." + std::to_string(i), item)) return false;
            target.push_back(std::move(item));
        }
        return true;
    }
    template <ReadsItself T>
    bool read_value(const Value* value, std::string_view name, T& target) {
        if (const auto text = T::read(value, target)) return complain(name, *text), false;
        return true;
    }
    template <class T>
        requires requires(Decoder& decoder, T& target) { T::fields(decoder, target); }
    bool read_value(const Value* value, std::string_view name, T& target) {
        const auto* object = value ? value->if_object() : nullptr;
        if (!object) return mismatch(value, name, "object"), false;
        const auto before = issues_.size();
        Decoder inner{*object, path_ + "." + std::string{name}, issues_, strict_, null_is_absent_};
        T::fields(inner, target);
        inner.finish();
        return issues_.size() == before;
    }

    template <class T, class... Checks>
    void read(const Value* value, std::string_view name, T& target, const Checks&... checks) {
        // zod names the options even when there is nothing to compare with them.
        if constexpr (std::same_as<T, std::string> && (std::same_as<Checks, one_of> || ...)) {
            if (!value || !value->is_string()) return (check(name, std::string{}, checks), ...);
        }
        if (read_value(value, name, target)) {
            (check(name, target, checks), ...);
        } else if (value && value->is_array()) {
            (check_list(name, value->get_array().size(), checks), ...);
        }
    }
    template <class Check>
    void check_list(std::string_view name, std::size_t items, const Check& check_one) {
        if constexpr (requires { check_one.of_list(items); }) {
            if (const auto text = check_one.of_list(items)) complain(name, *text);
        }
    }
    template <class T, class Check>
    void check(std::string_view name, const T& target, const Check& check_one) {
        if constexpr (requires {
                          target.present;
                          target.value;
                      }) {
            if (target.value) check(name, *target.value, check_one);
        } else if constexpr (requires { target.has_value(); }) {
            if (target) check(name, *target, check_one);
        } else {
            if (const auto text = check_one(target)) complain(name, *text);
        }
    }

    const Object& object_;
    std::string path_;
    std::vector<std::string>& issues_;
    bool strict_;
    bool null_is_absent_;
    std::vector<std::string> known_;
};

/// Fills `target` and returns the issues, joined as on the wire by `; `; empty when all is well.
template <class T>
std::string decode(const Value* value, std::string path, T& target, bool strict = false, bool null_is_absent = false) {
    const auto* object = value ? value->if_object() : nullptr;
    if (!object) return "[" + path + "] Invalid input: expected object, received " + std::string{type_name(value)};
    std::vector<std::string> issues;
    Decoder decoder{*object, std::move(path), issues, strict, null_is_absent};
    T::fields(decoder, target);
    decoder.finish();
    std::string joined;
    for (const auto& issue : issues) joined += (joined.empty() ? "" : "; ") + issue;
    return joined;
}

/// As decode, and a member that the type does not know is an issue too.
template <class T>
std::string decode_strict(const Value* value, std::string path, T& target) {
    return decode(value, std::move(path), target, true);
}

/// As decode_strict, for a merge patch (RFC 7396): null stands for what is to be reset.
template <class T>
std::string decode_patch(const Value* value, std::string path, T& target) {
    return decode(value, std::move(path), target, true, true);
}
}  // namespace argon::json
