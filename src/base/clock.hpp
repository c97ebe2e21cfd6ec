// Wall-clock time as the wire and the database write it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace argon {
using namespace std::chrono_literals;

using Clock = std::chrono::system_clock;
/// Milliseconds, the precision of the wire (auth-wire-facts.md, fact 11).
using TimePoint = std::chrono::time_point<Clock, std::chrono::milliseconds>;

TimePoint now();

/// `2026-01-31T09:05:07.123Z`, always three decimals and Z, as JavaScript's toISOString.
std::string to_iso(TimePoint time);
/// `2026-01-31T09:05:07Z`, the management API's form (RFC 3339, whole seconds).
std::string to_rfc3339(TimePoint time);
/// Reads RFC 3339, also with a space for the T and an offset of hours alone. Nothing for other text.
std::optional<TimePoint> parse_time(std::string_view text);
/// Reads what PostgreSQL prints for timestamptz with DateStyle ISO. `infinity` and years that the wire cannot write become the nearest
/// time that it can.
std::optional<TimePoint> parse_database_time(std::string_view text);

std::int64_t to_unix_seconds(TimePoint time);
std::int64_t to_unix_millis(TimePoint time);
}  // namespace argon
