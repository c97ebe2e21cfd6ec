#include "console/transfer/transfer.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/account_records.hpp"
#include "branches/integration_transfers.hpp"
#include "crypto/envelope.hpp"
#include "http/html.hpp"
#include "http/url.hpp"
#include "pg/errors.hpp"

namespace argon::assets::transfer {
extern const std::string_view page_html;
extern const std::string_view page_css;
}  // namespace argon::assets::transfer

namespace argon::console {
namespace {
using http::escape_html;

constexpr std::string_view base = "/integrations/neon/projects/transfer/";
constexpr std::string_view form_path = "/integrations/neon/projects/transfer/confirm";
constexpr std::size_t longest_form = 4096;
constexpr std::chrono::minutes note_life{10};

http::Response with_headers(http::Response response) {
    response.add("Content-Security-Policy",
                 "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    response.add("X-Content-Type-Options", "nosniff");
    // The link is a secret, as long as nobody has used it.
    response.add("Referrer-Policy", "no-referrer");
    response.add("Cache-Control", "no-store");
    return response;
}

http::Response page(int status, std::string_view title, std::string_view content) {
    auto text = fmt::format(fmt::runtime(assets::transfer::page_html), fmt::arg("title", escape_html(title)), fmt::arg("content", content));
    return with_headers(http::Response::text(status, "text/html; charset=utf-8", std::move(text)));
}

http::Response invalid_page() {
    return page(404, "This link is not valid",
                "<p>Links to transfer a project are good for one hour. Ask whoever manages the project for a new one.</p>");
}

http::Response finished_page() {
    return page(410, "Already transferred", "<p>This project was transferred before, and that can be done only once. Nothing was changed.</p>");
}

std::string project_rows(const branches::Transfer& transfer) {
    return fmt::format("<dt>Project</dt><dd>{}</dd><dt>Id</dt><dd>{}</dd>", escape_html(transfer.display_name),
                       escape_html(transfer.project_id.value));
}

std::string form(std::string_view code, std::string_view fields) {
    return fmt::format("<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"code\" value=\"{}\">{}</form>", form_path,
                       escape_html(code), fields);
}

http::Response ask_page(const branches::Transfer& transfer, std::string_view code, std::string_view problem = {}) {
    const auto complaint = problem.empty() ? std::string{} : fmt::format("<p class=\"problem\" role=\"alert\">{}</p>", escape_html(problem));
    const auto fields = fmt::format(
        "{}<label for=\"key\">API key of the account</label>"
        "<input id=\"key\" name=\"api_key\" type=\"password\" autocomplete=\"off\" spellcheck=\"false\" maxlength=\"256\" required autofocus>"
        "<p class=\"hint\">An API key with all rights proves that the account is yours. It is checked and not kept.</p>"
        "<div class=\"actions\"><button type=\"submit\">Continue</button></div>",
        complaint);
    return page(problem.empty() ? 200 : 403, "Which account takes this project?",
                fmt::format("<p>Its owner offers the users and settings of this auth project to an account of yours.</p><dl>{}</dl>{}",
                            project_rows(transfer), form(code, fields)));
}

http::Response confirm_page(const branches::Transfer& transfer, std::string_view code, const branches::Owner& account, std::string_view note) {
    const auto fields = fmt::format(
        "<input type=\"hidden\" name=\"account\" value=\"{}\"><div class=\"actions\"><button type=\"submit\">Transfer the project</button>"
        "<a href=\"{}?code={}\">Another account</a></div>",
        escape_html(note), form_path, escape_html(code));
    return page(
        200, "Transfer this project?",
        fmt::format("<p>From then on the account owns the project. This can be done once. Apps go on working with the keys that they have.</p>"
                    "<dl>{}<dt>Account</dt><dd>{}</dd><dt>E-mail</dt><dd>{}</dd></dl>{}",
                    project_rows(transfer), escape_html(account.name), escape_html(account.email), form(code, fields)));
}

http::Response done_page(const branches::Transfer& transfer, const branches::Owner& account) {
    return page(200, "The project is yours",
                fmt::format("<p>It belongs to the account from now on; its keys work as before. You can close this page.</p>"
                            "<dl>{}<dt>Account</dt><dd>{}</dd><dt>E-mail</dt><dd>{}</dd></dl>",
                            project_rows(transfer), escape_html(account.name), escape_html(account.email)));
}

// ---- who confirms: the account's id and until when, sealed for this code alone

crypto::SecretKey note_key(const api::Services& services) { return services.master_key.derive("transfer of a legacy project"); }

std::string write_note(const api::Services& services, std::string_view code, const std::string& account, TimePoint now) {
    const auto until = std::chrono::duration_cast<std::chrono::seconds>((now + note_life).time_since_epoch()).count();
    return crypto::seal(note_key(services), fmt::format("{} {}", until, account), code);
}

std::optional<std::string> read_note(const api::Services& services, std::string_view code, std::string_view note, TimePoint now) {
    const auto text = crypto::open(note_key(services), note, code);
    if (!text) return {};
    std::int64_t until = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), until);
    if (error != std::errc{} || now.time_since_epoch() >= std::chrono::seconds{until}) return {};
    return std::string{end + 1, text->data() + text->size()};
}

std::string member(const http::QueryParameters& parameters, std::string_view name) {
    const auto* value = http::find(parameters, name);
    return value ? *value : std::string{};
}

awaitable<http::Response> take_key(api::Services& services, const branches::Transfer& transfer, const std::string& code, const std::string& api_key) {
    const auto key = co_await branches::find_api_key(services.control(), branches::hash_api_key(api_key));
    if (!key) co_return ask_page(transfer, code, "This is no valid API key. Nothing was changed.");
    if (key->project_id || key->read_only) {
        co_return ask_page(transfer, code, "This API key is limited to one project or to reading. Use one that may act for the whole account.");
    }
    const auto account = co_await branches::get_owner(services.control(), key->created_by);
    co_return confirm_page(transfer, code, account, write_note(services, code, account.id, now()));
}

awaitable<http::Response> take_confirmation(api::Services& services, const branches::Transfer& transfer, const std::string& code,
                                            const std::string& note) {
    const auto account_id = read_note(services, code, note, now());
    if (!account_id) co_return ask_page(transfer, code, "Too much time has passed. Give the API key again.");
    const auto account = co_await branches::get_owner(services.control(), *account_id);
    const bool confirmed = co_await branches::confirm_transfer(services.control(), code, *account_id, now());
    if (!confirmed) co_return finished_page();
    log::info("legacy project transferred", {{"project", transfer.project_id.value}, {"account", *account_id}});
    co_return done_page(transfer, account);
}

awaitable<http::Response> serve_form(api::Services& services, const http::Request& request) {
    const bool posts = request.method == http::Method::post;
    const bool reads = request.method == http::Method::get || request.method == http::Method::head;
    if (!posts && !reads) {
        auto response = http::Response::empty(405);
        response.add("Allow", "GET, HEAD, POST");
        co_return response;
    }
    const bool is_form = http::to_lower(request.fields.get("Content-Type")).starts_with("application/x-www-form-urlencoded");
    if (posts && (!is_form || request.body.size() > longest_form))
        co_return page(400, "This is not the form of this page", "<p>Open the link again.</p>");
    const auto parameters = http::parse_query(posts ? std::string_view{request.body} : request.query);
    const auto code = member(parameters, "code");
    const auto transfer = co_await branches::find_transfer(services.control(), code, now());
    if (!transfer) co_return invalid_page();
    if (transfer->finished) co_return finished_page();
    if (reads) co_return ask_page(*transfer, code);
    const auto note = member(parameters, "account");
    if (!note.empty()) co_return co_await take_confirmation(services, *transfer, code, note);
    co_return co_await take_key(services, *transfer, code, member(parameters, "api_key"));
}
}  // namespace

bool owns_transfer(std::string_view path) { return path.starts_with(base); }

awaitable<http::Response> serve_transfer(api::Services& services, const http::Request& request) {
    if (request.path == form_path) {
        try {
            co_return co_await serve_form(services, request);
        } catch (const pg::Unavailable& error) {
            log::warn("a transfer was put off", {{"reason", error.what()}});
        } catch (const std::exception& error) {
            log::error("a transfer failed", {{"reason", error.what()}});
        }
        co_return page(503, "Not now", "<p>The service cannot reach its database. Nothing was changed; try again in a moment.</p>");
    }
    const bool reads = request.method == http::Method::get || request.method == http::Method::head;
    if (reads && request.path == "/integrations/neon/projects/transfer/page.css") {
        co_return with_headers(http::Response::text(200, "text/css; charset=utf-8", std::string{assets::transfer::page_css}));
    }
    co_return with_headers(http::Response::empty(404));
}
}  // namespace argon::console
