#include "crypto/es256.hpp"

#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
constexpr std::size_t coordinate_size = 32;
constexpr std::size_t secret_size = 48;  // 128 bits more than the order: no residue is likelier than another
constexpr std::size_t kid_size = 12;

template <auto Free>
struct Deleter {
    void operator()(auto* pointer) const { Free(pointer); }
};
using Bignum = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using BignumContext = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL cannot work with P-256");
}

/// From 1 to the order less one.
Bignum to_scalar(std::string_view secret, const EC_GROUP* group, BN_CTX* context) {
    Bignum number{BN_bin2bn(as_bytes(secret), static_cast<int>(secret.size()), nullptr)};
    Bignum limit{BN_dup(EC_GROUP_get0_order(group))};
    require(number && limit && BN_sub_word(limit.get(), 1) && BN_mod(number.get(), number.get(), limit.get(), context) &&
            BN_add_word(number.get(), 1));
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    return number;
}

std::string to_public(const EC_GROUP* group, const BIGNUM* scalar, BN_CTX* context) {
    const Point point{EC_POINT_new(group)};
    require(point && EC_POINT_mul(group, point.get(), scalar, nullptr, nullptr, context));
    std::string octets(1 + 2 * coordinate_size, '\0');
    require(EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED, as_bytes(octets), octets.size(), context) == octets.size());
    return octets;
}

std::shared_ptr<void> make_key(const BIGNUM* scalar, std::string_view octets) {
    const Builder builder{OSSL_PARAM_BLD_new()};
    require(builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
            OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) &&
            OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()));
    const Parameters parameters{OSSL_PARAM_BLD_to_param(builder.get())};
    const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* key = nullptr;
    require(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
            EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
    return {key, [](void* owned) { EVP_PKEY_free(static_cast<EVP_PKEY*>(owned)); }};
}

std::string to_raw(std::string_view der) {
    const auto* bytes = as_bytes(der);
    const Signature signature{d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()))};
    std::string raw(2 * coordinate_size, '\0');
    require(signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), as_bytes(raw), coordinate_size) > 0 &&
            BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), as_bytes(raw) + coordinate_size, coordinate_size) > 0);
    return raw;
}

std::string to_der(std::string_view raw) {
    const Signature signature{ECDSA_SIG_new()};
    Bignum r{BN_bin2bn(as_bytes(raw), coordinate_size, nullptr)};
    Bignum s{BN_bin2bn(as_bytes(raw) + coordinate_size, coordinate_size, nullptr)};
    require(signature && r && s && ECDSA_SIG_set0(signature.get(), r.get(), s.get()));
    static_cast<void>(r.release());  // the signature's now
    static_cast<void>(s.release());
    const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
    require(size > 0);
    std::string der(static_cast<std::size_t>(size), '\0');
    auto* out = as_bytes(der);
    i2d_ECDSA_SIG(signature.get(), &out);
    return der;
}
}  // namespace

Es256Key Es256Key::derive(std::string_view secret) {
    if (secret.size() != secret_size) throw std::invalid_argument("Es256Key: the secret has 48 bytes");
    const BignumContext context{BN_CTX_secure_new()};
    const Group group{EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)};
    require(context && group);
    const auto scalar = to_scalar(secret, group.get(), context.get());
    const auto octets = to_public(group.get(), scalar.get(), context.get());
    Es256Key key;
    key.key_ = make_key(scalar.get(), octets);
    key.x_ = octets.substr(1, coordinate_size);
    key.y_ = octets.substr(1 + coordinate_size);
    return key;
}

std::string Es256Key::sign(std::string_view message) const {
    const DigestContext context{EVP_MD_CTX_new()};
    auto* const key = static_cast<EVP_PKEY*>(key_.get());
    std::size_t size = 0;
    require(context && EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key, nullptr) == 1 &&
            EVP_DigestSign(context.get(), nullptr, &size, as_bytes(message), message.size()) == 1);
    std::string der(size, '\0');
    require(EVP_DigestSign(context.get(), as_bytes(der), &size, as_bytes(message), message.size()) == 1);
    der.resize(size);
    return to_raw(der);
}

bool Es256Key::verify(std::string_view message, std::string_view signature) const {
    if (signature.size() != 2 * coordinate_size) return false;
    const auto der = to_der(signature);
    const DigestContext context{EVP_MD_CTX_new()};
    auto* const key = static_cast<EVP_PKEY*>(key_.get());
    require(context && EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key, nullptr) == 1);
    return EVP_DigestVerify(context.get(), as_bytes(der), der.size(), as_bytes(message), message.size()) == 1;
}

Es256Signer::Es256Signer(Es256Key key)
    : key_(std::move(key)),
      kid_(hex_encode(sha256(key_.x() + key_.y())).substr(0, kid_size)),
      header_(base64url_encode(fmt::format(R"({{"alg":"ES256","kid":"{}"}})", kid_)) + ".") {}

std::string Es256Signer::sign(std::string_view payload_json) const {
    auto input = header_ + base64url_encode(payload_json);
    const auto signature = base64url_encode(key_.sign(input));
    return input + "." + signature;
}

std::optional<std::string> Es256Signer::verify(std::string_view token) const {
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos || !token.starts_with(header_) || dot < header_.size()) return {};
    const auto signature = base64url_decode(token.substr(dot + 1));
    if (!signature || !key_.verify(token.substr(0, dot), *signature)) return {};
    // A further dot would be inside the payload, where the decoder refuses it.
    return base64url_decode(token.substr(header_.size(), dot - header_.size()));
}

std::string Es256Signer::public_jwk() const {
    return fmt::format(R"({{"kty":"EC","crv":"P-256","alg":"ES256","kid":"{}","x":"{}","y":"{}"}})", kid_, base64url_encode(key_.x()),
                       base64url_encode(key_.y()));
}
}  // namespace argon::crypto
