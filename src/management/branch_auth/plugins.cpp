// Optional features: organizations, magic links, phone numbers. GET plugins shows them together with all other settings.
#include "management/branch_auth/views.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint get_all, update_organization, update_magic_link, get_phone_number, update_phone_number;
extern const api::Description get_all_docs, update_organization_docs, update_magic_link_docs, get_phone_number_docs, update_phone_number_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/plugins", get_all, &get_all_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/plugins/organization", update_organization, &update_organization_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/plugins/magic-link", update_magic_link, &update_magic_link_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/plugins/phone-number", get_phone_number, &get_phone_number_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/plugins/phone-number", update_phone_number, &update_phone_number_docs},
};

// ---- changes: `fields` as the body has them, `config` as the column does; what is absent stays as it is ----

struct OrganizationChange {
    std::optional<bool> enabled;
    std::optional<std::int64_t> organization_limit;
    std::optional<std::int64_t> membership_limit;
    std::optional<std::string> creator_role;
    std::optional<bool> send_invitation_email;

    static void fields(auto& f, auto& change) {
        f.optional("enabled", change.enabled);
        f.optional("organization_limit", change.organization_limit, identity::positive);
        f.optional("membership_limit", change.membership_limit, identity::positive);
        f.optional("creator_role", change.creator_role, json::one_of{{"admin", "owner"}});
        f.optional("send_invitation_email", change.send_invitation_email);
    }
    static void config(auto& f, const auto& change) {
        f.optional("organizationLimit", change.organization_limit);
        f.optional("membershipLimit", change.membership_limit);
        f.optional("creatorRole", change.creator_role);
        f.optional("sendInvitationEmail", change.send_invitation_email);
    }
};

struct MagicLinkChange {
    std::optional<bool> enabled;
    std::optional<std::int64_t> expires_in;
    std::optional<bool> disable_sign_up;

    static void fields(auto& f, auto& change) {
        f.optional("enabled", change.enabled);
        f.optional("expires_in", change.expires_in, json::range{5, 1440});
        f.optional("disable_sign_up", change.disable_sign_up);
    }
    static void config(auto& f, const auto& change) {
        f.optional("expiresIn", change.expires_in);
        f.optional("disableSignUp", change.disable_sign_up);
    }
};

struct PhoneNumberChange {
    std::optional<bool> enabled;
    std::optional<std::int64_t> otp_expires_in;

    static void fields(auto& f, auto& change) {
        f.optional("enabled", change.enabled);
        f.optional("otp_expires_in", change.otp_expires_in, json::range{60, 600});
    }
    static void config(auto& f, const auto& change) { f.optional("otp_expires_in", change.otp_expires_in); }
};

template <class Change>
struct ColumnConfig {
    const Change& change;

    static void fields(auto& f, const auto& column) { Change::config(f, column.change); }
};

/// `{"organization": {"enabled": ..., "config": {...}}}`
template <class Change>
struct ColumnPlugin {
    const Change& change;

    static void fields(auto& f, const auto& column) {
        f.optional("enabled", column.change.enabled);
        f.required("config", ColumnConfig<Change>{column.change});
    }
};

struct AllView {
    identity::PluginConfigs plugins;
    EmailProviderView email_provider;
    identity::EmailAndPassword email_and_password;
    std::vector<OauthProviderView> oauth_providers;
    bool allow_localhost;

    static void fields(auto& f, const auto& view) {
        f.required("organization", OrganizationView{view.plugins.organization});
        f.required("magic_link", MagicLinkView{view.plugins.magicLink});
        f.required("phone_number", PhoneNumberView{view.plugins.phoneNumber});
        f.required("email_provider", view.email_provider);
        f.required("email_and_password", EmailAndPasswordView{view.email_and_password});
        f.required("oauth_providers", view.oauth_providers);
        f.required("allow_localhost", view.allow_localhost);
    }
};

constexpr api::Description get_all_docs = api::describe<void, AllView>("getNeonAuthPluginConfigs", "Show all settings together");
awaitable<Result<http::Response>> get_all(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto plugins = decode_plugins(*row);
    if (!plugins) co_return std::unexpected(plugins.error());
    const auto email_provider = decode_email_provider(*row);
    if (!email_provider) co_return std::unexpected(email_provider.error());
    const auto email_and_password = decode_email_and_password(*row);
    if (!email_and_password) co_return std::unexpected(email_and_password.error());
    const auto providers = decode_social_providers(*row);
    if (!providers) co_return std::unexpected(providers.error());
    AllView view{*plugins, make_view(*email_provider), *email_and_password, {}, row->allow_localhost};
    for (const auto& provider : *providers) view.oauth_providers.push_back({provider});
    co_return http::Response::json(200, view);
}

/// The plugins after a change of the one called `member`.
template <class Change>
awaitable<Result<identity::PluginConfigs>> change_plugin(api::ManagementContext& ctx, std::string_view member) {
    const auto body = ctx.body<Change>();
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    json::Object plugin;
    plugin[std::string{member}] = to_value(ColumnPlugin<Change>{*body});
    merge(change->row.plugin_configs, plugin);
    auto plugins = decode_plugins(change->row);
    if (!plugins) co_return std::unexpected(plugins.error());
    co_await change->commit();
    co_return std::move(*plugins);
}

constexpr api::Description update_organization_docs =
    api::describe<OrganizationChange, OrganizationView>("updateNeonAuthOrganizationPlugin", "Change the organization plugin");
awaitable<Result<http::Response>> update_organization(api::ManagementContext& ctx) {
    const auto plugins = co_await change_plugin<OrganizationChange>(ctx, "organization");
    if (!plugins) co_return std::unexpected(plugins.error());
    co_return http::Response::json(200, OrganizationView{plugins->organization});
}

constexpr api::Description update_magic_link_docs =
    api::describe<MagicLinkChange, MagicLinkView>("updateNeonAuthMagicLinkPlugin", "Change the magic-link plugin");
awaitable<Result<http::Response>> update_magic_link(api::ManagementContext& ctx) {
    const auto plugins = co_await change_plugin<MagicLinkChange>(ctx, "magicLink");
    if (!plugins) co_return std::unexpected(plugins.error());
    co_return http::Response::json(200, MagicLinkView{plugins->magicLink});
}

constexpr api::Description get_phone_number_docs =
    api::describe<void, PhoneNumberView>("getNeonAuthPhoneNumberPlugin", "Show the phone-number plugin");
awaitable<Result<http::Response>> get_phone_number(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto plugins = decode_plugins(*row);
    if (!plugins) co_return std::unexpected(plugins.error());
    co_return http::Response::json(200, PhoneNumberView{plugins->phoneNumber});
}

constexpr api::Description update_phone_number_docs =
    api::describe<PhoneNumberChange, PhoneNumberView>("updateNeonAuthPhoneNumberPlugin", "Change the phone-number plugin");
awaitable<Result<http::Response>> update_phone_number(api::ManagementContext& ctx) {
    const auto plugins = co_await change_plugin<PhoneNumberChange>(ctx, "phoneNumber");
    if (!plugins) co_return std::unexpected(plugins.error());
    co_return http::Response::json(200, PhoneNumberView{plugins->phoneNumber});
}
}  // namespace

std::span<const api::ManagementRoute> plugin_routes() { return table; }
}  // namespace argon::management::branch_auth
