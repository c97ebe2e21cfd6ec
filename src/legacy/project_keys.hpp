// The keys of one legacy project: derived from the master key and the project's UUID, so there is nothing to store, copy or lose.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/es256.hpp"
#include "crypto/mac.hpp"
#include "crypto/secret_key.hpp"

namespace argon::legacy {

struct ProjectKeys {
    crypto::Es256Signer signer;
    /// Hashes refresh tokens and codes for the tables; another project's rows fit nothing here.
    crypto::HmacKey hash_key;

    /// How the tables know a refresh token or code.
    std::string hash(std::string_view secret) const;
};

/// Shared and kept for the projects asked for lately. `project_uuid` in lower case.
std::shared_ptr<const ProjectKeys> project_keys(const crypto::MasterKey& master_key, const std::string& project_uuid);

/// 45 characters of Crockford's base32, lower case: refresh tokens and codes.
std::string make_secret();
/// Whether a text can be one: what is not never reaches the database.
bool is_secret(std::string_view text);
/// A secret as somebody may have typed it: upper case stands for lower case.
std::optional<std::string> read_secret(std::string text);
}  // namespace argon::legacy
