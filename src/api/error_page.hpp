// What a person sees when a sign-in ends on our side of the browser, with no app to go back to. Programs get JSON.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"

namespace argon::api {

http::Response error_page(int status, std::string_view code, std::string_view sentence);
/// The page for who accepts HTML, the error as the auth service writes it for all others.
http::Response error_answer(const http::Request& request, const Error& error);
}  // namespace argon::api
