#include "webhooks/event.hpp"

#include "crypto/encoding.hpp"

namespace argon::webhooks {
namespace {
struct Header {
    std::string_view kid;

    static void fields(auto& f, const auto& header) {
        f.required("alg", "EdDSA");
        f.required("typ", "JWS");
        f.required("kid", header.kid);
    }
};
}  // namespace

std::string sign(const crypto::Ed25519Key& key, std::string_view kid, std::string_view timestamp, std::string_view body) {
    const auto header = crypto::base64url_encode(json::encode(Header{kid}));
    const auto payload = crypto::base64url_encode(std::string{timestamp} + "." + crypto::base64url_encode(body));
    return header + ".." + crypto::base64url_encode(key.sign(header + "." + payload));
}
}  // namespace argon::webhooks
