// Links in mails are opened by programs too: scanners of mail gateways, previews, prefetchers. A page with a button stands before the deed
// where the branch asks for it, or where the request says that nobody looks at it yet (docs/design/0006-mail-scanners.md).
#pragma once

#include <string_view>

#include "api/context.hpp"

namespace argon::api {

bool wants_confirmation(const Context& ctx);
/// A form that posts the query's parameters back to the same path.
http::Response confirm_page(const Context& ctx, std::string_view question, std::string_view button);
/// Whether the request is that form.
bool is_form(const Context& ctx);
}  // namespace argon::api
