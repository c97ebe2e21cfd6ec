#include "crypto/jwk.hpp"

#include <map>

#include <fmt/format.h>

#include "crypto/encoding.hpp"
#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
constexpr std::size_t jwk_limit = 4096;

/// One flat object whose members are strings without escapes: all that a key needs.
class FlatObject {
public:
    static std::optional<FlatObject> parse(std::string_view json) {
        FlatObject object;
        object.rest_ = json;
        if (!object.read_members() || !object.at_end()) return std::nullopt;
        return object;
    }

    std::string_view operator[](std::string_view name) const {
        const auto member = members_.find(name);
        return member == members_.end() ? std::string_view{} : member->second;
    }

private:
    bool read_members() {
        if (!take('{')) return false;
        do {
            const auto name = read_string();
            if (!name || !take(':')) return false;
            const auto value = read_string();
            if (!value || !members_.emplace(*name, *value).second) return false;
        } while (take(','));
        return take('}');
    }

    std::optional<std::string_view> read_string() {
        if (!take('"')) return std::nullopt;
        const std::size_t end = rest_.find('"');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view text = rest_.substr(0, end);
        if (text.contains('\\')) return std::nullopt;
        rest_.remove_prefix(end + 1);
        return text;
    }

    bool take(char expected) {
        skip_space();
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool at_end() {
        skip_space();
        return rest_.empty();
    }

    void skip_space() {
        const std::size_t start = rest_.find_first_not_of(" \t\r\n");
        rest_.remove_prefix(start == std::string_view::npos ? rest_.size() : start);
    }

    std::string_view rest_;
    std::map<std::string_view, std::string_view> members_;
};
}  // namespace

std::string public_jwk_json(std::string_view public_key, std::string_view kid) {
    return fmt::format(R"({{"alg":"EdDSA","crv":"Ed25519","x":"{}","kty":"OKP","kid":{}}})", base64url_encode(public_key), json_quote(kid));
}

std::string private_jwk_json(const Ed25519Key& key) {
    return fmt::format(R"({{"crv":"Ed25519","d":"{}","x":"{}","kty":"OKP"}})", base64url_encode(key.seed()), base64url_encode(key.public_key()));
}

std::optional<Ed25519Key> parse_private_jwk(std::string_view json) {
    if (json.size() > jwk_limit) return std::nullopt;
    const auto jwk = FlatObject::parse(json);
    if (!jwk || (*jwk)["kty"] != "OKP" || (*jwk)["crv"] != "Ed25519") return std::nullopt;

    auto seed = base64url_decode((*jwk)["d"]);
    if (!seed) return std::nullopt;
    auto key = Ed25519Key::from_seed(*seed);
    wipe(*seed);
    // Signing with another key's public half would give the seed away.
    if (!key || (*jwk)["x"] != base64url_encode(key->public_key())) return std::nullopt;
    return key;
}

std::string json_quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted.push_back('\\');
            quoted.push_back(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            quoted += fmt::format("\\u{:04x}", c);
        } else {
            quoted.push_back(c);
        }
    }
    quoted.push_back('"');
    return quoted;
}
}  // namespace argon::crypto
