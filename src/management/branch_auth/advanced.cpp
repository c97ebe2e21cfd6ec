// What hosted Neon fixes and a branch here may choose: the column `advanced`, in the column's own spelling. PATCH is a merge patch (RFC 7396): what is
// not sent stays, null brings the default back. Beyond hosted Neon's API.
#include "identity/branch_secrets.hpp"
#include "identity/settings.hpp"
#include "mail/templates.hpp"
#include "management/branch_auth/mail_words.hpp"
#include "management/branch_auth/settings_row.hpp"
#include "management/branch_auth/views.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint get, update;
extern const api::Description get_docs, update_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/advanced", get, &get_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/advanced", update, &update_docs},
};

constexpr std::size_t longest_secret = 1024;

/// Every setting with the value that counts. The imported secret is shown as there, and no more.
struct AdvancedView {
    identity::Advanced stored;

    static void fields(auto& f, const auto& view) { identity::Advanced::fields(f, view.stored); }
};

http::Response show(identity::Advanced advanced) {
    if (advanced.secret) advanced.secret = masked_password;
    return http::Response::json(200, AdvancedView{std::move(advanced)});
}

/// The body of PATCH: as the settings are, and each may be null.
json::Object with_null(json::Object schema) {
    if (auto* properties = schema.if_contains("properties")) {
        for (auto& property : properties->get_object()) {
            property.value() = json::Object{{"anyOf", json::Array{with_null(property.value().get_object()), json::Object{{"type", "null"}}}}};
        }
    }
    return schema;
}
json::Object describe_patch(json::Object& components) { return with_null(json::describe_taken<identity::Advanced>(components)); }

std::unexpected<Error> refuse_body(std::string_view issues) { return refuse_with({400, "", ""}, "invalid request: " + std::string{issues}); }

/// Seals the secret in the patch; the mask stands for the stored one.
Result<> take_secret(const api::ManagementContext& ctx, json::Object& body, const json::Value& stored) {
    auto* secret = body.if_contains("secret");
    if (!secret || !secret->is_string()) return {};
    const std::string_view text{secret->get_string()};
    if (text == masked_password) {
        const auto* kept = json::find(stored, "secret");
        if (!kept || !kept->is_string()) return refuse_body("[body.secret] Masked, but none is stored");
        body.erase("secret");
        return {};
    }
    if (json::utf16_length(text) > longest_secret) return refuse_body("[body.secret] Too big: expected string to have <=1024 characters");
    *secret = identity::seal_branch_secret(ctx.services.master_key, identity::imported_secret_place, text);
    return {};
}

/// Everything that is wrong with the patch by itself.
Result<json::Object> read_patch(const api::ManagementContext& ctx) {
    auto value = ctx.json_body();
    if (!value) return std::unexpected(value.error());
    identity::Advanced sent;
    auto* secret = value->is_object() ? value->get_object().if_contains("secret") : nullptr;
    // The mask is shorter than any secret.
    const bool is_masked = secret && secret->is_string() && std::string_view{secret->get_string()} == masked_password;
    if (is_masked) *secret = nullptr;
    auto issues = json::decode_patch(&*value, "body", sent);
    if (is_masked) *secret = masked_password;
    if (issues.empty()) issues = check_mail_words(sent.mailTemplates, "body.mailTemplates");
    if (!issues.empty()) return refuse_body(issues);
    return std::move(value->get_object());
}

constexpr api::Description get_docs = api::describe<void, AdvancedView>("getNeonAuthAdvancedConfig", "Show the settings that hosted Neon fixes");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    auto advanced = decode_column<identity::Advanced>("advanced", row->advanced);
    if (!advanced) co_return std::unexpected(advanced.error());
    co_return show(std::move(*advanced));
}

constexpr api::Description update_docs{.operation = "updateNeonAuthAdvancedConfig",
                                       .summary = "Change settings that hosted Neon fixes; null brings a default back",
                                       .body = &describe_patch,
                                       .reply = &json::describe_given<AdvancedView>};
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    auto body = read_patch(ctx);
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    const auto taken = take_secret(ctx, *body, change->row.advanced);
    if (!taken) co_return std::unexpected(taken.error());
    patch(change->row.advanced, json::Value(*body));
    // Together with what is stored: a field that SQL spoilt may be mended here, and is named as long as it is not.
    auto advanced = decode_column<identity::Advanced>("advanced", change->row.advanced);
    if (!advanced) co_return std::unexpected(advanced.error());
    if (const auto conflict = identity::find_conflict(*advanced)) co_return refuse_body(*conflict);
    co_await change->commit();
    co_return show(std::move(*advanced));
}
}  // namespace

std::span<const api::ManagementRoute> advanced_routes() { return table; }
}  // namespace argon::management::branch_auth
