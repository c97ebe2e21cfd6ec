#include "crypto/jws.hpp"

#include <doctest/doctest.h>

namespace argon::crypto {
namespace {
struct Vector {
    std::string algorithm;
    PublicJwk jwk;
    std::string token;
};
// Made with jose 6 for Node, one key for each algorithm.
const Vector vectors[] = {
    {"RS256",
     {.kty = "RSA",
      .crv = "",
      .alg = "",
      .n = "2gFZZVWYPNkl_iYsyCrDp0238LECxPf10aJtvTUFVHMgbfnuFn5Eok30mL1kEzoYASSaWmuccDzboIe_40ZpZzgfko3VbWVhkK4ruAmergLYCI1G9lw-"
           "4XQ6ty0bdY9TL6PFpBFVDkX-EES3_mZSEPfzw1Zv3Jpf-zWa37vggBXQ_-o_EC2ekmIN3N7v3bOEqhsKC6p4qI4mLkTBbsOR8QwEzO5sFdoWDY_7QHjyxN-"
           "1kuPl8k9GrTwFVZELmRsVFWkljpicZqWIxZ2hXLdTI55m7KeX98YGQnnjYOQ9meTeYRd2aaigFWYD95EkXcO6zPhVlokp_3jYh8AmQvbixQ",
      .e = "AQAB",
      .x = "",
      .y = ""},
     "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.lP3RCdh7axQt2Mqdindg4n5OywbAxQVjBrK4sWA9ZwigVGT6eV-"
     "P9ekJe2WcRuRrJqBVYw6odjmz7kATM8Ox3jRhq5M1xLO7JouJhctCtno38UPf3UGAGirChEJpXtxVsJe6ja_YRBWtysd8DJExkTzFURgDiKiVgHtGOhebpULstbA9bk_"
     "bWTTE7d21lpI9qzHPo2XrGXrgAjzLVWyNRtfTuY1ueBSlVrOzCGPiBsxt9aQ01L84fp9Xwlml3tIRzXJu0KncHRP5PTUlCpYtbInnnXYFjF9THI45T5mLSMMR5980cmqQ68JLrvln3yZ9cs"
     "a378sbKRdr1n5LzBgGiQ"},
    {"PS256",
     {.kty = "RSA",
      .crv = "",
      .alg = "PS256",
      .n = "3v7Bb1cxgvgJV4XkBUTi4FLkvZSmeRLVPKFr9LrupRh4f93f3_uv9-"
           "c3iaUbriF80oeB5ap7eDQWQe9GvjG23URL4UhghSExE46xiQ9ROUppBf5p1R5NZ7ak7PBs4UAP7HQJ8cqmxfALeFcWXpSHJhniXPE32Yaw1MY4gA6sWz3N2LOyGBHj38k2_"
           "MbODWmXKLPy1ZStc0Ut7YSyBrbfKF-5Shbpv83yjCZkG-809PSL77Uq9zO3udJ2kqOf-bJu9XesujbIZXK2Xak3iS6eSXKMrGBra6c0gtcFs4MTFxCR-"
           "LAZyxFkPwyXxrNY4kNKFTrl8HEEFlGNO3Oaf6ZjFQ",
      .e = "AQAB",
      .x = "",
      .y = ""},
     "eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiJhIn0.qNHYk_V3b2VMjQb8jB2hspSkX61_lcqhVynEEuogj5qPMobh4AaV-M4OhkP2igdybOodKV7_"
     "kVeB6cbjoZw6nrfyyFVE9ztNlOhmzYypuQXuN8lNAtWeqv68mR5ORIcY35AbIRbupAM6vhgjAmSqyL9IyksLmqcpzrU1geQte68WEuslQNxC_5G2R4uIZ1GEe2jZ9tmRtn-wYSk9L-"
     "RogLumR64E3wrOM5N20WXzD6ywKef3PIl8M8CUVcCJUFJ0KqSX5sTB1GMHFWKRNacGM_Vkl7u-Yv2kW89WV9ZVpzrGCnt8_xFR1kffmmJrWpUnvLwJcq_Mdwl7Rlu_jz3sPQ"},
    {"ES256",
     {.kty = "EC",
      .crv = "P-256",
      .alg = "",
      .n = "",
      .e = "",
      .x = "s6t57AiJpBEQ3aGI6LA37A_kHI_lWYENBW3XECx2INE",
      .y = "1A41dtEZwVgquLv580Q3BJ_uCrxeoCTT9bVKlcHy2UY"},
     "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.LPLJG64C4wNeaTW0vz-yBEoMpiu3miryKwJrqd9GolCebsLEvXs5EYY5hFyzX1IdHELzpG9LlF8xzrz4JhtRvA"},
    {"ES384",
     {.kty = "EC",
      .crv = "P-384",
      .alg = "",
      .n = "",
      .e = "",
      .x = "wxqH-CoT_HKO9r76taOOpMjMNGXcUaa3nEHqQE__1UA3RQ2zY7AK5ZGpOl2DfT5B",
      .y = "LYX0sYZuv8bu_nJw97J7Sn-j_eT6bU1U5N-tb0fUKP2VztOK4prBMZtEK0xhJ11W"},
     "eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJhIn0.dQuCjpmBmb2rIG_"
     "ZF9lXKL7XK4SifyVzMk6DAL4OAtrTTH9yLcd9poyKp87YzadHEikNIGTDpyGY51MpZgZs6LRQG5Ela5AB0IBwCWnxCs0pyYwKz4RbxQoqBbSFfDF7"},
    {"ES512",
     {.kty = "EC",
      .crv = "P-521",
      .alg = "",
      .n = "",
      .e = "",
      .x = "AJNtAMs4vk6wfgSaA2l4Q0K2lwKBu15STfkPDNh9OyQZ9glj_lEnUNZ6h-ud0kJk8pdBaXD20xfloQ83YTnd82J-",
      .y = "AVaMq7MvQITWeKNjsYS4WlXDpy4Ihi0HeeK0dS_moYnivTDxtIjTcOwzXAP0m_6MqvyhA4WdeIaz92WH067Ctu7w"},
     "eyJhbGciOiJFUzUxMiJ9.eyJzdWIiOiJhIn0.ALA4szTpXsG4LAbG-"
     "vjVHrPp5NgH0LWiIDUIWyrwMr2oDW1QmATRqC01kPWfJeWtZiXE49GCCl4uyFrWBDRZGZk4AA3CsZa3vueoqCQyJIy68nYafXvb0g1qHStF7aC8g_"
     "1Lj8IWyTyu7KzziNSelk8OJbXbubFN1VjyJ7WRpvTiVMXW"},
    {"EdDSA",
     {.kty = "OKP", .crv = "Ed25519", .alg = "", .n = "", .e = "", .x = "2SlYQCW9faAZdsLBbd3A4QkAiI7JiMousepVfSUfyuU", .y = ""},
     "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.sAh3b8pzmTZM2ZYDyXSMKDtoEXFDaHSZg41HFugwFWBlcFkryh1Px-P0jCYFRr2ZoVDzYo5u-8IL117R1dLLBA"},
};

bool verifies(const JwsKey& key, std::string_view token) {
    const auto parts = split_jws(token);
    return parts && key.verify(parts->signed_text, parts->signature);
}
}  // namespace

TEST_CASE("jws: signatures of every algorithm, and of no other key") {
    for (const auto& vector : vectors) {
        CAPTURE(vector.algorithm);
        const auto key = JwsKey::from_jwk(vector.jwk);
        REQUIRE(key);
        CHECK(key->algorithm() == vector.algorithm);
        for (const auto& other : vectors) CHECK(verifies(*key, other.token) == (&other == &vector));
        auto changed = vector.token;
        changed[changed.find('.') + 2] ^= 1;
        CHECK_FALSE(verifies(*key, changed));
    }
}

TEST_CASE("jws: keys that are none") {
    const auto& rsa = vectors[0].jwk;
    const auto& ec = vectors[2].jwk;
    auto jwk = rsa;
    jwk.n = "AQAB";
    CHECK_FALSE(JwsKey::from_jwk(jwk));  // far below 2048 bits
    jwk = rsa;
    jwk.e = "";
    CHECK_FALSE(JwsKey::from_jwk(jwk));
    jwk = rsa;
    jwk.alg = "HS256";
    CHECK_FALSE(JwsKey::from_jwk(jwk));
    jwk = rsa;
    jwk.alg = "ES256";
    CHECK_FALSE(JwsKey::from_jwk(jwk));
    jwk = ec;
    jwk.crv = "P-384";
    CHECK_FALSE(JwsKey::from_jwk(jwk));
    jwk = ec;
    jwk.y = jwk.x;
    CHECK_FALSE(JwsKey::from_jwk(jwk));  // off the curve
    CHECK_FALSE(JwsKey::from_jwk({.kty = "oct"}));
    CHECK_FALSE(JwsKey::from_jwk({}));
}

TEST_CASE("jws: tokens have three parts in base64url") {
    for (const auto* token : {"", "a", "a.b", "YQ.YQ.YQ.YQ", "YQ==.YQ.YQ", "YQ.Y!.YQ", ".."}) {
        const auto parts = split_jws(token);
        CHECK((!parts || (parts->header.empty() && parts->payload.empty())));
    }
    CHECK(split_jws("YQ.Yg.Yw")->payload == "b");
    CHECK_FALSE(split_jws(std::string(70'000, 'a') + ".YQ.YQ"));
}
}  // namespace argon::crypto
