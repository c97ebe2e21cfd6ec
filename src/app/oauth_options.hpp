// The operator's part of sign-in with identity providers: credentials that all branches share, and other addresses of providers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/oauth.hpp"

namespace CLI {
class App;
}

namespace argon::app {

struct OauthOptions {
    std::string endpoints_file;
};
void describe(CLI::App& command, OauthOptions& options);

/// Variables that make_oauth reads by itself: ARGONAUTH_OAUTH_GOOGLE_CLIENT_ID, ..._CLIENT_SECRET, ..._CLIENT_SECRET_FILE and so on.
std::vector<std::string> oauth_variables();

/// Reads the variables once: secrets are wiped from the environment. What is wrong is added to `problems`.
api::OauthConfig make_oauth(const OauthOptions& options, std::vector<std::string>& problems);
}  // namespace argon::app
