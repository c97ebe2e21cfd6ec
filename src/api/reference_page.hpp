// The reference page: reads an OpenAPI document that lies beside it and shows it. The same page serves every face that has a document;
// nothing on it comes from another server. Its parts are files in api/reference/, kept in the binary.
#pragma once

#include "http/message.hpp"

namespace argon::api {

/// A file of the program's own, such as a page or a script.
http::Response asset(std::string_view type, std::string_view text);

/// `document` is the address of the document, from the page's own on. The two others are looked for at `reference/page.js` and
/// `reference/page.css` beside the page.
http::Response reference_page(std::string_view document);
http::Response reference_script();
http::Response reference_style();
}  // namespace argon::api
