// /mailbox: the mails and codes of `argonauth dev`, as a page for people and as JSON for tests.
//
//   GET    /mailbox/api/messages          newest first; ?to= ?kind= ?branch_id= ?after=<id> ?limit=
//   GET    /mailbox/api/messages/latest   the newest; the same filters; 404 when there is none
//   GET    /mailbox/api/messages/wait     the oldest after `after`, waiting up to ?timeout= milliseconds for it
//   GET    /mailbox/api/messages/{id}     one; {id}/html is its HTML part
//   DELETE /mailbox/api/messages          forget all, or those of ?to=
#pragma once

#include "api/services.hpp"
#include "http/message.hpp"

namespace argon::console {

/// Whether the path is the mailbox's and this node keeps one.
bool owns_mailbox(const api::Services& services, std::string_view path);
awaitable<http::Response> serve_mailbox(api::Services& services, const http::Request& request);
}  // namespace argon::console
