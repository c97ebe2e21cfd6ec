// Requests and responses as the rest of the program sees them. Beast stays inside this folder.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/error.hpp"
#include "json/writer.hpp"

namespace argon::http {

enum class Method { get, head, post, put, patch, delete_, options, other };

std::string_view to_text(Method method);

/// Header fields of a request, in the order they came. Names are compared without case.
class Fields {
public:
    void add(std::string_view name, std::string_view value) { list_.emplace_back(name, value); }
    void clear() { list_.clear(); }
    std::size_t size() const { return list_.size(); }

    /// The first field of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    /// As find, an absent field read as empty.
    std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view{}); }
    std::size_t count(std::string_view name) const;
    auto begin() const { return list_.begin(); }
    auto end() const { return list_.end(); }

private:
    std::vector<std::pair<std::string_view, std::string_view>> list_;
};

struct Request {
    Method method = Method::other;
    std::string_view target;     ///< path and query as sent, never an absolute form
    std::string_view path;       ///< still percent-encoded
    std::string_view query;      ///< without the question mark
    std::string_view host;       ///< the Host field: name and optional port, checked for form only
    Fields fields;
    std::string body;
    std::string peer;            ///< address of the other end of the connection, without port
    std::string head;            ///< owns the text that the views above look into
};

/// What follows a body that is too large to hold: called again and again until it returns nothing. It owns whatever it needs. A fault in it
/// ends the connection, which shows clients that the answer is not whole.
using NextPart = std::function<awaitable<std::optional<std::string>>()>;

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    NextPart next_part{};        ///< set: `body` is only the first part
    bool close = false;          ///< ends the connection after this answer

    /// Replaces a field of that name.
    void set(std::string_view name, std::string value);
    /// Adds one more field of that name (Set-Cookie).
    void add(std::string_view name, std::string value) { fields.emplace_back(name, std::move(value)); }
    const std::string* find(std::string_view name) const;

    template <class T>
    static Response json(int status, const T& value) {
        return text(status, "application/json", json::encode(value));
    }
    static Response text(int status, std::string_view type, std::string body);
    /// No body and no content type.
    static Response empty(int status) { return {.status = status}; }
    static Response redirect(std::string location);
};

/// Case-insensitive comparison of ASCII text.
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string to_lower(std::string_view text);
std::string_view trim(std::string_view text);
}  // namespace argon::http
