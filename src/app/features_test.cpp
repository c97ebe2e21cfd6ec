#include "app/features.hpp"

#include <map>
#include <set>

#include <doctest/doctest.h>

#include "api/dispatch.hpp"

namespace argon::app {

TEST_CASE("features: every route is described or deliberately unlisted, under an operation of its own") {
    std::map<std::string_view, std::string_view> paths;  // by operation
    for (const auto& table : features()) {
        for (const auto& route : table) {
            INFO(http::to_text(route.method), " ", route.path);
            REQUIRE(route.docs);
            if (route.docs == &api::unlisted) continue;
            CHECK(!route.docs->operation.empty());
            CHECK(!route.docs->summary.empty());
            // One path may have another's description where a branch has only one of the two.
            const auto [known, is_new] = paths.emplace(route.docs->operation, route.path);
            CHECK((is_new || (route.options.exists && known->second != route.path)));
        }
    }
}

TEST_CASE("features: refusals of the guard and the pipeline are listed with a route's own") {
    const auto codes_of = [](std::string_view path) {
        std::set<std::string_view> codes;
        for (const auto& table : features()) {
            for (const auto& route : table) {
                if (route.path != path || route.docs == &api::unlisted) continue;
                for (const auto& refusal : api::refusals_of(route)) codes.insert(refusal.code);
            }
        }
        return codes;
    };
    const auto sign_in = codes_of("/sign-in/email");
    for (const auto code : {"INVALID_EMAIL_OR_PASSWORD", "VALIDATION_ERROR", "INVALID_CALLBACK_URL", "BANNED_USER", "SERVICE_UNAVAILABLE"}) {
        INFO(code);
        CHECK(sign_in.contains(code));
    }
    CHECK(!sign_in.contains("UNAUTHORIZED"));
    CHECK(codes_of("/list-sessions").contains("SESSION_NOT_FRESH"));
    CHECK(codes_of("/list-accounts").contains("UNAUTHORIZED"));
    CHECK(!codes_of("/list-accounts").contains("UNSUPPORTED_MEDIA_TYPE"));
}
}  // namespace argon::app
