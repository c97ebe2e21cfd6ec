#pragma once

#include "api/legacy.hpp"

namespace argon::stack::misc {
api::LegacyEndpoint show_billing, list_nothing_bought, list_notification_preferences;
}  // namespace argon::stack::misc
