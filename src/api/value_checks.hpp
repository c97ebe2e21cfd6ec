// Checks on members that several features take in their bodies.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "branches/endpoint_records.hpp"
#include "json/decoder.hpp"

namespace argon::api {

/// Annotations: at most 50 members, all of them text, and not endless.
struct AnnotationCheck {
    std::optional<std::string> operator()(const json::Object& object) const;
};
inline constexpr AnnotationCheck annotation;

/// A time as RFC 3339 has it.
struct TimeCheck {
    std::optional<std::string> operator()(std::string_view text) const;
};
inline constexpr TimeCheck time;

struct ComputeUnitsCheck {
    std::optional<std::string> operator()(double units) const;
};
inline constexpr ComputeUnitsCheck compute_units;

/// Names of the cloud's places and machines, kept as labels: `aws-us-east-2`, `k8s-neonvm`.
struct LabelCheck {
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(json::Object& schema) const;
};
inline constexpr LabelCheck label;

/// Refuses a minimum above the maximum, by the name of the object that has both.
Result<branches::ComputeLimits> parse_compute_limits(std::string_view place, std::optional<double> minimum, std::optional<double> maximum);

inline constexpr json::range suspend_range{-1, 604800};

/// When something ends: in the future, and within 30 days as in the cloud.
Result<TimePoint> parse_expiry(std::string_view member, const std::string& text, TimePoint now);
}  // namespace argon::api
