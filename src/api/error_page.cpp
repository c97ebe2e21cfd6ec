#include "api/error_page.hpp"

#include <fmt/format.h>

#include "api/dispatch.hpp"
#include "http/html.hpp"

namespace argon::api {
namespace {
constexpr std::string_view page = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Sign-in did not work</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.55 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0; }}
main {{ max-width: 26rem; padding: 1.5rem; }}
h1 {{ font-size: 1.4rem; margin: 0 0 .6rem; }}
p {{ margin: .5rem 0; }}
code {{ font-size: .9em; overflow-wrap: anywhere; opacity: .75; }}
</style>
</head>
<body>
<main>
<h1>Sign-in did not work</h1>
<p>{sentence}</p>
<p>Go back to the app and try once more.</p>
<p><code>{code}</code></p>
</main>
</body>
</html>
)html";
}  // namespace

http::Response error_page(int status, std::string_view code, std::string_view sentence) {
    auto response =
        http::Response::text(status, "text/html; charset=utf-8",
                             fmt::format(page, fmt::arg("sentence", http::escape_html(sentence)), fmt::arg("code", http::escape_html(code))));
    response.set("Content-Security-Policy",
                 "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    response.set("Referrer-Policy", "no-referrer");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Cache-Control", "no-store");
    return response;
}

http::Response error_answer(const http::Request& request, const Error& error) {
    const bool reads_html = request.fields.get("Accept").find("text/html") != std::string_view::npos;
    if (!reads_html) return to_response(error);
    return error_page(error.status(), error.code(), error.message());
}
}  // namespace argon::api
