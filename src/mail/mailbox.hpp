// The mailbox of `argonauth dev`: mails and text messages that nobody else would deliver, kept in memory up to a limit.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace argon::mail {

struct Received {
    std::int64_t id = 0;  ///< rises with each arrival
    TimePoint received_at;
    std::string channel = "email";  ///< or `sms`
    std::string kind;               ///< of the mail: signInCode, resetLink ...
    std::string branch;
    std::string from;
    std::string to;
    std::string subject;
    std::string text;
    std::string html;
    std::optional<std::string> code;
    std::optional<std::string> link;

    static void fields(auto& f, const auto& mail) {
        f.required("id", mail.id);
        f.required("received_at", mail.received_at);
        f.required("channel", mail.channel);
        f.required("kind", mail.kind);
        f.required("branch_id", mail.branch);
        f.required("from", mail.from);
        f.required("to", mail.to);
        f.required("subject", mail.subject);
        f.required("text", mail.text);
        f.required("html", mail.html);
        f.required("code", mail.code);
        f.required("link", mail.link);
    }
};

/// What to look for; empty members match everything.
struct Search {
    std::string to;
    std::string kind;
    std::string branch;
    std::int64_t after = 0;  ///< only what arrived later than this id
};

/// Threads may share one.
class Mailbox {
public:
    /// Drops the oldest when there are too many.
    void add(Received mail);
    std::vector<Received> list(const Search& search, std::size_t limit) const;  ///< newest first
    std::optional<Received> latest(const Search& search) const;
    std::optional<Received> first(const Search& search) const;
    std::optional<Received> find(std::int64_t id) const;
    /// How many went. Of all addresses when `to` is empty.
    std::size_t clear(std::string_view to);

private:
    static constexpr std::size_t max_mails = 2000;
    static constexpr std::size_t max_bytes = 32 * 1024 * 1024;

    mutable std::mutex mutex_;
    std::deque<Received> mails_;
    std::size_t bytes_ = 0;
    std::int64_t last_id_ = 0;
};
}  // namespace argon::mail
