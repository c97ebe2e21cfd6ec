#pragma once

#include "base/error.hpp"

namespace argon::auth::social::errors {
inline constexpr ErrorSpec provider_not_found{404, "PROVIDER_NOT_FOUND", "Provider not found"};
inline constexpr ErrorSpec id_token_not_supported{404, "ID_TOKEN_NOT_SUPPORTED", "id_token not supported"};
inline constexpr ErrorSpec missing_origin{400, "MISSING_ORIGIN", "Origin header is required when callbackURL is not an absolute URL"};
}  // namespace argon::auth::social::errors
