#include "api/delivery.hpp"

#include <stdexcept>

#include "identity/branch_secrets.hpp"
#include "mail/templates.hpp"

namespace argon::api {
namespace {
constexpr std::string_view phone_kind = "phoneCode";

std::vector<std::unique_ptr<outbound::Client>> make_clients(IoThreads& threads, const outbound::Config& config) {
    std::vector<std::unique_ptr<outbound::Client>> clients;
    for (std::size_t i = 0; i < threads.size(); ++i) clients.push_back(std::make_unique<outbound::Client>(threads.io(i), config));
    return clients;
}

std::string open_password(const crypto::MasterKey& master_key, const std::string& stored) {
    auto password = identity::open_branch_secret(master_key, identity::email_password_place, stored);
    if (!password) throw std::runtime_error("neon_auth.project_config.email_provider.password cannot be opened with this master key");
    return std::move(*password);
}

const identity::MailTemplate* find_template(const identity::MailTemplates& templates, std::string_view kind) {
    if (kind == "signInCode") return &templates.signInCode;
    if (kind == "verificationCode") return &templates.verificationCode;
    if (kind == "resetCode") return &templates.resetCode;
    if (kind == "phoneCode") return &templates.phoneCode;
    if (kind == "verificationLink") return &templates.verificationLink;
    if (kind == "resetLink") return &templates.resetLink;
    if (kind == "magicLink") return &templates.magicLink;
    if (kind == "changeEmailLink") return &templates.changeEmailLink;
    if (kind == "deleteAccountLink") return &templates.deleteAccountLink;
    return kind == "invitation" ? &templates.invitation : nullptr;
}

mail::Rendered render(const identity::Settings& settings, const mail::Order& order) {
    mail::Override words;
    if (const auto* own = find_template(settings.advanced.mailTemplates, order.kind)) words = {own->subject, own->text, own->html};
    return mail::render(order, settings.application_name, words);
}
}  // namespace

/// The operator's own server may stand anywhere; what a branch names goes through the operator's rules.
Delivery::Delivery(IoThreads& threads, DeliveryConfig config)
    : threads_(threads),
      config_(std::move(config)),
      clients_(make_clients(threads, config_.outbound)),
      operator_clients_(make_clients(threads, {outbound::AddressPolicy{"loopback,private"}, config_.outbound.ca_file})),
      drains_(threads.size()) {}

outbound::Client& Delivery::way_to(const identity::EmailProvider& provider) const {
    return provider.type == "standard" ? client() : *operator_clients_[IoThreads::current_index()];
}

std::optional<mail::Server> Delivery::choose_server(const Services& services, const identity::EmailProvider& provider,
                                                    const std::string& application_name) const {
    if (provider.type != "standard") {
        auto server = config_.shared_server;
        if (server && server->from.name.empty()) server->from.name = application_name;
        return server;
    }
    const auto port = static_cast<std::uint16_t>(provider.port);
    return mail::Server{.host = provider.host,
                        .port = port,
                        .encryption = mail::choose_encryption(provider.security, provider.host, port, addresses().allows_loopback()),
                        .username = provider.username,
                        .password = Secret<>{open_password(services.master_key, provider.password)},
                        .from = {provider.senderEmail, provider.senderName.empty() ? application_name : provider.senderName}};
}

webhooks::Target Delivery::make_target(const identity::Settings& settings, const identity::SigningKeys& keys) const {
    return {.url = settings.webhook.webhookUrl,
            .timeout = std::chrono::seconds{settings.webhook.timeoutSeconds},
            .allow_plain_http = webhooks::allows_plain_http(settings.webhook.webhookUrl, addresses()),
            .key = keys.signer.key(),
            .kid = keys.kid};
}

void Delivery::put_in_mailbox(const BranchId& branch, const mail::Order& order, mail::Rendered words) {
    const bool by_phone = order.kind == phone_kind;
    mailbox_.add({.received_at = now(),
                  .channel = by_phone ? "sms" : "email",
                  .kind = order.kind,
                  .branch = branch.value,
                  .from = {},
                  .to = order.to,
                  .subject = std::move(words.subject),
                  .text = std::move(words.text),
                  .html = by_phone ? std::string{} : std::move(words.html),
                  .code = order.code.empty() ? std::nullopt : std::optional{order.code},
                  .link = order.url.empty() ? std::nullopt : std::optional{order.url}});
}

awaitable<outbound::MailAnswer> Delivery::post(const Services& services, const identity::Settings& settings, const BranchId& branch,
                                               const mail::Order& order, const std::string& id, TimePoint created_at) {
    auto words = render(settings, order);
    const bool by_phone = order.kind == phone_kind;
    const auto server = by_phone ? std::nullopt : choose_server(services, settings.email_provider, settings.application_name);
    if (server) {
        const mail::Message message{.id = id,
                                    .from = server->from,
                                    .to = order.to,
                                    .subject = std::move(words.subject),
                                    .text = std::move(words.text),
                                    .html = std::move(words.html),
                                    .date = created_at};
        co_return co_await mail::send(way_to(settings.email_provider), *server, message);
    }
    if (!config_.keeps_mailbox) co_return outbound::MailAnswer{.failure = outbound::Failure::refused, .reason = "no mail server is configured"};
    put_in_mailbox(branch, order, std::move(words));
    co_return outbound::MailAnswer{};
}

awaitable<std::optional<std::string>> Delivery::send_test(const Services& services, const identity::EmailProvider& provider,
                                                          std::string application_name, std::string to) {
    const auto server = choose_server(services, provider, application_name);
    if (!server && !config_.keeps_mailbox) co_return "no mail server is configured";
    if (server) co_return co_await mail::send_test(way_to(provider), *server, to, application_name);
    auto words = mail::render_test(application_name);
    put_in_mailbox({}, {.kind = "test", .to = to, .code = {}, .url = {}, .detail = {}, .actor = {}}, std::move(words));
    co_return std::nullopt;
}
}  // namespace argon::api
