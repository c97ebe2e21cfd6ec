// OAuth: this server is the SDKs' OAuth server, and a client of the providers that people sign in with.
#pragma once

#include "api/legacy.hpp"

namespace argon::stack::oauth {
api::LegacyEndpoint exchange;
}
