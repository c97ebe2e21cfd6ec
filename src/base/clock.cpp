#include "base/clock.hpp"

#include <charconv>

#include <fmt/format.h>

namespace argon {
namespace {
using std::chrono::floor;

struct Parts {
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<std::chrono::milliseconds> time;
};

Parts split(TimePoint time) {
    const auto day = floor<std::chrono::days>(time);
    return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss{time - day}};
}

/// Takes digits off the front; false when there is none.
bool take_number(std::string_view& text, int& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data() || !(text.front() >= '0' && text.front() <= '9')) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take_year(std::string_view& text, int& year) { return text.find('-') == 4 && take_number(text, year); }

bool take_char(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

bool take_millis(std::string_view& text, int& millis) {
    if (!take_char(text, '.')) return true;
    int scale = 100;
    bool any = false;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        millis += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
        any = true;
    }
    return any;
}

bool take_offset(std::string_view& text, std::chrono::minutes& offset) {
    if (text.empty() || take_char(text, 'Z')) return text.empty();
    const int sign = text.front() == '-' ? -1 : 1;
    if (!take_char(text, '+') && !take_char(text, '-')) return false;
    int hours = 0;
    int minutes = 0;
    if (!take_number(text, hours)) return false;
    if (take_char(text, ':') && !take_number(text, minutes)) return false;
    offset = sign * (std::chrono::hours{hours} + std::chrono::minutes{minutes});
    return text.empty() && hours < 24 && minutes < 60;
}
}  // namespace

TimePoint now() { return floor<std::chrono::milliseconds>(Clock::now()); }

std::string to_iso(TimePoint time) {
    const auto [date, clock] = split(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::string to_rfc3339(TimePoint time) {
    auto text = to_iso(time);
    text.replace(text.size() - 5, 5, "Z");
    return text;
}

std::optional<TimePoint> parse_time(std::string_view text) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0;
    std::chrono::minutes offset{0};
    if (!take_year(text, year) || !take_char(text, '-') || !take_number(text, month) || !take_char(text, '-') || !take_number(text, day)) return {};
    if (!take_char(text, 'T') && !take_char(text, ' ')) return {};
    if (!take_number(text, hour) || !take_char(text, ':') || !take_number(text, minute) || !take_char(text, ':') || !take_number(text, second))
        return {};
    if (!take_millis(text, millis) || !take_offset(text, offset)) return {};

    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return {};
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
           std::chrono::milliseconds{millis} - offset;
}

std::optional<TimePoint> parse_database_time(std::string_view text) {
    using namespace std::chrono;
    constexpr TimePoint earliest = sys_days{year{1} / January / 1};
    constexpr TimePoint latest = sys_days{year{10'000} / January / 1} - milliseconds{1};
    if (text == "-infinity" || text.ends_with(" BC")) return earliest;
    if (text == "infinity" || (text.find('-') > 4 && text.find('-') != text.npos)) return latest;
    return parse_time(text);
}

std::int64_t to_unix_seconds(TimePoint time) { return floor<std::chrono::seconds>(time).time_since_epoch().count(); }
std::int64_t to_unix_millis(TimePoint time) { return time.time_since_epoch().count(); }
}  // namespace argon
