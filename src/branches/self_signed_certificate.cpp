#include "branches/self_signed_certificate.hpp"

#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace argon::branches {
namespace {

template <auto release>
struct Release {
    void operator()(auto* object) const { release(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using Buffer = std::unique_ptr<BIO, Release<BIO_free_all>>;

void require(bool worked, const char* step) {
    if (worked) return;
    char reason[256];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    throw std::runtime_error(fmt::format("cannot make a certificate: {}: {}", step, reason));
}

void set_random_serial(X509* certificate) {
    std::uint64_t serial = 0;
    require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "serial number");
    require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial | 1) == 1, "serial number");
}

void set_names(X509* certificate, const std::string& common_name) {
    auto* name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
    require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1, "subject");
    require(X509_set_issuer_name(certificate, name) == 1, "issuer");
}

void set_lifetime(X509* certificate, std::chrono::days lifetime) {
    // A day early: a container's clock may be behind its host's.
    require(X509_gmtime_adj(X509_getm_notBefore(certificate), -86400L) != nullptr, "start");
    require(X509_time_adj_ex(X509_getm_notAfter(certificate), static_cast<int>(lifetime.count()), 0, nullptr) != nullptr, "end");
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, OBJ_nid2sn(nid));
}

std::string alternative_names(const CertificateRequest& request) {
    std::vector<std::string> names;
    for (const auto& name : request.dns_names) names.push_back("DNS:" + name);
    for (const auto& address : request.addresses) names.push_back("IP:" + address);
    return fmt::format("{}", fmt::join(names, ","));
}

std::string content(BIO* buffer) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(buffer, &data);
    return {data, static_cast<std::size_t>(size)};
}
}  // namespace

Certificate make_self_signed_certificate(const CertificateRequest& request) {
    const Key key{EVP_EC_gen("P-256")};
    require(key != nullptr, "key");
    const X509Certificate certificate{X509_new()};
    require(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "version");
    set_random_serial(certificate.get());
    set_names(certificate.get(), request.common_name);
    set_lifetime(certificate.get(), request.lifetime);
    require(X509_set_pubkey(certificate.get(), key.get()) == 1, "public key");
    add_extension(certificate.get(), NID_subject_alt_name, alternative_names(request));
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
    require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "signature");

    const Buffer certificate_pem{BIO_new(BIO_s_mem())};
    require(PEM_write_bio_X509(certificate_pem.get(), certificate.get()) == 1, "certificate");
    const Buffer key_pem{BIO_new(BIO_s_secmem())};
    require(PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "private key");
    return {content(certificate_pem.get()), Secret{content(key_pem.get())}};
}
}  // namespace argon::branches
