// Who may ask what of the legacy provider: headers, token, project, key, form of the request and access type, in the order in which the SDKs
// expect their refusals (stack-auth.md, 1.2).
#pragma once

#include "api/legacy.hpp"

namespace argon::api {

/// Puts the caller and the decoded parameters of the path, `raw`, into the context.
awaitable<Result<>> admit(LegacyContext& ctx, const LegacyRoute& route, const PathParameters& raw);
}  // namespace argon::api
