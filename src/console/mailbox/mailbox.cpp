#include "console/mailbox/mailbox.hpp"

#include <algorithm>
#include <charconv>

#include "api/delivery.hpp"
#include "base/sleep.hpp"
#include "http/url.hpp"

namespace argon::assets::mailbox {
extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;
}  // namespace argon::assets::mailbox

namespace argon::console {
namespace {
using namespace std::chrono_literals;

constexpr std::string_view api_path = "/mailbox/api/messages";
constexpr std::int64_t default_limit = 100;
constexpr std::int64_t most_listed = 1000;
constexpr std::int64_t default_wait = 10'000;  // milliseconds
constexpr std::int64_t longest_wait = 30'000;
constexpr std::chrono::milliseconds between_looks = 25ms;

struct List {
    const std::vector<mail::Received>& messages;

    static void fields(auto& f, const auto& list) { f.required("messages", list.messages); }
};
struct Cleared {
    std::int64_t cleared;

    static void fields(auto& f, const auto& reply) { f.required("cleared", reply.cleared); }
};
struct Problem {
    std::string_view message;

    static void fields(auto& f, const auto& problem) { f.required("message", problem.message); }
};

http::Response refuse(int status, std::string_view message) { return http::Response::json(status, Problem{message}); }

std::string text_parameter(const http::QueryParameters& query, std::string_view name) {
    const auto* value = http::find(query, name);
    return value ? *value : std::string{};
}

/// The default for anything that is no number.
std::int64_t number_parameter(const http::QueryParameters& query, std::string_view name, std::int64_t fallback) {
    const auto* text = http::find(query, name);
    std::int64_t number = 0;
    if (!text) return fallback;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    return error == std::errc{} && end == text->data() + text->size() ? number : fallback;
}

mail::Search search_of(const http::QueryParameters& query) {
    return {.to = text_parameter(query, "to"),
            .kind = text_parameter(query, "kind"),
            .branch = text_parameter(query, "branch_id"),
            .after = number_parameter(query, "after", 0)};
}

/// Whoever points a name of theirs at this machine (DNS rebinding) must not read codes with a visitor's browser.
bool is_own_host(const api::Services& services, std::string_view host) {
    const auto names = [host](std::string_view origin) {
        const auto slashes = origin.find("//");
        return slashes != origin.npos && http::equal_ignoring_case(origin.substr(slashes + 2), host);
    };
    return names(services.addresses.public_url) || std::ranges::any_of(services.addresses.aliases, names);
}

http::Response static_file(std::string_view type, std::string_view text) {
    auto response = http::Response::text(200, type, std::string{text});
    response.add("Content-Security-Policy",
                 "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
                 "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    response.add("X-Content-Type-Options", "nosniff");
    response.add("Referrer-Policy", "no-referrer");
    return response;
}

/// A mail holds what strangers wrote: no script, nothing from outside, an origin of its own, links in new tabs.
http::Response html_part(const mail::Received& mail) {
    auto html = mail.html;
    if (const auto head = html.find("<head>"); head != std::string::npos) html.insert(head + 6, R"(<base target="_blank">)");
    auto response = http::Response::text(200, "text/html; charset=utf-8", std::move(html));
    response.add("Content-Security-Policy",
                 "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
                 "sandbox allow-popups allow-popups-to-escape-sandbox");
    response.add("X-Content-Type-Options", "nosniff");
    response.add("Referrer-Policy", "no-referrer");
    return response;
}

http::Response answer_one(const std::optional<mail::Received>& mail) {
    return mail ? http::Response::json(200, *mail) : refuse(404, "no such message");
}

awaitable<http::Response> wait_for_one(api::Services& services, const http::QueryParameters& query) {
    const auto search = search_of(query);
    const auto patience = std::clamp<std::int64_t>(number_parameter(query, "timeout", default_wait), 0, longest_wait);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{patience};
    auto found = services.delivery->mailbox()->first(search);
    while (!found && std::chrono::steady_clock::now() < end) {
        co_await sleep(services.io(), between_looks);
        found = services.delivery->mailbox()->first(search);
    }
    co_return found ? http::Response::json(200, *found) : refuse(404, "no such message arrived in time");
}

http::Response answer_number(mail::Mailbox& mailbox, std::string_view rest) {
    const bool wants_html = rest.ends_with("/html");
    if (wants_html) rest.remove_suffix(5);
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (error != std::errc{} || end != rest.data() + rest.size()) return refuse(404, "no such message");
    const auto mail = mailbox.find(id);
    return wants_html && mail ? html_part(*mail) : answer_one(mail);
}

awaitable<http::Response> answer_api(api::Services& services, const http::Request& request) {
    auto& mailbox = *services.delivery->mailbox();
    const auto query = http::parse_query(request.query);
    const auto rest = request.path.substr(api_path.size());
    if (request.method == http::Method::delete_ && rest.empty()) {
        co_return http::Response::json(200, Cleared{static_cast<std::int64_t>(mailbox.clear(text_parameter(query, "to")))});
    }
    if (request.method != http::Method::get) co_return refuse(405, "not a way to use the mailbox");
    if (rest.empty()) {
        const auto limit = std::clamp<std::int64_t>(number_parameter(query, "limit", default_limit), 1, most_listed);
        const auto messages = mailbox.list(search_of(query), static_cast<std::size_t>(limit));
        co_return http::Response::json(200, List{messages});
    }
    if (rest == "/latest") co_return answer_one(mailbox.latest(search_of(query)));
    if (rest == "/wait") co_return co_await wait_for_one(services, query);
    co_return rest.starts_with('/') ? answer_number(mailbox, rest.substr(1)) : refuse(404, "no such path");
}
}  // namespace

bool owns_mailbox(const api::Services& services, std::string_view path) {
    return services.delivery && services.delivery->mailbox() && (path == "/mailbox" || path.starts_with("/mailbox/"));
}

awaitable<http::Response> serve_mailbox(api::Services& services, const http::Request& request) {
    if (!is_own_host(services, request.host)) co_return refuse(403, "the mailbox answers under the server's own address only");
    if (request.path.starts_with(api_path)) {
        auto response = co_await answer_api(services, request);
        response.set("Cache-Control", "no-store");
        co_return response;
    }
    if (request.method != http::Method::get) co_return http::Response::empty(404);
    if (request.path == "/mailbox" || request.path == "/mailbox/") co_return static_file("text/html; charset=utf-8", assets::mailbox::page_html);
    if (request.path == "/mailbox/page.css") co_return static_file("text/css; charset=utf-8", assets::mailbox::page_css);
    if (request.path == "/mailbox/page.js") co_return static_file("text/javascript; charset=utf-8", assets::mailbox::page_js);
    co_return http::Response::empty(404);
}
}  // namespace argon::console
