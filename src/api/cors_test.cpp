#include "api/cors.hpp"

#include <doctest/doctest.h>

namespace argon::api {

TEST_CASE("S024: an origin is repeated only when it is trusted, and never splits a header") {
    const TrustedOrigins trusted{{"http://localhost:4400"}, {"https://app.example.com", "https://[2001:db8::1]:8443"}, false};
    const auto answer = [&](std::vector<std::string> origins) {
        http::Request request;
        for (const auto& origin : origins) request.fields.add("Origin", origin);
        auto response = http::Response::empty(200);
        allow_origin(request, trusted, response);
        CHECK(*response.find("Vary") == "Origin");
        const auto* allowed = response.find("Access-Control-Allow-Origin");
        return allowed ? *allowed : std::string{};
    };
    for (const std::string good : {"https://app.example.com", "https://[2001:db8::1]:8443", "http://localhost:4400"}) CHECK(answer({good}) == good);
    const std::string app = "https://app.example.com";
    for (const auto& bad : std::vector<std::string>{std::string{},
                                                    std::string{"null"},
                                                    std::string{"*"},
                                                    app + "\r\nSet-Cookie: x=y",
                                                    app + "\n",
                                                    app + "\r",
                                                    app + " ",
                                                    "\t" + app,
                                                    app + ":0",
                                                    app + ":443443",
                                                    app + "/",
                                                    app + "?",
                                                    app + "#",
                                                    app + "." + std::string(8192, 'a'),
                                                    std::string(8192, 'a'),
                                                    "https://[2001:db8::1]",
                                                    "https://[::ffff:127.0.0.1]",
                                                    "HTTPS://evil.example",
                                                    app + ".evil.example",
                                                    "https://evil.example",
                                                    app + "," + app,
                                                    app + "\\@evil.example",
                                                    "https://user@app.example.com",
                                                    app + std::string(1, '\0')}) {
        CAPTURE(bad);
        CHECK(answer({bad}).empty());
    }
    CHECK(answer({app, app}).empty());
    CHECK(answer({app, "https://evil.example"}).empty());
    CHECK(answer({}).empty());
}
}  // namespace argon::api
