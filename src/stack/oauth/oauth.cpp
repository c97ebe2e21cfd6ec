#include "stack/oauth/oauth.hpp"

namespace argon::stack::oauth {
namespace {
constexpr api::LegacyRoute table[] = {
    {http::Method::post, "/auth/oauth/token", exchange, api::LegacyAccess::open, {.accepts_form = true}},
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }
}  // namespace argon::stack::oauth
