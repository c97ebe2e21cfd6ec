#include "api/legacy_sign_in.hpp"

#include "api/redirects.hpp"
#include "base/log.hpp"
#include "mail/outbox.hpp"

namespace argon::api {
namespace {
bool is_loopback(std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

/// A pattern is taken apart by hand: with its wildcards it is no URL.
struct Pattern {
    std::string scheme;
    std::string host;
    std::string port;
};

std::optional<Pattern> parse_pattern(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return {};
    Pattern pattern{.scheme = http::to_lower(text.substr(0, colon)), .host = {}, .port = {}};
    auto authority = text.substr(colon + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    const auto port_at = authority.starts_with('[') ? authority.find("]:") : authority.find(':');
    if (port_at != std::string_view::npos) pattern.port = authority.substr(authority.starts_with('[') ? port_at + 2 : port_at + 1);
    pattern.host = http::to_lower(authority.substr(0, authority.starts_with('[') && port_at != std::string_view::npos ? port_at + 1 : port_at));
    if ((pattern.scheme == "https" && pattern.port == "443") || (pattern.scheme == "http" && pattern.port == "80")) pattern.port.clear();
    return pattern;
}

/// `*`: characters of one label; `**`: dots as well.
bool matches_host(std::string_view pattern, std::string_view host) {
    if (pattern.empty()) return host.empty();
    if (pattern.front() != '*') return !host.empty() && pattern.front() == host.front() && matches_host(pattern.substr(1), host.substr(1));
    const bool many = pattern.starts_with("**");
    const auto rest = pattern.substr(many ? 2 : 1);
    for (std::size_t taken = 0; taken <= host.size(); ++taken) {
        if (matches_host(rest, host.substr(taken))) return true;
        if (taken < host.size() && host[taken] == '.' && !many) return false;
    }
    return false;
}

std::string to_upper(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    return text;
}
}  // namespace

std::string legacy_api_url(const Services& services) { return services.addresses.public_url + "/api/v1"; }

std::string make_legacy_token(const LegacyContext& ctx, const legacy::User& user, const SessionId& session) {
    const auto issuer = legacy_api_url(ctx.services) + "/projects/" + ctx.project_id();
    return legacy::make_access_token(*ctx.keys, issuer, ctx.project_id(), user, session, ctx.now);
}

awaitable<std::optional<OpenedSession>> open_legacy_session(LegacyContext& ctx, pg::Executor& db, const legacy::User& user,
                                                            std::chrono::milliseconds life, bool is_impersonation) {
    const auto secret = legacy::make_secret();
    const legacy::NewSession order{.user_id = user.id, .token_hash = ctx.keys->hash(secret), .life = life, .is_impersonation = is_impersonation};
    const auto session = co_await legacy::insert_session(db, order, ctx.now);
    if (!session) co_return std::nullopt;
    if (!is_impersonation) co_await legacy::touch_user(db, user.id, ctx.now);
    co_return OpenedSession{make_legacy_token(ctx, user, session->id), secret, session->id};
}

Result<> check_legacy_password(std::string_view password) {
    if (json::utf16_length(password) < static_cast<std::size_t>(known::shortest_password)) return std::unexpected(known::password_too_short());
    if (password.size() > static_cast<std::size_t>(known::longest_password)) return std::unexpected(known::password_too_long());
    return {};
}

bool is_trusted_url(const branches::Integration& project, std::string_view url) {
    const auto parsed = http::parse_url(url);
    if (!parsed) return false;
    if (project.config.allow_localhost && is_loopback(parsed->host)) return true;
    for (const auto& domain : project.domains) {
        const auto pattern = parse_pattern(domain.domain);
        if (pattern && pattern->scheme == parsed->scheme && pattern->port == parsed->port && matches_host(pattern->host, parsed->host)) return true;
    }
    return false;
}

Result<> check_callback(const LegacyContext& ctx, std::string_view url) {
    if (!is_trusted_url(*ctx.project, url)) return refuse(known::redirect_not_whitelisted);
    return {};
}

Result<> check_verdict(legacy::CodeVerdict verdict) {
    switch (verdict) {
        case legacy::CodeVerdict::right: return {};
        case legacy::CodeVerdict::expired: return refuse(known::code_expired);
        case legacy::CodeVerdict::used: return refuse(known::code_already_used);
        case legacy::CodeVerdict::exhausted: return refuse(known::code_exhausted);
        case legacy::CodeVerdict::unknown: break;
    }
    return refuse(known::code_not_found);
}

awaitable<> send_legacy_mail(LegacyContext& ctx, pg::Executor& tx, LegacyMail mail) {
    mail::Order order{
        .kind = mail.kind, .to = mail.to, .code = {}, .url = with_parameter(mail.callback, "code", mail.code), .detail = mail.detail, .actor = {}};
    if (mail.shows_code) order.code = to_upper(mail.code.substr(0, legacy::typed_length));
    order.minutes = std::chrono::duration_cast<std::chrono::minutes>(mail.life).count();
    ctx.has_deliveries = true;
    const auto key = ctx.services.master_key.derive("outbox");
    const bool taken = co_await mail::enqueue(tx, key, ctx.branch->branch, order, ctx.now + mail.life, mail::Box::legacy);
    if (!taken) log::error("a mail was dropped: the outbox is full", {{"branch", ctx.branch->branch.value}, {"request", ctx.request_id}});
}

awaitable<> send_verification(LegacyContext& ctx, pg::Executor& tx, const UserId& user, const std::string& email, const std::string& callback) {
    const legacy::NewCode order{.purpose = code_purposes::verify_email, .user_id = user, .data = {{"email", email}}, .life = code_life};
    auto code = co_await legacy::insert_code(tx, *ctx.keys, order, ctx.now);
    LegacyMail mail{.kind = "verificationLink", .to = email, .callback = callback, .code = std::move(code), .life = code_life};
    co_await send_legacy_mail(ctx, tx, std::move(mail));
}

awaitable<Result<http::Response>> answer_check_code(LegacyContext& ctx, std::string_view purpose) {
    auto body = ctx.body<CodeBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto tried = co_await legacy::try_code(ctx.db(), *ctx.keys, purpose, body->code, false, ctx.now);
    const auto good = check_verdict(tried.verdict);
    if (!good) co_return std::unexpected(good.error());
    co_return http::Response::text(200, "application/json", R"({"is_code_valid":true})");
}
}  // namespace argon::api
