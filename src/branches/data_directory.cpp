#include "branches/data_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace argon::branches {
namespace {
namespace fs = std::filesystem;

constexpr std::string_view format_version = "argonauth 1\n";
constexpr std::string_view longest_socket_name = "/.s.PGSQL.65535";
constexpr std::size_t longest_socket_path = 107;  // sun_path without its NUL

std::string reason() { return std::generic_category().message(errno); }

[[noreturn]] void fail(std::string_view action, const fs::path& path) {
    throw SetupError(fmt::format("Cannot {} {}: {}.", action, path.string(), reason()));
}

std::string user_name(uid_t uid) { return uid == 0 ? "root" : fmt::format("the user id {}", uid); }

fs::path absolute_path(const fs::path& path) {
    auto absolute = fs::weakly_canonical(fs::absolute(path));
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

/// PostgreSQL's account must get through every directory above ours, and access lists can forbid what modes allow: so try it.
void require_reachable(const fs::path& path, const Account& account) {
    const FilesAs identity{account};
    fs::path reached;
    for (const auto& part : path) {
        reached /= part;
        struct stat info{};
        // The dot asks for the right to enter, which a look at the directory itself does not need.
        if (::stat((reached / ".").c_str(), &info) == 0) continue;
        if (errno == ENOENT) return;
        if (errno == ENOTDIR) throw SetupError(fmt::format("{} is not a directory. Name another one with --data-dir.", reached.string()));
        throw SetupError(
            fmt::format("The user {}, as whom PostgreSQL runs, cannot enter {}, so no database can live below it. Start with --data-dir {}.",
                        account.name, reached.string(), ::geteuid() == 0 ? "/var/lib/argonauth" : "and a directory of your own"));
    }
}

/// Modes are set explicitly, since a umask of 077 would lock PostgreSQL's account out of directories that root makes for it.
void create_directories(const fs::path& path, mode_t mode) {
    if (fs::exists(path)) return;
    create_directories(path.parent_path(), mode);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        throw SetupError(fmt::format("Cannot create the directory {}: {}. Name another one with --data-dir.", path.string(), reason()));
    }
    if (::chmod(path.c_str(), mode) != 0) fail("set the mode of", path);
}

/// Whatever else lies in it belongs to somebody: --data-dir must never turn a home directory into ours.
bool may_become_ours(const fs::path& root) {
    return std::ranges::all_of(fs::directory_iterator{root}, [](const fs::directory_entry& entry) {
        const auto name = entry.path().filename();
        return name == "lock" || name == "format.new" || name == "lost+found";
    });
}

void require_ours(const fs::path& root) {
    struct stat info{};
    if (::stat(root.c_str(), &info) != 0) fail("look at", root);
    if (!S_ISDIR(info.st_mode)) throw SetupError(fmt::format("{} is not a directory. Name another one with --data-dir.", root.string()));
    if (info.st_uid != ::geteuid()) {
        throw SetupError(fmt::format("{} belongs to {}. Run argonauth as that user, or name another directory with --data-dir.", root.string(),
                                     user_name(info.st_uid)));
    }
    if (!fs::exists(root / "format") && !may_become_ours(root)) {
        throw SetupError(fmt::format("{} holds files that are not Argonauth's. Name a new or an empty directory with --data-dir.", root.string()));
    }
}

FileDescriptor lock(const fs::path& root) {
    const auto path = root / "lock";
    FileDescriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file) fail("open", path);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) fail("lock", path);
        const auto holder = read_file_tail(path, 32);
        throw SetupError(fmt::format("{} is in use by another argonauth (process {}). Stop that one, or name another directory with --data-dir.",
                                     root.string(), holder.substr(0, holder.find('\n'))));
    }
    const auto text = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 || ::pwrite(file.get(), text.data(), text.size(), 0) < 0) fail("write", path);
    return file;
}

void check_format(const fs::path& root) {
    const auto path = root / "format";
    if (!fs::exists(path)) write_file_durably(path, format_version, 0600);
    const auto found = read_file_tail(path);
    if (found == format_version) return;
    throw SetupError(fmt::format("{} was written by another version of Argonauth (its format file says \"{}\"). Start the version that made it.",
                                 root.string(), found.substr(0, found.find('\n'))));
}

std::string fingerprint(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: the same name at every start, which std::hash does not promise
    for (const unsigned char byte : text) hash = (hash ^ byte) * 0x100000001b3;
    return fmt::format("{:016x}", hash);
}

fs::path make_socket_directory(const fs::path& root, const Account& account) {
    auto sockets = root / "run";
    if (sockets.native().size() + longest_socket_name.size() > longest_socket_path) {
        sockets = fs::path{"/tmp"} / ("argonauth-" + fingerprint(root.native()));
    }
    make_private_directory(sockets, account);
    return sockets;
}

void sync_directory(const fs::path& path) {
    const FileDescriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory || ::fsync(directory.get()) != 0) fail("write to the disk:", path);
}

void write_all(int fd, std::string_view content, const fs::path& path) {
    while (!content.empty()) {
        const auto count = ::write(fd, content.data(), content.size());
        if (count < 0 && errno != EINTR) fail("write", path);
        if (count > 0) content.remove_prefix(static_cast<std::size_t>(count));
    }
}

void require_plain_name(std::string_view name) {
    const bool plain = std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; });
    if (name.empty() || name.front() == '.' || !plain) throw std::invalid_argument(fmt::format("not a file name: {}", name));
}

/// The secret in an existing file, which nobody but us may have been able to read.
std::string read_secret(const FileDescriptor& file, const fs::path& path) {
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) fail("look at", path);
    if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & 077) != 0) {
        throw SetupError(
            fmt::format("{} holds a secret, but others than its owner can read it or own it. Give it to the user running argonauth and run "
                        "chmod 600 {}; if it was exposed, replace it.",
                        path.string(), path.string()));
    }
    auto content = read_file_tail(path);
    if (content.empty()) throw SetupError(fmt::format("{} is empty, but it should hold a secret. Restore it from a backup.", path.string()));
    return content;
}
}  // namespace

DataDirectory DataDirectory::open(const fs::path& path, const Account& account) try {
    const auto root = absolute_path(path);
    const bool as_root = ::geteuid() == 0;
    require_reachable(root.parent_path(), account);
    create_directories(root.parent_path(), as_root ? 0755 : 0700);
    create_directories(root, 0700);
    require_ours(root);
    const mode_t mode = as_root ? 0711 : 0700;
    if (::chmod(root.c_str(), mode) != 0) fail("set the mode of", root);

    auto held = lock(root);
    check_format(root);
    create_directories(root / "branches", mode);
    create_directories(root / "removed", mode);
    auto sockets = make_socket_directory(root, account);
    return {root, std::move(held), std::move(sockets)};
} catch (const fs::filesystem_error& error) {
    throw SetupError(
        fmt::format("Cannot use {} as the data directory: {}. Name another one with --data-dir.", path.string(), error.code().message()));
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : root_(std::move(other.root_)),
      lock_(std::move(other.lock_)),
      sockets_(std::move(other.sockets_)),
      ephemeral_(std::exchange(other.ephemeral_, false)) {}

DataDirectory::~DataDirectory() { remove(); }

void DataDirectory::remove() {
    if (!std::exchange(ephemeral_, false)) return;
    std::error_code ignored;
    fs::remove_all(root_, ignored);
    fs::remove_all(sockets_, ignored);
}

fs::path DataDirectory::branch_cluster(const BranchId& branch) const {
    require_plain_name(branch.value);
    return root_ / "branches" / branch.value / "data";
}

Secret<std::string> DataDirectory::read_or_create_secret(std::string_view name, const std::function<std::string()>& generate) const {
    require_plain_name(name);
    const auto path = root_ / name;
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (file) return Secret{read_secret(file, path)};
    if (errno != ENOENT) fail("read", path);
    auto secret = generate();
    write_file_durably(path, secret, 0600);
    return Secret{std::move(secret)};
}

void make_private_directory(const fs::path& path, const Account& account) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("create the directory", path);
    // lstat and lchown: where others may write (/tmp), a symbolic link could wait in our place.
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) fail("look at", path);
    const bool private_directory = S_ISDIR(info.st_mode) && (info.st_mode & 077) == 0;
    if (private_directory && info.st_uid == account.uid) return;
    // Made by root just now, or by an earlier start that ended before this line.
    if (private_directory && info.st_uid == ::geteuid()) {
        if (::lchown(path.c_str(), account.uid, account.gid) != 0) fail("change the owner of", path);
        return;
    }
    throw SetupError(fmt::format("{} is not a directory that {} alone can enter. Remove it, or give it to {} with mode 0700.", path.string(),
                                 account.name, account.name));
}

void write_file_durably(const fs::path& path, std::string_view content, mode_t mode) {
    const fs::path fresh = path.string() + ".new";
    ::unlink(fresh.c_str());
    {
        const FileDescriptor file{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
        if (!file) fail("create", fresh);
        write_all(file.get(), content, fresh);
        if (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0) fail("write", fresh);
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) fail("replace", path);
    sync_directory(path.parent_path());
}

std::string read_file_tail(const fs::path& path, std::size_t limit) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file) return {};
    const auto end = ::lseek(file.get(), 0, SEEK_END);
    if (end > static_cast<off_t>(limit))
        ::lseek(file.get(), -static_cast<off_t>(limit), SEEK_END);
    else
        ::lseek(file.get(), 0, SEEK_SET);
    std::string content(limit, '\0');
    const auto count = ::read(file.get(), content.data(), limit);
    content.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return content;
}

void require_free_space(const fs::path& path, std::uint64_t bytes) {
    std::error_code failed;
    auto existing = fs::absolute(path);
    while (!fs::exists(existing, failed) && existing.has_relative_path()) existing = existing.parent_path();
    struct statvfs info{};
    if (::statvfs(existing.c_str(), &info) != 0) fail("measure the free space of", existing);
    const auto free = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
    constexpr std::uint64_t mebibyte = 1 << 20;
    if (free >= bytes || info.f_blocks == 0) return;  // some network file systems do not tell
    throw SetupError(
        fmt::format("The disk that holds {} has {} MiB free, and {} MiB are needed. Free some space, or name another directory with --data-dir.",
                    path.string(), free / mebibyte, (bytes + mebibyte - 1) / mebibyte));
}
}  // namespace argon::branches
