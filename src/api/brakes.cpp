#include "api/brakes.hpp"

#include "api/limits.hpp"

namespace argon::api {
namespace {
std::string subject_of(const Context& ctx, std::string_view who) { return ctx.branch->endpoint.value + "|" + std::string{who}; }
}  // namespace

http::Response too_many_requests(std::chrono::seconds wait) {
    auto response = http::Response::text(429, "text/plain", R"({"message":"Too many requests. Please try again later."})");
    response.add("X-Retry-After", std::to_string(wait.count()));
    return response;
}

awaitable<std::optional<http::Response>> brake_account(const Context& ctx, std::string_view account) {
    if (!ctx.limits) co_return std::nullopt;
    const auto subject = subject_of(ctx, account);
    const auto wait = co_await ctx.limits->try_account(subject);
    if (!wait) co_return std::nullopt;
    co_return too_many_requests(*wait);
}

awaitable<> forgive_account(const Context& ctx, std::string_view account) {
    if (!ctx.limits) co_return;
    const auto subject = subject_of(ctx, account);
    co_await ctx.limits->forgive(subject);
}

awaitable<std::optional<http::Response>> brake_mail(const Context& ctx, std::string_view recipient) {
    if (!ctx.limits) co_return std::nullopt;
    const auto subject = subject_of(ctx, recipient);
    const auto wait = co_await ctx.limits->count_mail(subject);
    if (!wait) co_return std::nullopt;
    co_return too_many_requests(*wait);
}
}  // namespace argon::api
