// Writes JSON text as JSON.stringify does: no blanks, numbers by JavaScript's rules, nulls written out.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "json/value.hpp"

namespace argon::json {

/// JSON text that is already encoded.
struct Raw {
    std::string text;
};

/// A time with whole seconds, as the management API writes it.
struct Seconds {
    TimePoint time;
};

class Encoder;

template <class T>
concept HasFields = requires(Encoder& encoder, const T& value) { T::fields(encoder, value); };

class Writer {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name);

    void value(std::string_view text);
    void value(const std::string& text) { value(std::string_view{text}); }
    void value(const char* text) { value(std::string_view{text}); }
    void value(bool flag) { raw(flag ? "true" : "false"); }
    void value(std::nullptr_t) { raw("null"); }
    void value(double number);
    void value(std::int64_t number);
    void value(std::integral auto number) { value(static_cast<std::int64_t>(number)); }
    void value(TimePoint time) { value(to_iso(time)); }
    void value(Seconds seconds) { value(to_rfc3339(seconds.time)); }
    void value(const Raw& encoded) { raw(encoded.text); }
    void value(const Value& parsed);
    template <class Tag>
    void value(const Id<Tag>& id) {
        value(std::string_view{id.value});
    }
    template <class T>
    void value(const std::optional<T>& optional) {
        optional ? value(*optional) : value(nullptr);
    }
    template <class T>
    void value(const std::vector<T>& items) {
        begin_array();
        for (const auto& item : items) value(item);
        end_array();
    }
    template <HasFields T>
    void value(const T& object);

    std::string text() && { return std::move(text_); }

private:
    void open(char bracket);
    void close(char bracket);
    void raw(std::string_view text);
    void separate();

    std::string text_;
    bool needs_comma_ = false;
};

/// The writing side of a type's `fields` list.
class Encoder {
public:
    explicit Encoder(Writer& writer) : writer_(writer) {}

    /// Always present; an empty std::optional is written as null.
    template <class T, class... Checks>
    void required(std::string_view name, const T& value, const Checks&...) {
        writer_.key(name);
        writer_.value(value);
    }
    /// Left out when it is an empty std::optional.
    template <class T, class... Checks>
    void optional(std::string_view name, const std::optional<T>& value, const Checks&...) {
        if (value) required(name, *value);
    }
    template <class T, class... Checks>
    void optional(std::string_view name, const T& value, const Checks&...) {
        required(name, value);
    }

private:
    Writer& writer_;
};

template <HasFields T>
void Writer::value(const T& object) {
    begin_object();
    Encoder encoder{*this};
    T::fields(encoder, object);
    end_object();
}

template <class T>
std::string encode(const T& value) {
    Writer writer;
    writer.value(value);
    return std::move(writer).text();
}
}  // namespace argon::json
