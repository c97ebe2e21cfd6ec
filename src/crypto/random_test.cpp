#include "crypto/random.hpp"

#include <array>
#include <set>
#include <stdexcept>

#include <doctest/doctest.h>

#include "base/ids.hpp"

namespace argon::crypto {

TEST_CASE("random: bytes have the asked length and do not repeat") {
    for (const std::size_t count : {0U, 1U, 16U, 4096U, 100'000U}) CHECK(random_bytes(count).size() == count);
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random_bytes(16));
    CHECK(seen.size() == 1000);
}

TEST_CASE("random: text keeps to its alphabet") {
    for (const auto alphabet : {digits, letters, alphanumeric, lower_alphanumeric, url_safe, std::string_view{"x"}}) {
        const std::string text = random_text(500, alphabet);
        CHECK(text.size() == 500);
        CHECK(text.find_first_not_of(alphabet) == std::string::npos);
    }
    CHECK(random_text(0, digits).empty());
    CHECK_THROWS_AS(random_text(1, ""), std::invalid_argument);
    CHECK_THROWS_AS(random_text(1, std::string(257, 'a')), std::invalid_argument);
}

TEST_CASE("random: text has no modulo bias") {
    // Of 200 symbols a bare modulo would draw the first 56 twice as often as the others.
    std::string alphabet;
    for (int i = 0; i < 200; ++i) alphabet.push_back(static_cast<char>(i));
    std::array<int, 200> counts{};
    for (const char c : random_text(400'000, alphabet)) ++counts[static_cast<unsigned char>(c)];
    for (const int count : counts) {
        CHECK(count > 1600);  // 2000 expected; this is nine standard deviations away
        CHECK(count < 2400);
    }
}

TEST_CASE("S078: random: a hundred thousand codes are six digits, evenly spread") {
    std::array<std::array<int, 10>, 6> counts{};
    int with_leading_zero = 0;
    for (int i = 0; i < 100'000; ++i) {
        const std::string code = random_text(6, digits);
        REQUIRE(code.size() == 6);
        REQUIRE(code.find_first_not_of("0123456789") == std::string::npos);
        with_leading_zero += code.front() == '0';
        for (std::size_t at = 0; at < 6; ++at) ++counts[at][static_cast<std::size_t>(code[at] - '0')];
    }
    CHECK(with_leading_zero > 9'000);
    CHECK(with_leading_zero < 11'000);
    for (const auto& place : counts) {
        double chi_square = 0;
        for (const int count : place) chi_square += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
        CHECK(chi_square < 50);  // nine degrees of freedom: exceeded once in ten million
    }
}

TEST_CASE("random: a UUID is version 4 and lower case") {
    for (int i = 0; i < 200; ++i) {
        const std::string uuid = random_uuid();
        CHECK(is_uuid(uuid));
        CHECK(uuid[14] == '4');
        CHECK(std::string_view{"89ab"}.contains(uuid[19]));
        CHECK(uuid.find_first_of("ABCDEF") == std::string::npos);
    }
    CHECK(random_uuid() != random_uuid());
}
}  // namespace argon::crypto
