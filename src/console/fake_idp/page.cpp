#include <algorithm>

#include <fmt/format.h>

#include "console/fake_idp/fake_idp.hpp"
#include "http/html.hpp"

namespace argon::console {
namespace {
constexpr std::string_view page = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Sign in with {provider}</title>
<style>
:root {{ color-scheme: light dark; --accent: #1f6feb;
  --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); }}
* {{ box-sizing: border-box; }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; padding: 1rem;
  display: grid; grid-template-columns: minmax(0, 1fr); place-items: center; }}
main {{ width: 100%; max-width: 25rem; }}
h1 {{ font-size: 1.35rem; margin: 0; }}
h2 {{ font-size: .85rem; font-weight: 600; margin: 1.4rem 0 .5rem; opacity: .75; }}
p {{ margin: .35rem 0 0; }}
.badge {{ display: inline-block; font-size: .75rem; padding: .1rem .55rem; border: 1px solid var(--line); border-radius: 1rem; margin-bottom: .7rem; }}
.quiet {{ font-size: .875rem; opacity: .75; }}
.complaint {{ color: #cf222e; font-size: .9rem; margin-top: .8rem; }}
button, input {{ font: inherit; color: inherit; }}
.people {{ display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem; }}
.person {{ display: flex; align-items: center; gap: .75rem; width: 100%; padding: .55rem .7rem; text-align: left;
  border: 1px solid var(--line); border-radius: .6rem; background: none; cursor: pointer; }}
.person:hover {{ background: var(--soft); }}
.initial {{ flex: none; width: 2.1rem; height: 2.1rem; border-radius: 50%; display: grid; place-items: center;
  background: var(--accent); color: #fff; font-weight: 600; }}
.who {{ min-width: 0; }}
.who span {{ display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }}
.who span + span {{ font-size: .85rem; opacity: .75; }}
label {{ display: block; font-size: .875rem; margin-top: .6rem; }}
input[type=email], input[type=text] {{ width: 100%; padding: .5rem .6rem; margin-top: .2rem;
  border: 1px solid var(--line); border-radius: .5rem; background: transparent; }}
.check {{ display: flex; gap: .5rem; align-items: center; }}
.actions {{ display: flex; gap: .6rem; margin-top: 1rem; }}
.actions button {{ flex: 1; padding: .55rem 1rem; border-radius: .5rem; border: 1px solid var(--line); background: none; cursor: pointer; }}
.actions .go {{ background: var(--accent); border-color: var(--accent); color: #fff; }}
:focus-visible {{ outline: 3px solid #79c0ff; outline-offset: 2px; }}
</style>
</head>
<body>
<main>
<span class="badge">Fake identity provider, for development</span>
<h1>Sign in with {provider}</h1>
<p class="quiet">Nothing is asked of {provider}, and no password is needed. Be whoever you want to test as.</p>
{complaint}
<form method="post">
{hidden}
<h2 id="pick">Pick a person</h2>
<div class="people" role="group" aria-labelledby="pick">
{people}
</div>
</form>
<form method="post">
{hidden}
<h2>Or somebody else</h2>
<label>Email address<input type="email" name="email" required maxlength="254" autocomplete="off" value="{hint}"></label>
<label>Name<input type="text" name="name" maxlength="100" autocomplete="off"></label>
<label class="check"><input type="checkbox" name="verified" value="yes" checked> The address is verified</label>
<div class="actions">
<button class="go" type="submit" name="action" value="sign-in">Sign in</button>
<button type="submit" name="action" value="deny" formnovalidate>Deny</button>
</div>
</form>
</main>
</body>
</html>
)html";

constexpr std::string_view person_button = R"html(<button class="person" type="submit" name="person" value="{email}">
<span class="initial" aria-hidden="true">{initial}</span>
<span class="who"><span>{name}</span><span>{email}{note}</span></span>
</button>
)html";

using http::escape_html;

/// The first character, whole.
std::string initial_of(std::string_view name) {
    std::size_t end = std::min<std::size_t>(name.size(), 1);
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) ++end;
    return std::string{name.substr(0, end)};
}

std::string hidden_input(std::string_view name, std::string_view value) {
    return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, escape_html(value));
}
}  // namespace

std::string fake_sign_in_page(std::string_view provider_name, const FakeRequest& asked, const std::vector<FakePerson>& people,
                              std::string_view complaint) {
    const auto hidden = hidden_input("client_id", asked.client_id) + hidden_input("redirect_uri", asked.redirect_uri) +
                        hidden_input("state", asked.state) + hidden_input("nonce", asked.nonce) +
                        hidden_input("code_challenge", asked.code_challenge) + hidden_input("code_challenge_method", "S256") +
                        hidden_input("response_type", "code");
    std::string buttons;
    for (const auto& person : people) {
        buttons +=
            fmt::format(person_button, fmt::arg("email", escape_html(person.email)), fmt::arg("name", escape_html(person.name)),
                        fmt::arg("initial", escape_html(initial_of(person.name))), fmt::arg("note", person.email_verified ? "" : " (not verified)"));
    }
    const auto problem = complaint.empty() ? std::string{} : fmt::format("<p class=\"complaint\" role=\"alert\">{}</p>", escape_html(complaint));
    return fmt::format(page, fmt::arg("provider", escape_html(provider_name)), fmt::arg("complaint", problem), fmt::arg("hidden", hidden),
                       fmt::arg("people", buttons), fmt::arg("hint", escape_html(asked.login_hint)));
}
}  // namespace argon::console
