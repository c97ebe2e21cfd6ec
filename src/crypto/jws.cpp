#include "crypto/jws.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto/ed25519.hpp"
#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
constexpr std::size_t longest_member = 2048;
constexpr std::size_t longest_token = 64 * 1024;

struct Algorithm {
    std::string_view name;
    std::string_view kty;
    std::string_view curve;    // the JWK's name
    const char* group;         // OpenSSL's name
    const char* digest;
    std::size_t coordinate;    // bytes
};
constexpr Algorithm algorithms[] = {
    {"RS256", "RSA", "", nullptr, "SHA256", 0},      {"RS384", "RSA", "", nullptr, "SHA384", 0},      {"RS512", "RSA", "", nullptr, "SHA512", 0},
    {"PS256", "RSA", "", nullptr, "SHA256", 0},      {"PS384", "RSA", "", nullptr, "SHA384", 0},      {"PS512", "RSA", "", nullptr, "SHA512", 0},
    {"ES256", "EC", "P-256", "P-256", "SHA256", 32}, {"ES384", "EC", "P-384", "P-384", "SHA384", 48}, {"ES512", "EC", "P-521", "P-521", "SHA512", 66},
    {"EdDSA", "OKP", "Ed25519", nullptr, "", 32},
};

/// By the key's own `alg`, else the first that fits its type and curve.
const Algorithm* find_algorithm(const PublicJwk& jwk) {
    for (const auto& algorithm : algorithms) {
        if (jwk.kty == algorithm.kty && jwk.crv == algorithm.curve && (jwk.alg.empty() || jwk.alg == algorithm.name)) return &algorithm;
    }
    return nullptr;
}

const Algorithm& get_algorithm(std::string_view name) {
    for (const auto& algorithm : algorithms) {
        if (algorithm.name == name) return algorithm;
    }
    return algorithms[0];
}

template <auto Free>
struct Freed {
    void operator()(auto* object) const { Free(object); }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Number number_of(std::string_view bytes) { return Number{BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr)}; }

std::optional<std::string> member(const std::string& text) {
    return text.empty() || text.size() > longest_member ? std::nullopt : base64url_decode(text);
}

std::shared_ptr<EVP_PKEY> build(const char* type, const Builder& builder) {
    const Parameters parameters{OSSL_PARAM_BLD_to_param(builder.get())};
    const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* made = nullptr;
    const bool built = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                       EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
    std::shared_ptr<EVP_PKEY> key{made, EVP_PKEY_free};
    if (!built) return nullptr;
    const KeyContext check{EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr)};
    return check && EVP_PKEY_public_check(check.get()) == 1 ? key : nullptr;
}

std::shared_ptr<EVP_PKEY> rsa_key(const PublicJwk& jwk) {
    const auto modulus = member(jwk.n);
    const auto exponent = member(jwk.e);
    if (!modulus || !exponent || exponent->size() > 8) return nullptr;
    const auto n = number_of(*modulus);
    const auto e = number_of(*exponent);
    const Builder builder{OSSL_PARAM_BLD_new()};
    if (!n || !e || !builder || BN_num_bits(n.get()) < 2048 || BN_num_bits(n.get()) > 8192) return nullptr;
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    return build("RSA", builder);
}

std::shared_ptr<EVP_PKEY> ec_key(const PublicJwk& jwk, const Algorithm& algorithm) {
    const auto x = member(jwk.x);
    const auto y = member(jwk.y);
    if (!x || !y || x->size() != algorithm.coordinate || y->size() != algorithm.coordinate) return nullptr;
    const auto point = "\x04" + *x + *y;
    const Builder builder{OSSL_PARAM_BLD_new()};
    if (!builder) return nullptr;
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, algorithm.group, 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    return build("EC", builder);
}

/// JOSE writes R and S one after the other, OpenSSL wants DER.
std::optional<std::string> to_der(std::string_view raw, std::size_t coordinate) {
    if (raw.size() != 2 * coordinate) return {};
    auto r = number_of(raw.substr(0, coordinate));
    auto s = number_of(raw.substr(coordinate));
    const EcdsaSignature signature{ECDSA_SIG_new()};
    if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
    std::ignore = r.release();
    std::ignore = s.release();
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    std::string text{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    return text;
}
}  // namespace

JwsKey::JwsKey(std::string algorithm, std::shared_ptr<evp_pkey_st> key, std::string ed25519)
    : algorithm_(std::move(algorithm)), key_(std::move(key)), ed25519_(std::move(ed25519)) {}

std::optional<JwsKey> JwsKey::from_jwk(const PublicJwk& jwk) {
    const auto* algorithm = find_algorithm(jwk);
    if (!algorithm) return {};
    if (jwk.kty == "OKP") {
        const auto x = member(jwk.x);
        if (!x || x->size() != algorithm->coordinate) return {};
        return JwsKey{std::string{algorithm->name}, nullptr, *x};
    }
    auto key = jwk.kty == "RSA" ? rsa_key(jwk) : ec_key(jwk, *algorithm);
    if (!key) return {};
    return JwsKey{std::string{algorithm->name}, std::move(key), {}};
}

bool JwsKey::verify(std::string_view message, std::string_view signature) const {
    if (!key_) return Ed25519Key::verify(ed25519_, message, signature);
    const auto& algorithm = get_algorithm(algorithm_);
    const auto der = algorithm.kty == "EC" ? to_der(signature, algorithm.coordinate) : std::string{signature};
    const DigestContext context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* inner = nullptr;
    if (!der || !context || EVP_DigestVerifyInit_ex(context.get(), &inner, algorithm.digest, nullptr, nullptr, key_.get(), nullptr) != 1)
        return false;
    if (algorithm.name.starts_with("PS") &&
        (EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING) != 1 || EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, RSA_PSS_SALTLEN_DIGEST) != 1)) {
        return false;
    }
    return EVP_DigestVerify(context.get(), bytes_of(*der), der->size(), bytes_of(message), message.size()) == 1;
}

std::optional<JwsParts> split_jws(std::string_view token) {
    const auto first = token.find('.');
    const auto second = token.find('.', first == token.npos ? first : first + 1);
    if (token.size() > longest_token || first == token.npos || second == token.npos || token.find('.', second + 1) != token.npos) return {};
    auto header = base64url_decode(token.substr(0, first));
    auto payload = base64url_decode(token.substr(first + 1, second - first - 1));
    auto signature = base64url_decode(token.substr(second + 1));
    if (!header || !payload || !signature) return {};
    return JwsParts{std::move(*header), std::move(*payload), std::move(*signature), token.substr(0, second)};
}
}  // namespace argon::crypto
