#include "management/api_key_command.hpp"

namespace argon::management {
namespace records = argon::branches;
namespace {
// An address that clients accept as one, and that nobody gets mail at (RFC 6762 keeps `.local` off the Internet).
constexpr const char* owner_email = "operator@argonauth.local";
constexpr const char* owner_name = "operator";

constexpr ErrorSpec invalid_name{400, "", "the name of an API key has one to 64 characters, none of them a control character"};

std::string sql(const pg::Statement& statement) { return std::string{statement.sql}; }
}  // namespace

std::string ensure_owner(pg::Session& control) {
    control.query(
        "INSERT INTO argonauth.account (email, name) SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM argonauth.account) ON CONFLICT DO NOTHING",
        owner_email, owner_name);
    return control.query("SELECT id FROM argonauth.account ORDER BY created_at, id LIMIT 1").one<std::string>();
}

Result<CreatedApiKey> create_api_key(pg::Session& control, const std::string& name) {
    if (!records::is_api_key_name(name)) return refuse(invalid_name);
    const auto owner = ensure_owner(control);
    auto text = records::make_api_key();
    auto key = control.query(sql(records::insert_api_key_row), name, records::hash_api_key(text.reveal()), owner, std::nullopt, false)
                   .one<records::ApiKey>();
    return CreatedApiKey{std::move(key), std::move(text)};
}

std::vector<records::ApiKey> list_api_keys(pg::Session& control) {
    return control.query(sql(records::select_api_keys), ensure_owner(control)).all<records::ApiKey>();
}

std::optional<records::ApiKey> revoke_api_key(pg::Session& control, std::int64_t id) {
    return control.query(sql(records::revoke_api_key_row), id, ensure_owner(control)).maybe<records::ApiKey>();
}

void register_api_key(pg::Session& control, const std::string& name, const Secret<>& text) {
    control.query("INSERT INTO argonauth.api_key (name, key_hash, created_by) VALUES ($1, $2, $3) ON CONFLICT (key_hash) DO NOTHING", name,
                  records::hash_api_key(text.reveal()), ensure_owner(control));
}
}  // namespace argon::management
