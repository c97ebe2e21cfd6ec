// Refusals: what a client did wrong, returned as values. Faults of ours are exceptions.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace argon {

/// What a client may see. Declared once, constexpr, beside the code that returns it.
/// An empty code leaves the `code` member out; an empty message too makes the whole body empty.
struct ErrorSpec {
    int status;
    std::string_view code;
    std::string_view message;

    bool operator==(const ErrorSpec&) const = default;
};

inline constexpr ErrorSpec internal_error{500, "INTERNAL_SERVER_ERROR", "Internal server error"};
inline constexpr ErrorSpec unavailable{503, "SERVICE_UNAVAILABLE", "The service is busy or its database cannot be reached; try again"};

/// A refusal on its way out. `note` is for the log and never reaches the wire.
class Error {
public:
    Error(ErrorSpec spec, std::string note = {}) : spec_(spec), note_(std::move(note)) {}

    /// A refusal whose text depends on the request, such as a validation message.
    static Error with_message(ErrorSpec spec, std::string message) {
        Error error{spec};
        error.message_ = std::move(message);
        return error;
    }
    /// A refusal whose code is somebody else's too: a webhook's.
    static Error with_code(int status, std::string code, std::string message) {
        Error error = with_message({status, "", ""}, std::move(message));
        error.code_ = std::move(code);
        return error;
    }
    /// JSON that a client of the legacy provider builds its own error from.
    Error with_details(std::string json) && {
        details_ = std::move(json);
        return std::move(*this);
    }
    /// Asks the client to come back after `wait`; sent as Retry-After.
    Error retry_after(std::chrono::seconds wait) && {
        retry_after_ = wait;
        return std::move(*this);
    }

    const ErrorSpec& spec() const { return spec_; }
    int status() const { return spec_.status; }
    std::string_view code() const { return code_ ? std::string_view{*code_} : spec_.code; }
    std::string_view message() const { return message_ ? std::string_view{*message_} : spec_.message; }
    const std::string& note() const { return note_; }
    const std::string& details() const { return details_; }
    std::optional<std::chrono::seconds> retry_after() const { return retry_after_; }

private:
    ErrorSpec spec_;
    std::optional<std::string> code_;
    std::optional<std::string> message_;
    std::string note_;
    std::string details_;
    std::optional<std::chrono::seconds> retry_after_;
};

template <class T = void>
using Result = std::expected<T, Error>;

/// `co_return refuse(errors::invalid_token);`
inline std::unexpected<Error> refuse(ErrorSpec spec, std::string note = {}) { return std::unexpected(Error{spec, std::move(note)}); }
inline std::unexpected<Error> refuse_with(ErrorSpec spec, std::string message) {
    return std::unexpected(Error::with_message(spec, std::move(message)));
}
}  // namespace argon
