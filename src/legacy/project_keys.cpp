#include "legacy/project_keys.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace argon::legacy {
namespace {
constexpr std::size_t secret_length = 45;
constexpr std::string_view base32 = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t most_kept = 1000;

struct Cache {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const ProjectKeys>> keys;
};

Cache& cache() {
    static Cache shared;
    return shared;
}

std::shared_ptr<const ProjectKeys> derive(const crypto::MasterKey& master_key, const std::string& project_uuid) {
    const auto root = master_key.derive("legacy project " + project_uuid);
    auto scalar = crypto::Es256Key::derive(crypto::hkdf_sha256(root.bytes(), "", "access tokens", 48));
    return std::make_shared<const ProjectKeys>(
        ProjectKeys{crypto::Es256Signer{std::move(scalar)}, crypto::HmacKey{crypto::derive_key(root.bytes(), "refresh tokens and codes")}});
}
}  // namespace

std::string ProjectKeys::hash(std::string_view secret) const { return crypto::hex_encode(hash_key.sign(secret)); }

std::shared_ptr<const ProjectKeys> project_keys(const crypto::MasterKey& master_key, const std::string& project_uuid) {
    auto& known = cache();
    {
        const std::lock_guard lock{known.mutex};
        if (const auto found = known.keys.find(project_uuid); found != known.keys.end()) return found->second;
    }
    auto keys = derive(master_key, project_uuid);
    const std::lock_guard lock{known.mutex};
    if (known.keys.size() >= most_kept) known.keys.clear();
    known.keys[project_uuid] = keys;
    return keys;
}

std::string make_secret() { return crypto::random_text(secret_length, base32); }

std::optional<std::string> read_secret(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (!is_secret(text)) return std::nullopt;
    return text;
}

bool is_secret(std::string_view text) {
    return text.size() == secret_length && std::ranges::all_of(text, [](char c) { return base32.find(c) != std::string_view::npos; });
}
}  // namespace argon::legacy
