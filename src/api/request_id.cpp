#include "api/request_id.hpp"

#include <algorithm>

#include "crypto/random.hpp"

namespace argon::api {

std::string request_id(const http::Request& request) {
    const auto given = request.fields.get("X-Request-ID");
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    if (!given.empty() && given.size() <= 128 && std::ranges::all_of(given, is_plain)) return std::string{given};
    return crypto::random_uuid();
}
}  // namespace argon::api
