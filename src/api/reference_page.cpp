#include "api/reference_page.hpp"

namespace argon::assets::reference {
extern const std::string_view page_html, page_js, page_css;
}

namespace argon::api {

http::Response asset(std::string_view type, std::string_view text) {
    auto response = http::Response::text(200, type, std::string{text});
    response.set("Cache-Control", "no-cache");
    response.set("X-Content-Type-Options", "nosniff");
    return response;
}

http::Response reference_page(std::string_view document) {
    constexpr std::string_view placeholder = "{document}";
    std::string text{assets::reference::page_html};
    for (auto at = text.find(placeholder); at != text.npos; at = text.find(placeholder)) text.replace(at, placeholder.size(), document);
    auto response = asset("text/html; charset=utf-8", text);
    response.set("Content-Security-Policy",
                 "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                 "frame-ancestors 'none'; require-trusted-types-for 'script'");
    response.set("Referrer-Policy", "no-referrer");
    return response;
}

http::Response reference_script() { return asset("text/javascript; charset=utf-8", assets::reference::page_js); }

http::Response reference_style() { return asset("text/css; charset=utf-8", assets::reference::page_css); }
}  // namespace argon::api
