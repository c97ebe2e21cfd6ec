// /integrations/neon/projects/transfer/confirm?code=...: the page behind the link of transfer_ownership. It asks for an API key of the
// account that takes the project, shows whose account that is, and transfers when that is confirmed: once, within the hour of the link.
// It works without scripts, and the key is in no second request: a sealed note of the account takes its place.
#pragma once

#include "api/services.hpp"
#include "http/message.hpp"

namespace argon::console {

bool owns_transfer(std::string_view path);
awaitable<http::Response> serve_transfer(api::Services& services, const http::Request& request);
}  // namespace argon::console
