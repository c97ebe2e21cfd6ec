#include "app/webhook_command.hpp"

#include <cstdio>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "http/url.hpp"
#include "json/decoder.hpp"
#include "json/writer.hpp"
#include "management/branch_auth/webhook_view.hpp"

namespace argon::app {
namespace {
constexpr std::chrono::milliseconds between_looks{300};
constexpr int most_looks = 60;  // a little longer than the longest attempt

// The client reads what the server shows of a delivery, in a list and alone.
struct Delivery {
    std::string id;
    std::string event_type;
    std::string status;
    std::string created_at;
    std::int64_t attempt_count = 0;
    bool test = false;
    std::optional<std::string> next_attempt_at;
    std::optional<std::int64_t> response_status;
    std::optional<std::string> last_error;
    std::vector<management::branch_auth::AttemptView> attempts;
    std::optional<json::Object> payload;

    static void fields(auto& f, auto& delivery) {
        f.required("id", delivery.id);
        f.required("event_type", delivery.event_type);
        f.required("status", delivery.status);
        f.required("created_at", delivery.created_at);
        f.required("attempt_count", delivery.attempt_count);
        f.required("test", delivery.test);
        f.optional("next_attempt_at", delivery.next_attempt_at);
        f.optional("response_status", delivery.response_status);
        f.optional("last_error", delivery.last_error);
        f.optional("attempts", delivery.attempts);
        f.optional("payload", delivery.payload);
    }
};

struct One {
    Delivery delivery;
    static void fields(auto& f, auto& one) { f.required("delivery", one.delivery); }
};
struct Many {
    std::vector<Delivery> deliveries;
    static void fields(auto& f, auto& many) { f.required("deliveries", many.deliveries); }
};
struct TestResult {
    std::string event_id;
    bool delivered = false;
    std::int64_t duration_ms = 0;
    std::optional<std::int64_t> response_status;
    std::optional<bool> allowed;
    std::optional<std::string> error;
    std::optional<std::string> answer;

    static void fields(auto& f, auto& result) {
        f.required("event_id", result.event_id);
        f.required("delivered", result.delivered);
        f.required("duration_ms", result.duration_ms);
        f.optional("response_status", result.response_status);
        f.optional("allowed", result.allowed);
        f.optional("error", result.error);
        f.optional("answer", result.answer);
    }
};

int fail(std::string_view reason) {
    fmt::print(stderr, "argonauth: {}\n", reason);
    return 1;
}

int report(const std::vector<std::string>& problems) {
    for (const auto& problem : problems) fmt::print(stderr, "argonauth: {}\n", problem);
    return 2;
}

/// What strangers wrote must not command the terminal: control characters, those of Latin-1 included, become question marks.
std::string tame(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (is_c1) ++i;
        out += is_c1 || byte < 0x20 || byte == 0x7f ? '?' : static_cast<char>(byte);
    }
    return out;
}

bool on_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

/// Coloured on a terminal; padded by hand, for the colour has no width.
std::string painted(const std::string& status, std::size_t width) {
    const std::string padding(width > status.size() ? width - status.size() : 0, ' ');
    if (!on_terminal()) return status + padding;
    const auto* colour = status == "delivered" ? "\033[32m" : status == "failed" ? "\033[31m" : "\033[33m";
    return colour + status + "\033[0m" + padding;
}

/// To the second, as people read it.
std::string short_time(const std::string& time) { return time.size() > 19 ? time.substr(0, 10) + " " + time.substr(11, 8) : time; }

std::string outcome_of(const Delivery& delivery) {
    if (delivery.last_error) return tame(*delivery.last_error);
    return delivery.response_status ? fmt::format("{}", *delivery.response_status) : std::string{};
}

/// Columns on a terminal, tabs in a pipe.
void print_rows(const std::vector<Delivery>& deliveries) {
    const bool terminal = on_terminal();
    if (terminal && deliveries.empty()) fmt::print("No deliveries.\n");
    if (terminal && !deliveries.empty()) {
        fmt::print("\033[2m{:<19}  {:<9}  {:<32}  {:>5}  {:<36}  {}\033[0m\n", "TIME (UTC)", "STATUS", "EVENT", "TRIES", "ID", "LAST ANSWER");
    }
    for (const auto& one : deliveries) {
        const auto type = tame(one.event_type) + (one.test && one.event_type != "webhook.test" ? " (test)" : "");
        if (terminal) {
            fmt::print("{:<19}  {}  {:<32}  {:>5}  {:<36}  {}\n", short_time(one.created_at), painted(one.status, 9), type, one.attempt_count, one.id,
                       outcome_of(one));
        } else {
            fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", one.created_at, one.status, type, one.attempt_count, one.id, outcome_of(one));
        }
    }
}

void print_one(const Delivery& delivery) {
    fmt::print("id        {}\nevent     {}{}\nstatus    {}\ncreated   {}\n", delivery.id, tame(delivery.event_type), delivery.test ? " (test)" : "",
               painted(delivery.status, 0), delivery.created_at);
    if (delivery.next_attempt_at) fmt::print("next try  {}\n", *delivery.next_attempt_at);
    if (delivery.last_error) fmt::print("error     {}\n", tame(*delivery.last_error));
    for (const auto& attempt : delivery.attempts) {
        const auto said = attempt.error ? tame(*attempt.error) : attempt.response_status ? fmt::format("{}", *attempt.response_status) : "";
        fmt::print("attempt   {} at {}, {} ms: {}\n", attempt.number, attempt.at, attempt.duration_ms, said);
        if (attempt.answer) fmt::print("          {}\n", tame(*attempt.answer));
    }
    if (delivery.payload) fmt::print("payload   {}\n", tame(json::to_text(*delivery.payload)));
}

void print_result(const TestResult& result) {
    const auto status = result.response_status ? fmt::format(", {}", *result.response_status) : std::string{};
    fmt::print("{} in {} ms{}\n", painted(result.delivered ? "delivered" : "failed", 0), result.duration_ms, status);
    if (result.allowed) fmt::print("allowed   {}\n", *result.allowed ? "yes" : "no");
    if (result.error) fmt::print("error     {}\n", tame(*result.error));
    if (result.answer) fmt::print("answer    {}\n", tame(*result.answer));
    fmt::print("event     {}\n", result.event_id);
}

/// A client and the branch's path, for `work`; what goes wrong is said on standard error.
template <class Work>
int on_branch(const WebhookOptions& options, std::vector<std::string> problems, Work work) {
    auto client = ManagementClient::open(options, problems);
    if (!client) return report(problems);
    const auto branch = client->find_branch(options);
    if (!branch) return fail(branch.error().message());
    return work(*client, *branch + "/auth/webhooks");
}

template <class T>
Result<T> read(const Result<json::Value>& answer) {
    if (!answer) return std::unexpected(answer.error());
    T target{};
    const auto issues = json::decode(&*answer, "answer", target);
    if (!issues.empty()) return refuse_with({0, "", ""}, "the server is of another version: " + issues);
    return target;
}

/// The server's answer as it is, or what `plain` prints of it.
template <class Plain>
void show(const WebhookOptions& options, const json::Value& answer, Plain plain) {
    if (options.json) {
        fmt::print("{}\n", json::to_text(answer));
    } else {
        plain();
    }
}

std::string path_of(const std::string& webhooks, const std::string& id) { return webhooks + "/deliveries/" + http::percent_encode(id); }
}  // namespace

int list_deliveries(const WebhookOptions& options, std::vector<std::string> problems) {
    return on_branch(options, std::move(problems), [&](ManagementClient& client, const std::string& webhooks) {
        auto path = fmt::format("{}/deliveries?limit={}", webhooks, options.limit);
        if (!options.status.empty()) path += "&status=" + http::percent_encode(options.status);
        if (!options.event_type.empty()) path += "&event_type=" + http::percent_encode(options.event_type);
        const auto answer = client.get(path);
        const auto many = read<Many>(answer);
        if (!many) return fail(many.error().message());
        show(options, *answer, [&many] { print_rows(many->deliveries); });
        return 0;
    });
}

int show_delivery(const WebhookOptions& options, std::vector<std::string> problems) {
    return on_branch(options, std::move(problems), [&](ManagementClient& client, const std::string& webhooks) {
        const auto answer = client.get(path_of(webhooks, options.id));
        const auto one = read<One>(answer);
        if (!one) return fail(one.error().message());
        show(options, *answer, [&one] { print_one(one->delivery); });
        return 0;
    });
}

/// Waits for the attempt, so that the answer to "does it work now?" is on the screen.
int redeliver(const WebhookOptions& options, std::vector<std::string> problems) {
    return on_branch(options, std::move(problems), [&](ManagementClient& client, const std::string& webhooks) {
        const auto started = read<One>(client.post(path_of(webhooks, options.id) + "/redeliver"));
        if (!started) return fail(started.error().message());
        const auto made_before = started->delivery.attempt_count;
        auto answer = client.get(path_of(webhooks, options.id));
        auto one = read<One>(answer);
        const auto is_over = [&] {
            const auto& last = one->delivery.attempts;
            return one->delivery.status != "pending" || (!last.empty() && last.back().number > made_before);
        };
        for (int looks = 0; one && !is_over() && looks < most_looks; ++looks) {
            std::this_thread::sleep_for(between_looks);
            answer = client.get(path_of(webhooks, options.id));
            one = read<One>(answer);
        }
        if (!one) return fail(one.error().message());
        show(options, *answer, [&one] { print_one(one->delivery); });
        return one->delivery.status == "delivered" ? 0 : 1;
    });
}

int send_test_event(const WebhookOptions& options, std::vector<std::string> problems) {
    return on_branch(options, std::move(problems), [&](ManagementClient& client, const std::string& webhooks) {
        json::Object body;
        if (!options.event_type.empty()) body["event_type"] = options.event_type;
        const auto answer = client.post(webhooks + "/test", json::to_text(body));
        const auto result = read<TestResult>(answer);
        if (!result) return fail(result.error().message());
        show(options, *answer, [&result] { print_result(*result); });
        return result->delivered && result->allowed.value_or(true) ? 0 : 1;
    });
}
}  // namespace argon::app
