#include "api/legacy_request.hpp"

#include <fmt/format.h>

namespace argon::api {

void LegacyReader::uuid(std::string_view name, std::string& target) {
    const auto& given = ctx_.parameter(name);
    if (!outcome_) return;
    if (!is_uuid(given)) {
        outcome_ = std::unexpected(known::schema_error(fmt::format("[params.{}] Invalid input: expected a UUID", name)));
    } else {
        target = http::to_lower(given);
    }
}

void LegacyReader::user(std::string_view name, std::string& target) {
    if (ctx_.parameter(name) == "me") {
        target = "me";
    } else {
        uuid(name, target);
    }
}
}  // namespace argon::api
