// How a mail of the branch reads: as it is stored, or with words that are being written. Nothing is sent. Beyond hosted Neon's API.
#include "identity/settings.hpp"
#include "mail/templates.hpp"
#include "management/branch_auth/mail_words.hpp"
#include "management/branch_auth/settings_row.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint preview;
extern const api::Description preview_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/mail_templates/preview", preview, &preview_docs},
};

struct PreviewBody {
    std::string mail;
    std::optional<identity::MailTemplate> words;

    static void fields(auto& f, auto& body) {
        f.required("mail", body.mail,
                   json::one_of{{"signInCode", "verificationCode", "resetCode", "phoneCode", "verificationLink", "resetLink", "magicLink",
                                 "changeEmailLink", "deleteAccountLink", "invitation"}});
        f.optional("template", body.words);
    }
};

struct PreviewReply {
    mail::Rendered rendered;

    static void fields(auto& f, const auto& reply) {
        f.required("subject", reply.rendered.subject);
        f.required("text", reply.rendered.text);
        f.required("html", reply.rendered.html);
    }
};

/// Finds one mail's words by the one list of their fields.
struct FindWords {
    std::string_view kind;
    identity::MailTemplate found{};

    void optional(std::string_view name, const identity::MailTemplate& own) {
        if (name == kind) found = own;
    }
};

mail::Order make_sample(const std::string& kind) {
    return {.kind = kind,
            .to = "ada@example.com",
            .code = "123456",
            .url = "https://app.example.com/verify?token=sample&callbackURL=%2F",
            .minutes = 10,
            .detail = kind == "invitation" ? "Example Organization" : "ada.new@example.com",
            .actor = "Grace Hopper"};
}

constexpr api::Description preview_docs =
    api::describe<PreviewBody, PreviewReply>("previewNeonAuthMailTemplate", "Show how a mail of the branch reads, with sample values");
awaitable<Result<http::Response>> preview(api::ManagementContext& ctx) {
    const auto body = ctx.body<PreviewBody>();
    if (!body) co_return std::unexpected(body.error());
    MailWordsCheck check{"body.template"};
    if (body->words) check.optional(body->mail, *body->words);
    if (!check.issues().empty()) co_return refuse_with({400, "", ""}, "invalid request: " + check.issues());
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto advanced = decode_column<identity::Advanced>("advanced", row->advanced);
    if (!advanced) co_return std::unexpected(advanced.error());
    FindWords stored{body->mail};
    identity::MailTemplates::fields(stored, advanced->mailTemplates);
    const auto& own = body->words ? *body->words : stored.found;
    co_return http::Response::json(200, PreviewReply{mail::render(make_sample(body->mail), row->name, {own.subject, own.text, own.html})});
}
}  // namespace

std::span<const api::ManagementRoute> mail_template_routes() { return table; }
}  // namespace argon::management::branch_auth
