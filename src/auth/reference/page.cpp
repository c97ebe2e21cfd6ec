// GET /reference: a page that shows the branch's document and sends requests to the branch. Its parts are files in the binary, a component from
// npm among them (scripts/update-reference), so it works without the internet and tells nobody that it is looked at.
#include "api/reference_page.hpp"
#include "auth/reference/reference.hpp"

namespace argon::assets::auth_reference {
extern const std::string_view page_html, page_js, page_css, scalar;
}

namespace argon::auth::reference {
namespace {
namespace files = assets::auth_reference;

// The component puts style sheets and attributes into the page as it goes, so inline styles have to be allowed; scripts are not.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}  // namespace

awaitable<Result<http::Response>> page(api::Context&) {
    auto response = api::asset("text/html; charset=utf-8", files::page_html);
    response.set("Content-Security-Policy", std::string{policy});
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    co_return response;
}

awaitable<Result<http::Response>> script(api::Context&) { co_return api::asset("text/javascript; charset=utf-8", files::page_js); }
awaitable<Result<http::Response>> style(api::Context&) { co_return api::asset("text/css; charset=utf-8", files::page_css); }

/// Kept compressed; every browser takes it so.
awaitable<Result<http::Response>> scalar(api::Context&) {
    auto response = api::asset("text/javascript; charset=utf-8", files::scalar);
    response.set("Content-Encoding", "gzip");
    response.set("Cache-Control", "public, max-age=86400");
    co_return response;
}
}  // namespace argon::auth::reference
