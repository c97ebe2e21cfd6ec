#include "identity/branch_secrets.hpp"

#include "crypto/envelope.hpp"

namespace argon::identity {
namespace {
constexpr std::string_view key_purpose = "branch secrets";
constexpr std::string_view sealed_prefix = "v1:";  // of every text that crypto::seal makes
}  // namespace

std::string client_secret_place(std::string_view provider) { return "neon_auth.project_config|social_providers|" + std::string{provider}; }

std::string provider_token_place(std::string_view column, std::string_view provider, std::string_view account) {
    return "neon_auth.account|" + std::string{column} + "|" + std::string{provider} + "|" + std::string{account};
}

std::string seal_branch_secret(const crypto::MasterKey& master_key, std::string_view place, std::string_view secret) {
    return crypto::seal(master_key.derive(key_purpose), secret, place);
}

std::optional<std::string> open_branch_secret(const crypto::MasterKey& master_key, std::string_view place, std::string_view stored) {
    if (!stored.starts_with(sealed_prefix)) return std::string{stored};
    return crypto::open(master_key.derive(key_purpose), stored, place);
}
}  // namespace argon::identity
