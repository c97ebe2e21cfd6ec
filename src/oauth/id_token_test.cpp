#include "oauth/id_token.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"
#include "crypto/jwt.hpp"

namespace argon::oauth {
namespace {
constexpr std::string_view tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
constexpr std::string_view personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
const TimePoint moment{std::chrono::seconds{1'800'000'000}};

struct Bench {
    crypto::Ed25519Key key = crypto::Ed25519Key::generate();
    std::string client = "client";
    std::optional<std::string> nonce = "n";

    SigningKeys keys() const {
        const auto jwk = crypto::JwsKey::from_jwk({.kty = "OKP", .crv = "Ed25519", .x = crypto::base64url_encode(key.public_key())});
        return {{"k", *jwk}};
    }
    bool accepts(const Provider& provider, std::string_view issuer, std::string_view tid) const {
        const auto claims = "{\"iss\":\"" + std::string{issuer} + "\",\"aud\":\"client\",\"sub\":\"s\",\"nonce\":\"n\",\"tid\":\"" +
                            std::string{tid} + "\",\"iat\":1800000000,\"exp\":1800000600}";
        return verify_id_token(crypto::sign_jwt(key, "k", claims), keys(), {provider, client, nonce, moment}).has_value();
    }
};
std::string of_tenant(std::string_view id) { return "https://login.microsoftonline.com/" + std::string{id} + "/v2.0"; }
}  // namespace

TEST_CASE("id_token: Microsoft's issuer is the token's own tenant, and only the one that may sign in") {
    const Bench bench;
    const auto common = *find_known_provider("microsoft");
    CHECK(bench.accepts(common, of_tenant(tenant), tenant));
    CHECK(bench.accepts(common, of_tenant(personal), personal));
    CHECK_FALSE(bench.accepts(common, of_tenant(personal), tenant));
    CHECK_FALSE(bench.accepts(common, of_tenant("common"), "common"));
    CHECK_FALSE(bench.accepts(common, "https://login.microsoftonline.com/evil/x/v2.0", "evil/x"));
    const auto one = *find_known_provider("microsoft", tenant);
    CHECK(bench.accepts(one, of_tenant(tenant), tenant));
    CHECK_FALSE(bench.accepts(one, of_tenant(personal), personal));
    const auto work = *find_known_provider("microsoft", "organizations");
    CHECK(bench.accepts(work, of_tenant(tenant), tenant));
    CHECK_FALSE(bench.accepts(work, of_tenant(personal), personal));
    const auto home = *find_known_provider("microsoft", "consumers");
    CHECK(bench.accepts(home, of_tenant(personal), personal));
    CHECK_FALSE(bench.accepts(home, of_tenant(tenant), tenant));
}

TEST_CASE("id_token: Google's issuer has two spellings") {
    const Bench bench;
    const auto google = *find_known_provider("google");
    CHECK(bench.accepts(google, "https://accounts.google.com", ""));
    CHECK(bench.accepts(google, "accounts.google.com", ""));
    CHECK_FALSE(bench.accepts(google, "http://accounts.google.com", ""));
    CHECK_FALSE(bench.accepts(google, "", ""));
}

TEST_CASE("id_token: a provider without an issuer takes none") {
    const Bench bench;
    CHECK_FALSE(bench.accepts(*find_known_provider("github"), "", ""));
}

TEST_CASE("jwks: only keys for signatures, whatever else the document holds") {
    CHECK_FALSE(parse_jwks("[]"));
    CHECK_FALSE(parse_jwks("{\"keys\":{}}"));
    CHECK(parse_jwks("{\"keys\":[1,null,{},{\"kty\":\"oct\",\"k\":\"AA\"}]}")->empty());
    const auto x = crypto::base64url_encode(crypto::Ed25519Key::generate().public_key());
    const auto key = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\",\"x\":\"" + x + "\"";
    CHECK(parse_jwks("{\"keys\":[" + key + "}]}")->size() == 1);
    CHECK(parse_jwks("{\"keys\":[" + key + ",\"use\":\"enc\"}]}")->empty());
}
}  // namespace argon::oauth
