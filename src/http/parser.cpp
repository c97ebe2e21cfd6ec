#include "http/parser.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include "http/url.hpp"

namespace argon::http {
namespace {
namespace bhttp = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

std::string_view view(string_view text) { return {text.data(), text.size()}; }

Method to_method(bhttp::verb verb) {
    switch (verb) {
        case bhttp::verb::get: return Method::get;
        case bhttp::verb::head: return Method::head;
        case bhttp::verb::post: return Method::post;
        case bhttp::verb::put: return Method::put;
        case bhttp::verb::patch: return Method::patch;
        case bhttp::verb::delete_: return Method::delete_;
        case bhttp::verb::options: return Method::options;
        default: return Method::other;
    }
}

/// Beast forgives bare line feeds in places and unfolds folded lines; a proxy in front may read them otherwise (request smuggling).
bool has_clean_lines(std::string_view head) {
    for (std::size_t i = 0; i < head.size(); ++i) {
        const char c = head[i];
        if (c == '\0') return false;
        if (c == '\n' && (i == 0 || head[i - 1] != '\r')) return false;
        if (c != '\r') continue;
        if (i + 1 >= head.size() || head[i + 1] != '\n') return false;
        if (i + 2 < head.size() && (head[i + 2] == ' ' || head[i + 2] == '\t')) return false;
    }
    return true;
}

/// Fills a Request whose views look into `request.head`, which holds the whole header block before parsing begins.
class BeastParser : public bhttp::basic_parser<true> {
public:
    BeastParser(Request& request, std::size_t body_limit) : request_(request) {
        header_limit(UINT32_MAX);  // the block's size was checked before
        body_limit_ = body_limit;
        bhttp::basic_parser<true>::body_limit(body_limit);
        eager(true);
    }

    /// 11 for HTTP/1.1.
    int version() const { return version_; }

private:
    void on_request_impl(bhttp::verb verb, string_view, string_view target, int version, error_code&) override {
        version_ = version;
        request_.method = to_method(verb);
        request_.target = view(target);
    }
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(bhttp::field, string_view name, string_view value, error_code&) override { request_.fields.add(view(name), view(value)); }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override {
        if (length && *length > body_limit_) error = bhttp::error::body_limit;
        if (length && !error) request_.body.reserve(static_cast<std::size_t>(*length));
    }
    std::size_t on_body_impl(string_view part, error_code&) override { return append(part); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view part, error_code& error) override {
        if (request_.body.size() + part.size() > body_limit_) error = bhttp::error::body_limit;
        return error ? 0 : append(part);
    }
    void on_finish_impl(error_code&) override {}

    std::size_t append(string_view part) {
        request_.body.append(part.data(), part.size());
        return part.size();
    }

    Request& request_;
    std::size_t body_limit_;
    int version_ = 11;
};

/// An absolute-form target must name the host of the Host field (RFC 9112, 3.2.2); afterwards only path and query are left.
Result<> reduce_target(Request& request) {
    if (request.target.starts_with('/') || request.target == "*") return {};
    const auto url = parse_url(request.target);
    if (!url) return refuse(errors::bad_request);
    const auto authority_start = request.target.find("://") + 3;
    const auto path_start = std::min(request.target.find_first_of("/?#", authority_start), request.target.size());
    if (!equal_ignoring_case(request.target.substr(authority_start, path_start - authority_start), request.host)) return refuse(errors::misdirected);
    request.target = path_start < request.target.size() ? request.target.substr(path_start) : "/";
    return {};
}
}  // namespace

struct Parser::State {
    Limits limits;
    Request request;
    std::string head;  // the block while it is still arriving
    std::optional<BeastParser> beast;

    Result<std::size_t> feed_head(std::string_view input);
    Result<> parse_head();
    Result<> check_head();
    Result<std::size_t> feed_body(std::string_view input);
};

Parser::Parser(const Limits& limits) : state_(std::make_unique<State>()) { state_->limits = limits; }
Parser::~Parser() = default;

void Parser::reset() {
    auto& state = *state_;
    state.beast.reset();
    state.head.clear();
    state.request.fields.clear();
    std::string{}.swap(state.request.body);  // gives the memory back, too
}

Result<std::size_t> Parser::feed(std::string_view input) { return has_head() ? state_->feed_body(input) : state_->feed_head(input); }
bool Parser::has_head() const { return state_->beast.has_value(); }
bool Parser::is_complete() const { return has_head() && state_->beast->is_done(); }
bool Parser::keep_alive() const { return state_->beast->keep_alive(); }
bool Parser::takes_chunks() const { return state_->beast->version() >= 11; }
bool Parser::expects_continue() const { return equal_ignoring_case(state_->request.fields.get("Expect"), "100-continue"); }
Request& Parser::request() { return state_->request; }

Result<std::size_t> Parser::State::feed_head(std::string_view input) {
    const auto before = head.size();
    head.append(input.substr(0, std::min(input.size(), limits.head + 1 - std::min(before, limits.head))));
    // Robustness of RFC 9112, 2.2: an empty line before the request line is skipped.
    if (head.starts_with("\r\n")) {
        head.clear();
        return 2 - before;
    }
    const auto end = head.find("\r\n\r\n", before < 3 ? 0 : before - 3);
    if (end == std::string::npos) {
        if (head.size() > limits.target && head.find("\r\n") == std::string::npos) return refuse(errors::target_too_long);
        if (head.size() > limits.head) return refuse(errors::head_too_large);
        if (!has_clean_lines(std::string_view{head}.substr(0, head.size() - (head.ends_with('\r') ? 1 : 0)))) return refuse(errors::bad_request);
        return input.size();
    }
    head.resize(end + 4);
    if (auto parsed = parse_head(); !parsed) return std::unexpected(parsed.error());
    return end + 4 - before;
}

Result<> Parser::State::parse_head() {
    if (!has_clean_lines(head)) return refuse(errors::bad_request);
    request.head.swap(head);  // the buffers take turns, so a connection keeps their capacity
    head.clear();
    beast.emplace(request, limits.body);
    error_code error;
    beast->put(boost::asio::buffer(request.head), error);
    if (error == bhttp::error::body_limit) return refuse(errors::body_too_large);
    if (error && error != bhttp::error::need_more) return refuse(errors::bad_request, error.message());
    if (!beast->is_header_done()) return refuse(errors::bad_request);
    return check_head();
}

Result<> Parser::State::check_head() {
    if (request.fields.size() > limits.fields) return refuse(errors::head_too_large);
    if (request.target.size() > limits.target) return refuse(errors::target_too_long);
    const auto hosts = request.fields.count("Host");
    request.host = request.fields.get("Host");
    if (hosts > 1 || (hosts == 0 && beast->version() >= 11)) return refuse(errors::bad_host);
    if (hosts == 1 && !is_valid_host(request.host)) return refuse(errors::bad_host);
    if (request.fields.count("Content-Length") > 1 || request.fields.count("Transfer-Encoding") > 1) return refuse(errors::bad_request);
    const auto coding = request.fields.find("Transfer-Encoding");
    if (coding && (!equal_ignoring_case(*coding, "chunked") || request.fields.find("Content-Length") || beast->version() < 11))
        return refuse(errors::bad_request);
    if (auto reduced = reduce_target(request); !reduced) return reduced;
    const auto question = std::min(request.target.find('?'), request.target.size());
    request.path = request.target.substr(0, question);
    request.query = question < request.target.size() ? request.target.substr(question + 1) : std::string_view{};
    return {};
}

Result<std::size_t> Parser::State::feed_body(std::string_view input) {
    std::size_t used = 0;
    while (used < input.size() && !beast->is_done()) {
        error_code error;
        const auto taken = beast->put(boost::asio::buffer(input.data() + used, input.size() - used), error);
        used += taken;
        if (error == bhttp::error::need_more) break;
        if (error == bhttp::error::body_limit) return refuse(errors::body_too_large);
        if (error) return refuse(errors::bad_request, error.message());
        if (taken == 0) break;
    }
    return used;
}
}  // namespace argon::http
