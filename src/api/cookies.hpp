// Reading and writing the cookies of a branch.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "api/context.hpp"

namespace argon::api {

/// The first cookie of that name, in double quotes or not; still percent-encoded. The prefix of the branch is added to `name`.
std::optional<std::string_view> find_cookie(const Context& ctx, std::string_view name);
/// The value of a signed cookie; nothing when it is absent or its signature is wrong.
std::optional<std::string> find_signed_cookie(const Context& ctx, std::string_view name);

/// Without `max_age` the cookie ends with the browser. `value` is percent-encoded here.
void set_cookie(const Context& ctx, http::Response& response, std::string_view name, std::string_view value,
                std::optional<std::chrono::seconds> max_age);
void set_signed_cookie(const Context& ctx, http::Response& response, std::string_view name, std::string_view value,
                       std::optional<std::chrono::seconds> max_age);
void clear_cookie(const Context& ctx, http::Response& response, std::string_view name);
}  // namespace argon::api
