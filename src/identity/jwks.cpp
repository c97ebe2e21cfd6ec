#include "identity/jwks.hpp"

#include <stdexcept>

#include "base/clock.hpp"
#include "crypto/encoding.hpp"
#include "crypto/envelope.hpp"
#include "crypto/jwk.hpp"
#include "crypto/random.hpp"
#include "json/writer.hpp"

namespace argon::identity {
namespace {
constexpr pg::Statement select_keys{"identity.select_keys", R"sql(
    SELECT id, "publicKey", "privateKey", "expiresAt", "expiresAt" IS NULL OR "expiresAt" > now() AS signs FROM neon_auth.jwks
     WHERE "expiresAt" IS NULL OR "expiresAt" > now() - interval '30 days' ORDER BY signs DESC, "createdAt" DESC, id LIMIT 20)sql"};

// Two that find no key agree: who comes second sees the row of the first. A statement of its own, for what a statement sees is settled
// before it waits for a lock.
constexpr pg::Statement lock_keys{"identity.lock_keys", "SELECT pg_advisory_xact_lock(hashtext('neon_auth.jwks'))"};
constexpr pg::Statement insert_key{"identity.insert_key", R"sql(
    INSERT INTO neon_auth.jwks (id, "publicKey", "privateKey", "createdAt")
    SELECT $1::uuid, $2::text, $3::text, $4::timestamptz
     WHERE NOT EXISTS (SELECT FROM neon_auth.jwks WHERE "expiresAt" IS NULL OR "expiresAt" > now()))sql"};

struct KeyRow {
    std::string id;
    std::string public_jwk;
    std::string private_jwk;
    std::optional<TimePoint> expires_at;
    bool signs = false;

    static void columns(auto& column, auto& row) {
        column(row.id);
        column(row.public_jwk);
        column(row.private_jwk);
        column(row.expires_at);
        column(row.signs);
    }
};

std::string place(std::string_view id) { return "neon_auth.jwks.privateKey|" + std::string{id}; }

awaitable<> create_key(pg::Pool& db, const crypto::SecretKey& sealing_key) {
    const auto key = crypto::Ed25519Key::generate();
    const auto id = crypto::random_uuid();
    const auto public_jwk = R"({"crv":"Ed25519","x":")" + crypto::base64url_encode(key.public_key()) + R"(","kty":"OKP"})";
    const auto sealed = crypto::seal(sealing_key, crypto::private_jwk_json(key), place(id));
    auto tx = co_await db.begin();
    co_await tx.query(lock_keys);
    co_await tx.query(insert_key, id, public_jwk, sealed, now());
    co_await tx.commit();
}

std::optional<crypto::Ed25519Key> open_key(const KeyRow& row, const crypto::SecretKey& sealing_key, const std::string* imported_secret) {
    auto jwk = crypto::open(sealing_key, row.private_jwk, place(row.id));
    if (!jwk && imported_secret) jwk = crypto::open_better_auth(*imported_secret, row.private_jwk);
    return jwk ? crypto::parse_private_jwk(*jwk) : std::nullopt;
}

/// The public half comes from the table, which the tenant can write: only its `x` is used, and only when it is 32 bytes.
std::optional<std::string> public_key(const KeyRow& row) {
    const auto jwk = json::parse(row.public_jwk);
    const auto* x = jwk ? json::find(*jwk, "x") : nullptr;
    if (!x || !x->is_string()) return {};
    auto bytes = crypto::base64url_decode(std::string_view{x->get_string()});
    if (!bytes || bytes->size() != 32) return {};
    return bytes;
}

std::string make_document(const std::vector<KeyRow>& rows) {
    std::string document = R"({"keys":[)";
    for (const auto& row : rows) {
        const auto key = public_key(row);
        if (!key) continue;
        if (!document.ends_with('[')) document += ',';
        document += crypto::public_jwk_json(*key, row.id);
    }
    return document + "]}";
}
}  // namespace

awaitable<SigningKeys> load_signing_keys(pg::Pool& db, const crypto::SecretKey& sealing_key, const std::string* imported_secret) {
    auto rows = co_await db.query(select_keys);
    auto keys = rows.all<KeyRow>();
    if (keys.empty() || !keys.front().signs) {
        co_await create_key(db, sealing_key);
        rows = co_await db.query(select_keys);
        keys = rows.all<KeyRow>();
    }
    if (keys.empty() || !keys.front().signs) throw std::runtime_error("neon_auth.jwks takes no new key");
    const auto key = open_key(keys.front(), sealing_key, imported_secret);
    if (!key) throw std::runtime_error("the newest key of neon_auth.jwks cannot be opened with this master key or secret");
    co_return SigningKeys{crypto::JwtSigner{*key, keys.front().id}, make_document(keys), keys.front().id, keys.front().expires_at};
}
}  // namespace argon::identity
