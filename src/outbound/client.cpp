#include "outbound/client.hpp"

#include <algorithm>
#include <charconv>

#include "outbound/multi.hpp"

namespace argon::outbound {
namespace {
using namespace std::chrono_literals;

constexpr std::size_t max_head = 32 * 1024;
/// Name, connection and encryption. A resolver or host that is silent must not eat the time of all attempts.
constexpr std::chrono::milliseconds connect_timeout = 3s;
/// To a mail server libcurl counts greeting, encryption and sign-in as well; some greet late on purpose.
constexpr std::chrono::milliseconds mail_connect_timeout = 20s;

/// What every transfer has in common. Each line is a hole when it is missing: environment proxies, signals, .netrc, endless waits.
void secure(Transfer& transfer, const Config& config, std::chrono::milliseconds timeout, std::chrono::milliseconds to_connect,
            const char* protocols) {
    transfer.set(CURLOPT_PROTOCOLS_STR, protocols);
    transfer.set(CURLOPT_REDIR_PROTOCOLS_STR, "");
    transfer.set(CURLOPT_FOLLOWLOCATION, 0L);
    transfer.set(CURLOPT_PROXY, "");
    transfer.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    transfer.set(CURLOPT_NOSIGNAL, 1L);
    // On a connection that was kept and broke, libcurl would silently send everything once more.
    transfer.set(CURLOPT_FRESH_CONNECT, 1L);
    transfer.set(CURLOPT_FORBID_REUSE, 1L);
    // A resolver that hangs must not hold the loop when its transfer is over.
    transfer.set(CURLOPT_QUICK_EXIT, 1L);
    transfer.set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    transfer.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(timeout, to_connect).count()));
    transfer.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!config.ca_file.empty()) transfer.set(CURLOPT_CAINFO, config.ca_file.c_str());
}

Failure classify(const Transfer& transfer) {
    if (transfer.result == CURLE_OK) return Failure::none;
    if (transfer.address_refused) return Failure::address;
    switch (transfer.result) {
        case CURLE_OPERATION_TIMEDOUT: return Failure::timeout;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_USE_SSL_FAILED: return Failure::tls;
        case CURLE_LOGIN_DENIED: return Failure::refused;
        default: return Failure::network;
    }
}

std::string describe(const Transfer& transfer) {
    return transfer.address_refused ? "the address is not allowed: it belongs to an internal network" : transfer.reason();
}

struct Download {
    std::string body;
    std::size_t limit;
    std::size_t head = 0;
    bool too_large = false;

    static std::size_t on_body(const char* data, std::size_t, std::size_t size, void* self) {
        auto& download = *static_cast<Download*>(self);
        if (download.body.size() + size > download.limit) return download.too_large = true, std::size_t{0};
        download.body.append(data, size);
        return size;
    }
    static std::size_t on_head(const char*, std::size_t, std::size_t size, void* self) {
        auto& download = *static_cast<Download*>(self);
        download.head += size;
        if (download.head > max_head) return download.too_large = true, std::size_t{0};
        return size;
    }
};

/// The dialogue with a mail server, of which only the last reply and the command it answers are kept: commands hold passwords.
struct Dialogue {
    const std::string& message;
    std::size_t sent = 0;
    bool leaving = false;
    std::string verb;
    std::string reply;
    int code = 0;

    static std::size_t on_read(char* buffer, std::size_t, std::size_t room, void* self) {
        auto& dialogue = *static_cast<Dialogue*>(self);
        const auto count = std::min(room, dialogue.message.size() - dialogue.sent);
        std::copy_n(dialogue.message.data() + dialogue.sent, count, buffer);
        dialogue.sent += count;
        return count;
    }

    static int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
        auto& dialogue = *static_cast<Dialogue*>(self);
        // After a refusal libcurl takes its leave; the answer to that is not what matters.
        if (type == CURLINFO_HEADER_OUT) {
            const std::string_view command{data, size};
            dialogue.leaving = command.starts_with("QUIT");
            if (!dialogue.leaving) dialogue.verb = command.substr(0, 4);
        } else if (type == CURLINFO_HEADER_IN && !dialogue.leaving) {
            dialogue.hear({data, size});
        }
        return 0;
    }

    void hear(std::string_view line) {
        constexpr std::size_t longest = 300;
        while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
        reply = line.substr(0, longest);
        for (char& c : reply) {
            if (c < 0x20 || c > 0x7e) c = '?';
        }
        int heard = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + std::min<std::size_t>(line.size(), 3), heard);
        if (error == std::errc{} && end == line.data() + 3) code = heard;
    }

    bool was_refused() const { return code >= 400; }
    /// Who is not there today will not be there tomorrow. Other refusals may end when somebody mends the server or its settings.
    bool is_final() const { return code >= 500 && (verb == "RCPT" || verb == "DATA"); }
};

bool set_url(Transfer& transfer, const std::string& url) {
    const bool valid = curl_url_set(transfer.url, CURLUPART_URL, url.c_str(), CURLU_DISALLOW_USER) == CURLUE_OK;
    if (valid) transfer.set(CURLOPT_CURLU, transfer.url);
    return valid;
}

bool set_server(Transfer& transfer, const Mail& mail) {
    const auto port = std::to_string(mail.port);
    const bool is_v6 = mail.host.find(':') != std::string::npos && !mail.host.starts_with('[');
    const auto host = is_v6 ? "[" + mail.host + "]" : mail.host;
    const auto* scheme = mail.encryption == Encryption::implicit ? "smtps" : "smtp";
    // The path is the name given in EHLO.
    const bool valid = curl_url_set(transfer.url, CURLUPART_SCHEME, scheme, 0) == CURLUE_OK &&
                       curl_url_set(transfer.url, CURLUPART_HOST, host.c_str(), 0) == CURLUE_OK &&
                       curl_url_set(transfer.url, CURLUPART_PORT, port.c_str(), 0) == CURLUE_OK &&
                       curl_url_set(transfer.url, CURLUPART_PATH, "/argonauth", 0) == CURLUE_OK;
    if (valid) transfer.set(CURLOPT_CURLU, transfer.url);
    return valid;
}

void set_encryption(Transfer& transfer, Encryption encryption) {
    const bool opportunistic = encryption == Encryption::opportunistic;
    transfer.set(CURLOPT_USE_SSL, static_cast<long>(opportunistic ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (!opportunistic) return;
    transfer.set(CURLOPT_SSL_VERIFYPEER, 0L);
    transfer.set(CURLOPT_SSL_VERIFYHOST, 0L);
}

/// Nothing that could end a command or begin another.
bool is_bare_address(std::string_view address) {
    const auto bad = [](char c) { return c <= 0x20 || c >= 0x7f || c == '<' || c == '>'; };
    return !address.empty() && address.size() <= 320 && std::ranges::none_of(address, bad);
}
}  // namespace

class Client::Impl {
public:
    Impl(asio::io_context& loop, const Config& settings) : io(loop), config(settings), multi(loop, config.addresses) {}

    asio::io_context& io;
    Config config;
    Multi multi;
};

Client::Client(asio::io_context& io, const Config& config) : impl_(std::make_unique<Impl>(io, config)) {}
Client::~Client() = default;

awaitable<HttpAnswer> Client::post(HttpRequest request) { return transfer(std::move(request), true); }
awaitable<HttpAnswer> Client::get(HttpRequest request) { return transfer(std::move(request), false); }

awaitable<HttpAnswer> Client::transfer(HttpRequest request, bool sends_body) {
    const auto transfer = std::make_shared<Transfer>(impl_->io);
    secure(*transfer, impl_->config, request.timeout, connect_timeout, request.allow_plain_http ? "http,https" : "https");
    if (!set_url(*transfer, request.url)) co_return HttpAnswer{.failure = Failure::network, .reason = "the URL cannot be used"};
    for (const auto& line : request.headers) transfer->add_header(line);
    transfer->add_header("Expect:");  // no pause before the body
    Download download{.body = {}, .limit = request.max_answer};
    transfer->set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    transfer->set(CURLOPT_USERAGENT, "Argonauth");
    transfer->set(CURLOPT_HTTPHEADER, transfer->lines);
    if (sends_body) {
        transfer->set(CURLOPT_POST, 1L);
        transfer->set(CURLOPT_POSTFIELDS, request.body.data());
        transfer->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    transfer->set(CURLOPT_WRITEFUNCTION, &Download::on_body);
    transfer->set(CURLOPT_WRITEDATA, &download);
    transfer->set(CURLOPT_HEADERFUNCTION, &Download::on_head);
    transfer->set(CURLOPT_HEADERDATA, &download);

    co_await impl_->multi.run(transfer);
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    HttpAnswer answer{.failure = classify(*transfer), .status = static_cast<int>(status), .body = std::move(download.body)};
    if (download.too_large) answer.failure = Failure::too_large;
    if (answer.failure != Failure::none) answer.reason = download.too_large ? "the answer is too large" : describe(*transfer);
    co_return answer;
}

awaitable<MailAnswer> Client::send(Mail mail) {
    const auto transfer = std::make_shared<Transfer>(impl_->io);
    secure(*transfer, impl_->config, mail.timeout, mail_connect_timeout, "smtp,smtps");
    if (!is_bare_address(mail.to)) co_return MailAnswer{.failure = Failure::refused, .reason = "the recipient is no mail address", .permanent = true};
    if (!is_bare_address(mail.from)) co_return MailAnswer{.failure = Failure::refused, .reason = "the sender is no mail address"};
    if (!set_server(*transfer, mail)) co_return MailAnswer{.failure = Failure::network, .reason = "the server's name cannot be used"};
    set_encryption(*transfer, mail.encryption);
    Dialogue dialogue{.message = mail.message};
    if (!mail.username.empty()) {
        transfer->set(CURLOPT_USERNAME, mail.username.c_str());
        transfer->set(CURLOPT_PASSWORD, mail.password.c_str());
        transfer->set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }
    transfer->set(CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
    transfer->add_header("<" + mail.to + ">");
    transfer->set(CURLOPT_MAIL_RCPT, transfer->lines);
    transfer->set(CURLOPT_UPLOAD, 1L);
    transfer->set(CURLOPT_READFUNCTION, &Dialogue::on_read);
    transfer->set(CURLOPT_READDATA, &dialogue);
    transfer->set(CURLOPT_VERBOSE, 1L);
    transfer->set(CURLOPT_DEBUGFUNCTION, &Dialogue::on_debug);
    transfer->set(CURLOPT_DEBUGDATA, &dialogue);

    co_await impl_->multi.run(transfer);
    MailAnswer answer{.failure = classify(*transfer)};
    if (answer.failure == Failure::none) co_return answer;
    if (dialogue.was_refused()) answer.failure = Failure::refused;
    answer.reason = dialogue.was_refused() ? dialogue.reply : describe(*transfer);
    answer.permanent = dialogue.was_refused() && dialogue.is_final();
    co_return answer;
}
}  // namespace argon::outbound
