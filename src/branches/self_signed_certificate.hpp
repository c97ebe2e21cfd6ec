// A TLS certificate nobody else vouches for: it lets clients of a local PostgreSQL use sslmode=require and channel binding.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/secret.hpp"

namespace argon::branches {

struct CertificateRequest {
    std::string common_name = "localhost";
    std::vector<std::string> dns_names = {"localhost", "*.localhost"};
    std::vector<std::string> addresses = {"127.0.0.1", "::1"};
    std::chrono::days lifetime{3652};
};

struct Certificate {
    std::string certificate_pem;
    Secret<std::string> private_key_pem;
};

/// A new P-256 key and a certificate signed with it. Throws std::runtime_error when OpenSSL fails.
Certificate make_self_signed_certificate(const CertificateRequest& request = {});
}  // namespace argon::branches
