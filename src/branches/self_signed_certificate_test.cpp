#include "branches/self_signed_certificate.hpp"

#include <memory>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace argon::branches {
namespace {
template <class Reader>
auto read_pem(const std::string& text, Reader reader) {
    auto* buffer = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
    auto* object = reader(buffer, nullptr, nullptr, nullptr);
    BIO_free(buffer);
    return object;
}
}  // namespace

TEST_CASE("certificate: names localhost, lasts ten years and fits its key") {
    const auto made = make_self_signed_certificate();
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{read_pem(made.certificate_pem, PEM_read_bio_X509), X509_free};
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{read_pem(made.private_key_pem.reveal(), PEM_read_bio_PrivateKey), EVP_PKEY_free};
    REQUIRE(certificate);
    REQUIRE(key);
    CHECK(X509_check_private_key(certificate.get(), key.get()) == 1);
    CHECK(X509_verify(certificate.get(), key.get()) == 1);
    CHECK(EVP_PKEY_get_bits(key.get()) == 256);

    // *.localhost is for libpq: OpenSSL's own check matches no wildcard directly below a top-level name.
    CHECK(X509_check_host(certificate.get(), "localhost", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(certificate.get(), "example.com", 0, 0, nullptr) == 0);
    CHECK(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0) == 1);

    int days = 0, seconds = 0;
    CHECK(ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())) == 1);
    CHECK(days >= 3651);
    CHECK(X509_cmp_current_time(X509_get0_notBefore(certificate.get())) < 0);
}

TEST_CASE("certificate: no two are alike") {
    CHECK(make_self_signed_certificate().private_key_pem.reveal() != make_self_signed_certificate().private_key_pem.reveal());
}
}  // namespace argon::branches
