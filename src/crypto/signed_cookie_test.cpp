#include "crypto/signed_cookie.hpp"

#include <doctest/doctest.h>

namespace argon::crypto {
namespace {
const HmacKey key{"better-auth-secret-123456789"};
}

TEST_CASE("signed cookie: the signatures Node computes") {
    struct Case {
        std::string value, text;
    };
    for (const auto& [value, text] : {
             Case{"PaeLyzr2lOYXvQ1Ff7wTbkcyY0DCTS5v", "PaeLyzr2lOYXvQ1Ff7wTbkcyY0DCTS5v.gXTFEp7kRPQylmAZWHVmQYeToHalWElq1t9OJFE6Z8Y="},
             Case{"true", "true.dUBdwseQI2RCEqjjYqAej3gepb5c5urKWzbNzyC9QwE="},
             Case{"a.b.c", "a.b.c.nJAC1dA5lUOsUowUuFk++msiR8lgKE1VNao36SJH8eQ="},
         }) {
        CHECK(sign_cookie(key, value) == text);
        CHECK(open_signed(key, text) == value);
        CHECK(!open_signed(HmacKey{"another secret"}, text));
    }
}

TEST_CASE("S031: signed cookie: anything but the exact signature is refused") {
    const std::string signature = "nJAC1dA5lUOsUowUuFk++msiR8lgKE1VNao36SJH8eQ=";
    for (const std::string& text : {
             std::string{},
             std::string{"."},
             std::string{"a.b.c"},
             signature,
             "." + signature,                                                         // no value
             "a.b.d." + signature,                                                    // another value
             "a.b.c" + signature,                                                     // no dot
             std::string{"a.b.c.nJAC1dA5lUOsUowUuFk++msiR8lgKE1VNao36SJH8eQ"},        // no padding
             std::string{"a.b.c.nJAC1dA5lUOsUowUuFk--msiR8lgKE1VNao36SJH8eQ="},       // URL-safe alphabet
             std::string{"a.b.c.nJAC1dA5lUOsUowUuFk++msiR8lgKE1VNao36SJH8eR="},       // stray bits: the same bytes, loosely decoded
             std::string{"a.b.c.nJAC1dA5lUOsUowUuFk%2B%2BmsiR8lgKE1VNao36SJH8eQ%3D"},  // still URI-encoded
             "a.b.c." + signature + "=",
             "a.b.c." + signature + " ",
             "a.b.c.." + signature,
         }) {
        CHECK_MESSAGE(!open_signed(key, text), text);
    }
}
}  // namespace argon::crypto
