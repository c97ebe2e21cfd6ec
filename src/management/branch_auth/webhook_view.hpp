// Deliveries of the branch's webhook as answers show them: how they went, and never a code, link or signature.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "json/decoder.hpp"

namespace argon::management::branch_auth {

struct DeliveryView {
    std::string id;  ///< of the event, too: what the receiver knows it by
    std::string event_type;
    std::string status;
    bool test = false;
    std::int64_t attempt_count = 0;
    TimePoint created_at;
    std::optional<TimePoint> next_attempt_at;
    std::optional<TimePoint> finished_at;
    std::optional<std::int64_t> response_status;
    std::optional<std::string> last_error;
    bool can_redeliver = false;

    static void columns(auto& column, auto& view) {
        column(view.id)(view.event_type)(view.status)(view.test)(view.attempt_count)(view.created_at)(view.next_attempt_at);
        column(view.finished_at)(view.response_status)(view.last_error)(view.can_redeliver);
    }
    static void fields(auto& f, const auto& view) {
        f.required("id", view.id);
        f.required("event_type", view.event_type);
        f.required("status", view.status, json::one_of{{"pending", "delivered", "failed"}});
        f.required("test", view.test);
        f.required("attempt_count", view.attempt_count);
        f.required("created_at", view.created_at);
        f.optional("next_attempt_at", view.next_attempt_at);
        f.optional("finished_at", view.finished_at);
        f.optional("response_status", view.response_status);
        f.optional("last_error", view.last_error);
        f.required("can_redeliver", view.can_redeliver);
    }
};

/// webhooks::Attempt as it is stored.
struct AttemptView {
    std::int64_t number = 0;
    std::string at;
    std::int64_t duration_ms = 0;
    std::optional<std::int64_t> response_status;
    std::optional<std::string> error;
    std::optional<std::string> answer;

    static void fields(auto& f, auto& attempt) {
        f.required("number", attempt.number);
        f.required("at", attempt.at);
        f.required("duration_ms", attempt.duration_ms);
        f.optional("response_status", attempt.response_status);
        f.optional("error", attempt.error);
        f.optional("answer", attempt.answer);
    }
};
}  // namespace argon::management::branch_auth
