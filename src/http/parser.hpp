// Turns bytes into one Request. Framing is Beast's; the rules that Beast leaves open are decided here, always for the strict side
// (RFC 9112; security-tests.md 3.14): bare CR or LF, folded lines, missing or doubled Host, both lengths, oversized anything.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "http/message.hpp"

namespace argon::http {

/// All sizes in bytes.
struct Limits {
    std::size_t head = 16 * 1024;
    std::size_t fields = 100;
    std::size_t target = 8 * 1024;
    std::size_t body = 1024 * 1024;
};

namespace errors {
inline constexpr ErrorSpec bad_request{400, "BAD_REQUEST", "Malformed HTTP request"};
inline constexpr ErrorSpec bad_host{400, "BAD_REQUEST", "The Host header is missing, repeated or malformed"};
inline constexpr ErrorSpec misdirected{421, "MISDIRECTED_REQUEST", "The request's target names another host than its Host header"};
inline constexpr ErrorSpec body_too_large{413, "PAYLOAD_TOO_LARGE", "The request body is too large"};
inline constexpr ErrorSpec target_too_long{414, "URI_TOO_LONG", "The request target is too long"};
inline constexpr ErrorSpec head_too_large{431, "REQUEST_HEADER_FIELDS_TOO_LARGE", "The request's header is too large"};
}  // namespace errors

class Parser {
public:
    explicit Parser(const Limits& limits);
    ~Parser();

    /// Ready for the next request of the connection.
    void reset();
    /// Takes bytes off the front of `input` and returns how many. After an error the connection cannot go on.
    Result<std::size_t> feed(std::string_view input);

    bool has_head() const;
    bool is_complete() const;
    bool keep_alive() const;
    /// Whether the client understands `Transfer-Encoding: chunked`.
    bool takes_chunks() const;
    /// The client waits for `100 Continue` before it sends the body.
    bool expects_continue() const;
    Request& request();

private:
    struct State;
    std::unique_ptr<State> state_;
};
}  // namespace argon::http
