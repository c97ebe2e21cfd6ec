#include "base/log.hpp"

#include <atomic>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "base/log_sink.hpp"

namespace argon::log {
namespace {
std::atomic<Level> threshold{Level::info};
std::atomic<std::int64_t> lost{0};
constexpr std::size_t max_value = 2048;
constexpr std::size_t longest_escape = 6;
constexpr std::size_t longest_end = 4;             // quote, brace and newline
constexpr std::size_t room_for_name = 128;         // of a field, with a number behind it

constexpr std::string_view names[] = {"debug", "info", "warn", "error"};

void append_escaped(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text.substr(0, max_value)) {
        if (out.size() > max_line - longest_escape - longest_end) break;
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            // Everything outside printable ASCII is escaped byte by byte: a terminal or a log reader never sees controls or U+2028.
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_value(std::string& out, const Field& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) return append_escaped(out, *text);
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        fmt::format_to(std::back_inserter(out), "{}", *number);
        return;
    }
    out += std::get<bool>(field.value) ? "true" : "false";
}

std::string make_line(Level level, std::string_view message, std::initializer_list<Field> fields) {
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","message":)", to_iso(now()), names[static_cast<int>(level)]);
    append_escaped(line, message);
    for (const auto& field : fields) {
        if (line.size() > max_line - room_for_name) break;
        line += ',';
        append_escaped(line, field.name);
        line += ':';
        append_value(line, field);
    }
    return line += "}\n";
}
}  // namespace

void set_level(Level level) { threshold = level; }
bool enabled(Level level) { return level >= threshold; }

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
    if (!enabled(level)) return;
    static Sink sink{STDERR_FILENO};
    const auto count = lost.exchange(0);
    if (count > 0 && !sink.write(make_line(Level::warn, "log lines were lost: nobody read them in time", {{"count", count}}))) lost += count;
    if (!sink.write(make_line(level, message, fields))) ++lost;
}
}  // namespace argon::log
