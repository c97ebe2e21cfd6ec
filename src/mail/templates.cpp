#include "mail/templates.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "http/html.hpp"

namespace argon::mail {
namespace {
using http::escape_html;
/// `note` says what to do when one did not ask for the mail.
struct Words {
    std::string_view kind;
    std::string_view subject;
    std::string_view title;
    std::string_view lead;
    std::string_view button;  ///< empty: the mail carries a code
    std::string_view note;
};

constexpr std::string_view or_type = "Or type this code where you asked for it:";
constexpr std::string_view ignore = "If you did not ask for this, you can ignore this mail.";

constexpr Words list[] = {
    {"signInCode", "Your sign-in code for {{applicationName}}", "Sign in to {{applicationName}}", "Enter this code to sign in.", "", ignore},
    {"verificationCode", "Your verification code for {{applicationName}}", "Verify your e-mail address",
     "Enter this code in {{applicationName}} to confirm that {{email}} is yours.", "", ignore},
    {"resetCode", "Your password reset code for {{applicationName}}", "Reset your password",
     "Enter this code in {{applicationName}} to choose a new password.", "", "If you did not ask for this, your password stays as it is."},
    {"phoneCode", "Your code for {{applicationName}}", "Your code", "Enter this code in {{applicationName}}.", "", "Never tell it to anybody."},
    {"verificationLink", "Verify your e-mail address for {{applicationName}}", "Verify your e-mail address",
     "Confirm that {{email}} is yours to go on with {{applicationName}}.", "Verify address", ignore},
    {"resetLink", "Reset your password for {{applicationName}}", "Reset your password", "Choose a new password for {{applicationName}}.",
     "Choose a new password", "If you did not ask for this, your password stays as it is."},
    {"magicLink", "Your sign-in link for {{applicationName}}", "Sign in to {{applicationName}}", "This link signs you in. It works once.", "Sign in",
     ignore},
    {"changeEmailLink", "Confirm your new e-mail address for {{applicationName}}", "Change your e-mail address",
     "Your account at {{applicationName}} is to use the address {{detail}} from now on.", "Confirm the change",
     "If you did not ask for this, do not confirm it and change your password."},
    {"deleteAccountLink", "Confirm the deletion of your {{applicationName}} account", "Delete your account",
     "Your account at {{applicationName}} and what belongs to it will be removed for good.", "Delete my account",
     "If you did not ask for this, do not open the link and change your password."},
    {"invitation", "{{actor}} invited you to {{detail}}", "You are invited", "{{actor}} invited you to join {{detail}} on {{applicationName}}.",
     "Accept the invitation", "If you do not know the sender, you can ignore this mail."},
    {"teamInvitation", "You are invited to {{detail}}", "You are invited", "You are invited to join the team {{detail}} on {{applicationName}}.",
     "Accept the invitation", "If you do not know this team, you can ignore this mail."},
};

const Words* find_words(std::string_view kind) {
    const auto found = std::ranges::find(list, kind, &Words::kind);
    return found == std::end(list) ? nullptr : found;
}

std::string duration(std::int64_t minutes) {
    const auto count = [](std::int64_t number, std::string_view unit) { return fmt::format("{} {}{}", number, unit, number == 1 ? "" : "s"); };
    if (minutes >= 2880 && minutes % 1440 == 0) return count(minutes / 1440, "day");
    if (minutes >= 60 && minutes % 60 == 0) return count(minutes / 60, "hour");
    return count(minutes, "minute");
}

constexpr std::string_view variable_names[] = {"applicationName", "code", "url", "email", "detail", "actor", "expiresIn"};

std::string_view trimmed(std::string_view name) {
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    return name;
}

/// For a message: ASCII letters of what somebody took for a name.
std::string shortened(std::string_view name) {
    std::string out{name.substr(0, 40)};
    for (char& c : out) {
        if (c < 0x20 || c > 0x7e) c = '?';
    }
    return out;
}

using Variables = std::vector<std::pair<std::string_view, std::string>>;

Variables variables_of(const Order& order, std::string_view application_name) {
    return {{"applicationName", std::string{application_name}},
            {"code", order.code},
            {"url", order.url},
            {"email", order.to},
            {"detail", order.detail},
            {"actor", order.actor},
            {"expiresIn", duration(order.minutes)}};
}

/// One pass: what a variable holds is never looked at again, so a user's name cannot name another variable.
std::string fill(std::string_view text, const Variables& variables, bool html) {
    std::string out;
    while (!text.empty()) {
        const auto open = text.find("{{");
        const auto close = open == text.npos ? open : text.find("}}", open);
        if (close == text.npos) return out.append(text);
        out += text.substr(0, open);
        const auto name = trimmed(text.substr(open + 2, close - open - 2));
        const auto found = std::ranges::find(variables, name, [](const auto& entry) { return entry.first; });
        if (found != variables.end()) out += html ? escape_html(found->second) : found->second;
        text.remove_prefix(close + 2);
    }
    return out;
}

// Mail clients know little CSS: what matters is inline, the style element adds darkness and narrow screens where it is understood.
// Colours avoid digits only: a reader that looks for a code must find one number.
constexpr std::string_view page_start =
    R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<style>:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){.page{background:#14171c!important}.card{background:#1e222a!important;border-color:#3a3f4a!important}
.strong{color:#f4f5f7!important}.soft{color:#a9b0bd!important}.code{background:#2b303b!important;color:#f4f5f7!important}
.button{background:#e9ebef!important;color:#14171c!important}}
@media (max-width:480px){.card{padding:28px 20px!important;border-radius:0!important;border-width:1px 0!important}.outer{padding:0!important}}
</style></head>
<body class="page" style="margin:0;padding:0;background:#f3f4f6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="outer" align="center" style="padding:40px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:460px"><tr>
<td class="card" style="padding:36px;background:#ffffff;border:1px solid #e2e5ea;border-radius:14px;
font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
)";
constexpr std::string_view page_end = "</td></tr></table></td></tr></table></body></html>\n";

std::string paragraph(std::string_view style_class, std::string_view style, std::string_view content) {
    return fmt::format("<p class=\"{}\" style=\"margin:0;{}\">{}</p>\n", style_class, style, content);
}

std::string code_box(const std::string& code) {
    return fmt::format(
        "<p class=\"code strong\" style=\"margin:24px 0;padding:18px 8px;background:#f3f4f6;border-radius:10px;text-align:center;"
        "font:600 30px/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.18em;color:#14171c\">{}</p>\n",
        escape_html(code));
}

std::string link_button(const std::string& url, std::string_view label) {
    return fmt::format(
        "<p style=\"margin:26px 0\"><a class=\"button\" href=\"{}\" style=\"display:inline-block;padding:13px 26px;border-radius:10px;"
        "background:#14171c;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none\">{}</a></p>\n",
        escape_html(url), escape_html(label));
}

std::string html_of(const Words& words, const Order& order, const Variables& variables) {
    std::string html{page_start};
    html += paragraph("soft", "font-size:14px;line-height:20px;color:#5b6472;padding-bottom:18px", escape_html(variables.front().second));
    html += fmt::format("<h1 class=\"strong\" style=\"margin:0 0 10px;font-size:22px;line-height:28px;color:#14171c\">{}</h1>\n",
                        fill(words.title, variables, true));
    html += paragraph("strong", "font-size:16px;line-height:24px;color:#2b303b", fill(words.lead, variables, true));
    html += words.button.empty() ? code_box(order.code) : link_button(order.url, words.button);
    if (!words.button.empty() && !order.code.empty()) {
        html += paragraph("strong", "font-size:16px;line-height:24px;color:#2b303b", or_type);
        html += code_box(order.code);
    }
    const auto expiry = fmt::format("{} expires in {}. ", words.button.empty() ? "The code" : "The link", duration(order.minutes));
    html += paragraph("soft", "font-size:14px;line-height:21px;color:#5b6472", expiry + fill(words.note, variables, true));
    return html.append(page_end);
}

std::string text_of(const Words& words, const Order& order, const Variables& variables) {
    auto carried = words.button.empty() ? order.code : order.url;
    if (!words.button.empty() && !order.code.empty()) carried += fmt::format("\n\n{}\n\n    {}", or_type, order.code);
    return fmt::format("{}\n\n{}\n\n    {}\n\n{} expires in {}. {}\n\n-- \n{}\n", fill(words.title, variables, false),
                       fill(words.lead, variables, false), carried, words.button.empty() ? "The code" : "The link", duration(order.minutes),
                       fill(words.note, variables, false), variables.front().second);
}
}  // namespace

std::optional<std::string> check_words(std::string_view kind, std::string_view part, std::string_view words) {
    const auto* ours = find_words(kind);
    if (!ours) throw std::invalid_argument("there is no mail of the kind " + std::string{kind});
    if (part == "subject" && words.find_first_of("\r\n") != words.npos) return "Invalid string: must be one line";
    bool carries = false;
    for (auto rest = words; !rest.empty();) {
        const auto open = rest.find("{{");
        const auto close = open == rest.npos ? open : rest.find("}}", open);
        if (close == rest.npos) break;
        const auto name = trimmed(rest.substr(open + 2, close - open - 2));
        if (std::ranges::find(variable_names, name) == std::end(variable_names)) return fmt::format("Unknown variable {}", shortened(name));
        carries = carries || name == (ours->button.empty() ? "code" : "url");
        rest.remove_prefix(close + 2);
    }
    if (part != "subject" && !carries) return fmt::format("Invalid string: must contain {{{{{}}}}}", ours->button.empty() ? "code" : "url");
    return {};
}

bool is_kind(std::string_view kind) { return find_words(kind) != nullptr; }

Rendered render(const Order& order, std::string_view application_name, const Override& words) {
    const auto* ours = find_words(order.kind);
    if (!ours) throw std::invalid_argument("there is no mail of the kind " + order.kind);
    const auto variables = variables_of(order, application_name);
    return {.subject = fill(words.subject ? *words.subject : ours->subject, variables, false),
            .text = words.text ? fill(*words.text, variables, false) : text_of(*ours, order, variables),
            .html = words.html ? fill(*words.html, variables, true) : html_of(*ours, order, variables)};
}

Rendered render_test(std::string_view application_name) {
    const auto name = escape_html(application_name);
    std::string html{page_start};
    html += fmt::format("<h1 class=\"strong\" style=\"margin:0 0 10px;font-size:22px;line-height:28px;color:#14171c\">It works</h1>\n");
    html += paragraph("strong", "font-size:16px;line-height:24px;color:#2b303b", "Mails of " + name + " leave through this server.");
    return {.subject = fmt::format("Test mail from {}", application_name),
            .text = fmt::format("It works: mails of {} leave through this server.\n", application_name),
            .html = html.append(page_end)};
}
}  // namespace argon::mail
