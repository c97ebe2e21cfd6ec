// `argonauth api-key`: the keys of the management API, with or without a running server on the data directory.
#pragma once

#include "app/options.hpp"

namespace argon::app {

// Each returns the exit status and explains a failure on standard error.
int create_api_key(const ApiKeyOptions& options);
int list_api_keys(const ApiKeyOptions& options);
int revoke_api_key(const ApiKeyOptions& options);
}  // namespace argon::app
