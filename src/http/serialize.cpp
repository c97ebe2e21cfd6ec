#include "http/serialize.hpp"

#include <ctime>

#include <fmt/format.h>

namespace argon::http {
namespace {
std::string_view reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 204: return "No Content";
        case 302: return "Found";
        case 307: return "Temporary Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 423: return "Locked";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        default: return "Status";
    }
}

/// RFC 9110, 5.6.7; made once a second and thread.
std::string_view date_text() {
    thread_local std::time_t second = 0;
    thread_local char text[40];
    const auto current = std::time(nullptr);
    if (current != second) {
        std::tm parts{};
        gmtime_r(&current, &parts);
        std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        second = current;
    }
    return text;
}

/// A CR, LF or NUL in a value would start a new header: it is left out, whoever put it there.
void append_value(std::string& out, std::string_view value) {
    for (const char c : value) {
        if (c != '\r' && c != '\n' && c != '\0') out += c;
    }
}
}  // namespace

std::string serialize_part(std::optional<std::string> part, Framing framing) {
    if (framing != Framing::chunked) return part ? std::move(*part) : std::string{};
    if (!part) return "0\r\n\r\n";
    if (part->empty()) return {};  // an empty chunk would be the end
    return fmt::format("{:x}\r\n{}\r\n", part->size(), *part);
}

std::string serialize(const Response& response, bool head_only, bool keep_alive, Framing framing) {
    std::string out;
    out.reserve(512 + response.body.size());
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason(response.status), date_text());
    for (const auto& [name, value] : response.fields) {
        out += name;
        out += ": ";
        append_value(out, value);
        out += "\r\n";
    }
    if (!response.find("X-Content-Type-Options")) out += "X-Content-Type-Options: nosniff\r\n";
    if (!response.find("Cache-Control")) out += "Cache-Control: no-store\r\n";
    if (framing == Framing::chunked) out += "Transfer-Encoding: chunked\r\n";
    if (framing == Framing::length && response.status != 204) fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body.size());
    out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    if (!head_only) out += framing == Framing::chunked ? serialize_part(response.body, framing) : response.body;
    return out;
}
}  // namespace argon::http
