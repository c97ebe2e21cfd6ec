// What every refusal of the management API looks like.
#pragma once

#include <string_view>

namespace argon::api {

struct GeneralError {
    static constexpr std::string_view schema_name = "GeneralError";
    std::string_view request_id;
    std::string_view code;
    std::string_view message;

    static void fields(auto& f, const auto& error) {
        f.required("request_id", error.request_id);
        f.required("code", error.code);
        f.required("message", error.message);
    }
};
}  // namespace argon::api
