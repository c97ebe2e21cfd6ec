// Sign-up and sign-in with a password: on or off, and what the branch wants of an address before it believes it.
#include "management/branch_auth/views.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint get, update;
extern const api::Description get_docs, update_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/email_and_password", get, &get_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/email_and_password", update, &update_docs},
};

/// What is absent stays as it is.
struct Change {
    std::optional<bool> enabled;
    std::optional<std::string> email_verification_method;
    std::optional<bool> require_email_verification;
    std::optional<bool> auto_sign_in_after_verification;
    std::optional<bool> send_verification_email_on_sign_up;
    std::optional<bool> send_verification_email_on_sign_in;
    std::optional<bool> disable_sign_up;

    static void fields(auto& f, auto& change) {
        f.optional("enabled", change.enabled);
        f.optional("email_verification_method", change.email_verification_method, json::one_of{{"link", "otp"}});
        f.optional("require_email_verification", change.require_email_verification);
        f.optional("auto_sign_in_after_verification", change.auto_sign_in_after_verification);
        f.optional("send_verification_email_on_sign_up", change.send_verification_email_on_sign_up);
        f.optional("send_verification_email_on_sign_in", change.send_verification_email_on_sign_in);
        f.optional("disable_sign_up", change.disable_sign_up);
    }
};

/// The change in the column's spelling.
struct ColumnChange {
    const Change& change;

    static void fields(auto& f, const auto& column) {
        f.optional("enabled", column.change.enabled);
        f.optional("emailVerificationMethod", column.change.email_verification_method);
        f.optional("requireEmailVerification", column.change.require_email_verification);
        f.optional("autoSignInAfterVerification", column.change.auto_sign_in_after_verification);
        f.optional("sendVerificationEmailOnSignUp", column.change.send_verification_email_on_sign_up);
        f.optional("sendVerificationEmailOnSignIn", column.change.send_verification_email_on_sign_in);
        f.optional("disableSignUp", column.change.disable_sign_up);
    }
};

constexpr api::Description get_docs =
    api::describe<void, EmailAndPasswordView>("getNeonAuthEmailAndPasswordConfig", "Show the rules of sign-in with a password");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto stored = decode_email_and_password(*row);
    if (!stored) co_return std::unexpected(stored.error());
    co_return http::Response::json(200, EmailAndPasswordView{*stored});
}

constexpr api::Description update_docs =
    api::describe<Change, EmailAndPasswordView>("updateNeonAuthEmailAndPasswordConfig", "Change the rules of sign-in with a password");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<Change>();
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    merge(change->row.email_and_password, to_value(ColumnChange{*body}));
    const auto stored = decode_email_and_password(change->row);
    if (!stored) co_return std::unexpected(stored.error());
    co_await change->commit();
    co_return http::Response::json(200, EmailAndPasswordView{*stored});
}
}  // namespace

std::span<const api::ManagementRoute> email_and_password_routes() { return table; }
}  // namespace argon::management::branch_auth
