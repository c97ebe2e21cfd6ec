// The reference page: reads an OpenAPI document that lies beside it and shows it. The same page serves every face that has a document;
// nothing on it comes from another server. Its parts are files in api/reference/, kept in the binary.
#pragma once

#include "http/message.hpp"

namespace argon::api {

/// `document` is the address of the document, from the page's own on. The two others are looked for at `reference/page.js` and
/// `reference/page.css` beside the page.
http::Response reference_page(std::string_view document);
http::Response reference_script();
http::Response reference_style();
}  // namespace argon::api
