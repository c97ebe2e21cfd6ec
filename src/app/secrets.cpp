#include "app/secrets.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "branches/child_process.hpp"
#include "branches/data_directory.hpp"
#include "crypto/encoding.hpp"

namespace argon::app {
namespace {
constexpr std::string_view white_space = " \t\r\n";

Secret<> trimmed(std::string text) {
    const auto first = text.find_first_not_of(white_space);
    if (first == text.npos) return {};
    return Secret<>{text.substr(first, text.find_last_not_of(white_space) - first + 1)};
}

/// /proc/<pid>/environ shows the memory that the variable was in, so it is overwritten.
std::optional<std::string> take_variable(const std::string& name) {
    char* value = std::getenv(name.c_str());
    if (!value || !*value) return {};
    std::string text = value;
    std::memset(value, 0, text.size());
    ::unsetenv(name.c_str());
    return text;
}

/// Links are followed: secrets are mounted as such by Kubernetes.
std::optional<Secret<>> read_secret_file(const std::string& name, const std::string& path, std::vector<std::string>& problems) {
    const branches::FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat info{};
    if (!file || ::fstat(file.get(), &info) != 0) {
        problems.push_back(fmt::format("{}: cannot read {}: {}", name, path, std::generic_category().message(errno)));
        return {};
    }
    if (!S_ISREG(info.st_mode)) {
        problems.push_back(fmt::format("{}: {} is not a file", name, path));
        return {};
    }
    if ((info.st_mode & 07) != 0) {
        problems.push_back(
            fmt::format("{}: everybody on this machine can read or write {}: chmod 600 it, and replace the secret if it was exposed", name, path));
        return {};
    }
    return trimmed(branches::read_file_tail(path));
}
}  // namespace

bool has_control_database() { return std::getenv("ARGONAUTH_DATABASE_URL") || std::getenv("ARGONAUTH_DATABASE_URL_FILE"); }

std::optional<Secret<>> take_secret(const std::string& name, std::vector<std::string>& problems) {
    const auto file_variable = name + "_FILE";
    auto value = take_variable(name);
    const char* path = std::getenv(file_variable.c_str());
    const bool has_path = path && *path;
    if (value && has_path) {
        problems.push_back(fmt::format("{} and {} are both set: choose one", name, file_variable));
        return {};
    }
    if (!value && !has_path) {
        problems.push_back(fmt::format("{} or {} is required", name, file_variable));
        return {};
    }
    auto secret = value ? trimmed(std::move(*value)) : read_secret_file(file_variable, path, problems);
    if (secret && secret->empty()) {
        problems.push_back(fmt::format("{} is empty", value ? name : path));
        return {};
    }
    return secret;
}

std::optional<crypto::MasterKey> parse_master_key(const Secret<>& text) {
    for (const auto& bytes : {crypto::base64url_decode(text.reveal()), crypto::base64_decode(text.reveal()), crypto::hex_decode(text.reveal())}) {
        const auto key = bytes ? crypto::SecretKey::from_bytes(*bytes) : std::nullopt;
        if (key) return crypto::MasterKey{*key};
    }
    return {};
}

std::optional<pg::Conninfo> take_control_database(const std::string& database_ca, std::vector<std::string>& problems) {
    const auto text = take_secret("ARGONAUTH_DATABASE_URL", problems);
    if (!text) return {};
    auto info = pg::Conninfo::parse(text->reveal());
    if (!info) {
        problems.push_back("ARGONAUTH_DATABASE_URL is " + info.error());
        return {};
    }
    if (info->hosts().empty()) {
        problems.emplace_back("ARGONAUTH_DATABASE_URL names no host");
        return {};
    }
    if (!info->get("options").empty()) problems.emplace_back("ARGONAUTH_DATABASE_URL: the setting options is not supported");
    pg::require_verified_tls(*info, database_ca);
    if (info->get("connect_timeout").empty()) info->set("connect_timeout", "2");
    info->set("application_name", "");  // ours
    return std::move(*info);
}

ControlSecrets take_control_secrets(const std::string& database_ca, std::vector<std::string>& problems) {
    ControlSecrets secrets{.database = take_control_database(database_ca, problems), .master_key = {}};
    const auto key = take_secret("ARGONAUTH_MASTER_KEY", problems);
    if (!key) return secrets;
    secrets.master_key = parse_master_key(*key);
    if (!secrets.master_key) {
        problems.emplace_back(
            "ARGONAUTH_MASTER_KEY is not a key: 32 random bytes as base64url, base64 or hexadecimal are needed, such as "
            "`openssl rand -base64 32` prints");
    }
    return secrets;
}
}  // namespace argon::app
