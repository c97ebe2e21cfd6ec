#include "api/confirm_page.hpp"

#include <fmt/format.h>

#include "http/html.hpp"

namespace argon::api {
namespace {
constexpr std::string_view page = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{name}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0; }}
main {{ max-width: 22rem; padding: 1.5rem; text-align: center; }}
button {{ font: inherit; padding: .6rem 1.4rem; border: 0; border-radius: .5rem; background: #1f6feb; color: #fff; cursor: pointer; }}
button:focus-visible {{ outline: 3px solid #79c0ff; outline-offset: 2px; }}
</style>
</head>
<body>
<main>
<h1>{name}</h1>
<p>{question}</p>
<form method="post" action="{action}">
{inputs}<button type="submit">{button}</button>
</form>
</main>
</body>
</html>
)html";
}  // namespace

bool wants_confirmation(const Context& ctx) {
    if (ctx.settings().advanced.emailVerification.confirmPage) return true;
    for (const std::string_view field : {"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"}) {
        const auto value = http::to_lower(ctx.request.fields.get(field));
        if (value.find("prefetch") != std::string::npos || value.find("preview") != std::string::npos) return true;
    }
    return false;
}

http::Response confirm_page(const Context& ctx, std::string_view question, std::string_view button) {
    std::string inputs;
    for (const auto& [name, value] : ctx.query) {
        inputs += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", http::escape_html(name), http::escape_html(value));
    }
    auto response =
        http::Response::text(200, "text/html; charset=utf-8",
                             fmt::format(page, fmt::arg("name", http::escape_html(ctx.settings().application_name)),
                                         fmt::arg("question", http::escape_html(question)), fmt::arg("action", http::escape_html(ctx.request.path)),
                                         fmt::arg("inputs", inputs), fmt::arg("button", http::escape_html(button))));
    // No form-action: browsers apply it to the redirect that follows, too. The policy no-referrer would make the form's Origin `null`.
    response.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
    response.set("Referrer-Policy", "same-origin");
    response.set("Cache-Control", "no-store");
    return response;
}

bool is_form(const Context& ctx) { return http::to_lower(ctx.request.fields.get("Content-Type")).starts_with("application/x-www-form-urlencoded"); }
}  // namespace argon::api
