#include "crypto/scrypt.hpp"

#include <array>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
using Key = std::array<std::uint8_t, 64>;

std::string hex(std::span<const std::uint8_t> bytes) { return hex_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()}); }

Key openssl(std::string_view password, std::string_view salt, ScryptCost cost) {
    Key key;
    scrypt_one({password, salt, key}, cost);
    return key;
}

/// Texts that repeat from run to run, so that a failure can be found again.
class Texts {
public:
    std::string next() {
        std::string text(generator_() % 200, '\0');
        for (char& c : text) c = static_cast<char>(generator_());
        return text;
    }

private:
    std::mt19937 generator_{16384};
};
}  // namespace

TEST_CASE("scrypt: the vectors of RFC 7914 with p = 1, by OpenSSL and by every kernel") {
    struct Case {
        std::string password, salt;
        ScryptCost cost;
        std::string key;
    };
    ScryptWorkspace workspace;
    for (const auto& [password, salt, cost, key] : {
             Case{"",
                  "",
                  {.n = 16, .r = 1},
                  "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35"
                  "e20c38d18906"},
             Case{"pleaseletmein",
                  "SodiumChloride",
                  {.n = 16384, .r = 8},
                  "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf"
                  "017b45575887"},
         }) {
        CHECK(hex(openssl(password, salt, cost)) == key);
        for (const auto& kernels : all_scrypt_kernels()) {
            for (const ScryptKernel& kernel : kernels) {
                std::vector<Key> keys(kernel.lanes);
                std::vector<ScryptJob> jobs;
                for (Key& out : keys) jobs.push_back({password, salt, out});
                scrypt_batch(kernel, jobs, workspace, cost);
                for (const Key& out : keys) CHECK_MESSAGE(hex(out) == key, kernel.name);
            }
        }
    }
}

TEST_CASE("scrypt: every kernel agrees with OpenSSL for random inputs and every number of jobs") {
    ScryptWorkspace workspace;
    Texts texts;
    for (const auto& kernels : all_scrypt_kernels()) {
        for (const ScryptKernel& kernel : kernels) {
            for (std::size_t count = 1; count <= kernel.lanes; ++count) {
                for (const ScryptCost cost : {ScryptCost{2, 16}, {256, 16}, {64, 1}, {128, 7}}) {
                    std::vector<std::string> passwords, salts;
                    for (std::size_t i = 0; i < count; ++i) {
                        passwords.push_back(texts.next());
                        salts.push_back(texts.next());
                    }
                    std::vector<Key> keys(count);
                    std::vector<ScryptJob> jobs;
                    for (std::size_t i = 0; i < count; ++i) jobs.push_back({passwords[i], salts[i], keys[i]});
                    scrypt_batch(kernel, jobs, workspace, cost);
                    for (std::size_t i = 0; i < count; ++i) {
                        CHECK_MESSAGE(keys[i] == openssl(passwords[i], salts[i], cost), kernel.name, " job ", i, " of ", count);
                    }
                }
            }
        }
    }
}

TEST_CASE("scrypt: any number of jobs and any length of key") {
    constexpr ScryptCost cost{.n = 16, .r = 16};
    for (const std::size_t lanes : {1U, 3U, 8U}) {
        ScryptWorkspace workspace{lanes};
        for (std::size_t count = 0; count <= 19; ++count) {
            std::vector<std::vector<std::uint8_t>> keys(count);
            std::vector<std::string> passwords(count);
            std::vector<ScryptJob> jobs;
            for (std::size_t i = 0; i < count; ++i) {
                keys[i].resize(i * 5 + 1);
                passwords[i] = std::to_string(i);
                jobs.push_back({passwords[i], "salt", keys[i]});
            }
            scrypt_many(jobs, workspace, cost);
            for (std::size_t i = 0; i < count; ++i) {
                std::vector<std::uint8_t> expected(keys[i].size());
                scrypt_one({passwords[i], "salt", expected}, cost);
                CHECK(keys[i] == expected);
            }
        }
    }
}

TEST_CASE("scrypt: a full batch at the real cost, again after the memory was given back") {
    ScryptWorkspace workspace;
    const Key expected = openssl("password 3", "salt", {});
    for (int round = 0; round < 2; ++round) {
        std::array<std::string, 8> passwords;
        std::array<Key, 8> keys;
        std::vector<ScryptJob> jobs;
        for (std::size_t i = 0; i < 8; ++i) {
            passwords[i] = "password " + std::to_string(i);
            jobs.push_back({passwords[i], "salt", keys[i]});
        }
        scrypt_many(jobs, workspace);
        CHECK(keys[3] == expected);
        workspace.release();
    }
}

TEST_CASE("scrypt: nothing of a batch is left in the workspace") {
    constexpr ScryptCost cost{.n = 64, .r = 16};
    ScryptWorkspace workspace;
    Key keys[8];
    std::vector<ScryptJob> jobs;
    for (Key& key : keys) jobs.push_back({"password", "salt", key});
    scrypt_many(jobs, workspace, cost);
    for (std::size_t i = 0; i < 8; ++i) {
        const ScryptLane lane = workspace.lane(i);
        for (std::size_t word = 0; word < cost.table_words(); ++word) REQUIRE(lane.table[word] == 0);
        for (std::size_t word = 0; word < cost.block_words(); ++word) REQUIRE(lane.block[word] == 0);
    }
    for (const auto& copy : workspace.scratch().bytes) {
        for (const std::byte byte : copy) REQUIRE(byte == std::byte{0});
    }
}

TEST_CASE("scrypt: the self-test passes, and impossible requests are refused") {
    CHECK(scrypt_self_test());

    ScryptWorkspace workspace;
    Key key;
    const ScryptJob job{"p", "s", key};
    for (const ScryptCost cost : {ScryptCost{0, 16}, {1, 16}, {1000, 16}, {16, 0}, {16, 17}, {32768, 16}, {std::size_t{1} << 62, 16}}) {
        CHECK_THROWS_AS(scrypt_one(job, cost), std::invalid_argument);
        CHECK_THROWS_AS(scrypt_many({&job, 1}, workspace, cost), std::invalid_argument);
    }
    CHECK_THROWS_AS(ScryptWorkspace{0}, std::invalid_argument);
    CHECK_THROWS_AS(ScryptWorkspace{9}, std::invalid_argument);
}
}  // namespace argon::crypto
