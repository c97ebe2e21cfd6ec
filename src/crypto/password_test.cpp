#include "crypto/password.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
using namespace std::string_literals;

struct Vector {
    std::string password, salt, key;

    std::string text() const { return salt + ":" + key; }
};

// From node:crypto: scryptSync(password.normalize("NFKC"), salt, length, {N: 16384, r: 16, p: 1}).
const Vector ascii{"correct horse battery staple", "00112233445566778899aabbccddeeff",
                   "f5b22309b28fe412c82a4b2cab57498b8f8a42c849af16cb908974048f61c13933421858db3a8f111430bdc493c7cef90f61f904061c77206e3820a2"
                   "e8b11bc2"};
const Vector ligature{"\u212Bngstr\u00F6m pa\uFB01ss \u2460", "a1b2c3d4e5f60718293a4b5c6d7e8f90",
                      "8db8d36578b90971f9734d2777fa2395bbb7dc8359ef8b1c9d316db0d25a98438c026752b69f72b122d5dc173aa6ffb596073cb19c178987"
                      "faadd8f922124c8d"};
const Vector wide{"\uFB01 \U0001D4D0 e\u0301 \uFF11\uFF12", "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                  "0720aa2cea7137e37baaa22a21127db385eda939136c2af2a15ced956a3d99860209dec9336c219c8699c6d345d3e9e5185d2a375587c06d35c536ca"
                  "09245e0b"};
const Vector imported{"\U0001F600\U0001F600\U0001F600\U0001F600", "ffeeddccbbaa99887766554433221100",
                      "63fcad0edf6329c35db4ec79a795aa592a9c087ed87672e5e3e0c078a88a40e1"};
}  // namespace

TEST_CASE("S063: password: hashes that Node made verify here") {
    for (const auto& vector : {ascii, ligature, wide, imported}) {
        const auto stored = parse_stored_hash(vector.text());
        REQUIRE_MESSAGE(stored, vector.password);
        CHECK(verify_password(vector.password, *stored));
        CHECK(!verify_password(vector.password + " ", *stored));
        CHECK(hex_encode(derive(vector.password, vector.salt, vector.key.size() / 2)) == vector.key);
        CHECK(format_stored_hash(*stored) == vector.text());
    }
}

TEST_CASE("password: spellings that NFKC makes equal are one password") {
    const auto stored = parse_stored_hash(ligature.text());
    REQUIRE(stored);
    CHECK(verify_password("A\u030Angstro\u0308m pafiss 1", *stored));
    CHECK(!verify_password("Angstrom pafiss 1", *stored));
}

TEST_CASE("S063: password: a new hash has the stored format, its own salt, and verifies") {
    const std::string text = hash_password("pass\0word"s);
    CHECK(text.size() == 32 + 1 + 128);
    CHECK(text.find_first_not_of("0123456789abcdef:") == std::string::npos);
    const auto stored = parse_stored_hash(text);
    REQUIRE(stored);
    CHECK(verify_password("pass\0word"s, *stored));
    CHECK(!verify_password("pass", *stored));
    CHECK(make_salt() != make_salt());
}

TEST_CASE("S064: password: only the format's own lengths and characters are read") {
    const std::string salt(32, 'a');
    const std::string key(128, 'b');
    CHECK(parse_stored_hash(salt + ":" + key));
    CHECK(parse_stored_hash(salt + ":" + std::string(64, 'B')));
    for (const std::string& text : {
             ""s,
             ":"s,
             salt,
             salt + ":",
             salt + key,
             ":" + key,
             salt + ":" + key + "b",
             salt + ":" + key.substr(1),
             salt + ":" + key.substr(2),
             salt + ":" + std::string(66, 'b'),
             salt.substr(1) + ":" + key,
             salt + "a:" + key,
             std::string(32, 'g') + ":" + key,
             salt + ":" + std::string(128, 'g'),
             salt + ":" + std::string(127, 'b') + " ",
             salt + ";" + key,
             std::string(32, '\0') + ":" + key,
             salt + ":" + std::string(10'000'000, 'b'),
         }) {
        CHECK(!parse_stored_hash(text));
    }
}

TEST_CASE("password: NFKC") {
    struct Case {
        std::string text, normalized;
    };
    for (const auto& [text, normalized] : {
             Case{"", ""},
             Case{" plain ASCII ~\x7f", " plain ASCII ~\x7f"},
             Case{"a\0b"s, "a\0b"s},
             Case{"\u212B", "\u00C5"},
             Case{"e\u0301", "\u00E9"},
             Case{"\uFB01", "fi"},
             Case{"\u2460\uFF11", "11"},
             Case{"\u00A0", " "},
             Case{"q\u0307\u0323", "q\u0323\u0307"},
             Case{"\u1100\u1161\u11A8", "\uAC01"},
             Case{"\U0001F600", "\U0001F600"},
             Case{"a\xff\u212B", "a\xff\u00C5"},
         }) {
        CHECK(normalize_nfkc(text) == normalized);
        CHECK(normalize_nfkc(normalized) == normalized);
    }
}
}  // namespace argon::crypto
