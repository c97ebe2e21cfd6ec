// Requests that are read as a whole before their handler runs: path, query and body in one value. The pipeline can then say what is wrong
// with a request without running anything, which it does before it refuses a caller's access type (stack-auth.md, 1.2).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "api/legacy.hpp"
#include "base/ids.hpp"

namespace argon::api {

/// Handed to `T::parts(reader, request)`, which lists the parts of a request. The first that is wrong is the refusal.
class LegacyReader {
public:
    explicit LegacyReader(const LegacyContext& ctx) : ctx_(ctx) {}

    /// A parameter of the path, in lower case.
    void uuid(std::string_view name, std::string& target);
    void uuid(std::string_view name, UserId& target) { uuid(name, target.value); }
    /// As uuid, or `me`.
    void user(std::string_view name, std::string& target);
    /// Any text.
    void text(std::string_view name, std::string& target) { target = ctx_.parameter(name); }
    template <class T>
    void query(T& target) {
        if (outcome_) take(ctx_.parameters<T>(), target);
    }
    template <class T>
    void body(T& target) {
        if (outcome_) take(ctx_.body<T>(), target);
    }
    const Result<>& outcome() const { return outcome_; }

private:
    template <class T>
    void take(Result<T> part, T& target) {
        if (!part) {
            outcome_ = std::unexpected(part.error());
        } else {
            target = std::move(*part);
        }
    }

    const LegacyContext& ctx_;
    Result<> outcome_;
};

template <class T>
Result<T> read_request(const LegacyContext& ctx) {
    T request{};
    LegacyReader reader{ctx};
    T::parts(reader, request);
    if (!reader.outcome()) return std::unexpected(reader.outcome().error());
    return request;
}

template <class T>
using LegacyAction = awaitable<Result<http::Response>>(LegacyContext&, T);

template <class T, LegacyAction<T>& action>
struct Decoding {
    static Result<> check(const LegacyContext& ctx) {
        const auto request = read_request<T>(ctx);
        if (!request) return std::unexpected(request.error());
        return {};
    }
    static awaitable<Result<http::Response>> run(LegacyContext& ctx) {
        auto request = read_request<T>(ctx);
        if (!request) co_return std::unexpected(request.error());
        co_return co_await action(ctx, std::move(*request));
    }
};
/// An endpoint out of a function that takes its request decoded.
template <class T, LegacyAction<T>& action>
inline constexpr DecodedEndpoint decoded{Decoding<T, action>::check, Decoding<T, action>::run};
}  // namespace argon::api
