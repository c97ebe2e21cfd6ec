#include "branches/data_directory.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace argon::branches {
namespace {
namespace fs = std::filesystem;

/// A directory below /tmp that PostgreSQL's account can enter.
class Scratch {
public:
    Scratch() {
        REQUIRE(::mkdtemp(path_.data()) != nullptr);
        ::chmod(path_.c_str(), 0711);
    }
    ~Scratch() { fs::remove_all(path_); }
    fs::path operator/(std::string_view name) const { return fs::path{path_} / name; }

private:
    std::string path_ = "/tmp/argonauth-test-XXXXXX";
};

/// Not necessarily PostgreSQL's: these tests need no server.
Account account() { return ::geteuid() == 0 ? choose_postgres_account("nobody") : current_account(); }

mode_t mode_of(const fs::path& path) {
    struct stat info{};
    REQUIRE(::lstat(path.c_str(), &info) == 0);
    return info.st_mode & 07777;
}

uid_t owner_of(const fs::path& path) {
    struct stat info{};
    REQUIRE(::lstat(path.c_str(), &info) == 0);
    return info.st_uid;
}

std::string never() { throw std::logic_error("must not be called"); }
}  // namespace

TEST_CASE("data directory: a new one has the modes that keep others out and let PostgreSQL in") {
    const Scratch scratch;
    const auto directory = DataDirectory::open(scratch / "a/b", account());
    const mode_t expected = ::geteuid() == 0 ? 0711 : 0700;
    CHECK(mode_of(directory.root()) == expected);
    CHECK(mode_of(directory.root() / "branches") == expected);
    CHECK(mode_of(directory.root() / "lock") == 0600);
    CHECK(mode_of(directory.socket_directory()) == 0700);
    CHECK(owner_of(directory.root()) == ::geteuid());
    CHECK(owner_of(directory.socket_directory()) == account().uid);
    CHECK(directory.control_cluster() == directory.root() / "control/data");
    CHECK(directory.branch_cluster(BranchId{"br-1"}) == directory.root() / "branches/br-1/data");
    CHECK_THROWS_AS(directory.branch_cluster(BranchId{".."}), std::invalid_argument);
    CHECK_THROWS_AS(directory.branch_cluster(BranchId{"a/b"}), std::invalid_argument);
}

TEST_CASE("data directory: one owner at a time, named by its process id") {
    const Scratch scratch;
    {
        const auto first = DataDirectory::open(scratch / "d", account());
        CHECK_THROWS_WITH_AS(DataDirectory::open(scratch / "d", account()), doctest::Contains(fmt::format("(process {})", ::getpid()).c_str()),
                             SetupError);
    }
    CHECK_NOTHROW(DataDirectory::open(scratch / "d", account()));
}

TEST_CASE("data directory: what is not ours is refused and left as it was") {
    const Scratch scratch;
    fs::create_directory(scratch / "home");
    ::chmod((scratch / "home").c_str(), 0755);
    std::ofstream{scratch / "home/thesis.txt"} << "text";
    CHECK_THROWS_WITH_AS(DataDirectory::open(scratch / "home", account()), doctest::Contains("not Argonauth's"), SetupError);
    CHECK(mode_of(scratch / "home") == 0755);
    CHECK_FALSE(fs::exists(scratch / "home/lock"));

    CHECK_THROWS_WITH_AS(DataDirectory::open(scratch / "home/thesis.txt", account()), doctest::Contains("not a directory"), SetupError);
    CHECK_THROWS_WITH_AS(DataDirectory::open(scratch / "home/thesis.txt/d", account()), doctest::Contains("not a directory"), SetupError);
    CHECK_THROWS_AS(DataDirectory::open("/proc/d", account()), SetupError);
}

TEST_CASE("data directory: another format version is refused") {
    const Scratch scratch;
    DataDirectory::open(scratch / "d", account());
    std::ofstream{scratch / "d/format"} << "argonauth 7\n";
    CHECK_THROWS_WITH_AS(DataDirectory::open(scratch / "d", account()), doctest::Contains("\"argonauth 7\""), SetupError);
}

TEST_CASE("data directory: a start interrupted before the format was written is continued") {
    const Scratch scratch;
    fs::create_directory(scratch / "d");
    std::ofstream{scratch / "d/lock"} << "1\n";
    std::ofstream{scratch / "d/format.new"} << "argo";
    CHECK_NOTHROW(DataDirectory::open(scratch / "d", account()));
}

TEST_CASE("data directory: a directory closed to PostgreSQL's account is named") {
    if (::geteuid() != 0) return;
    const Scratch scratch;
    fs::create_directory(scratch / "closed");
    ::chmod((scratch / "closed").c_str(), 0700);
    CHECK_THROWS_WITH_AS(DataDirectory::open(scratch / "closed/d", account()),
                         doctest::Contains(fmt::format("cannot enter {}", (scratch / "closed").string()).c_str()), SetupError);
    CHECK_FALSE(fs::exists(scratch / "closed/d"));
}

TEST_CASE("data directory: a secret is made once and must stay secret") {
    const Scratch scratch;
    const auto directory = DataDirectory::open(scratch / "d", account());
    CHECK(directory.read_or_create_secret("master.key", [] { return std::string{"s3cret"}; }).reveal() == "s3cret");
    CHECK(directory.read_or_create_secret("master.key", never).reveal() == "s3cret");
    const auto file = directory.root() / "master.key";
    CHECK(mode_of(file) == 0600);

    ::chmod(file.c_str(), 0640);
    CHECK_THROWS_WITH_AS(directory.read_or_create_secret("master.key", never), doctest::Contains("chmod 600"), SetupError);
    ::chmod(file.c_str(), 0600);
    std::ofstream{file, std::ios::trunc};
    CHECK_THROWS_WITH_AS(directory.read_or_create_secret("master.key", never), doctest::Contains("is empty"), SetupError);
    fs::remove(file);
    fs::create_symlink("/etc/hostname", file);
    CHECK_THROWS_AS(directory.read_or_create_secret("master.key", never), SetupError);
    CHECK_THROWS_AS(directory.read_or_create_secret("../x", never), std::invalid_argument);
}

TEST_CASE("data directory: sockets of a deep directory live in /tmp, and only in a directory of ours") {
    const Scratch scratch;
    const auto deep = scratch / std::string(100, 'd');
    const auto sockets = DataDirectory::open(deep, account()).socket_directory();
    CHECK(sockets.parent_path() == "/tmp");
    CHECK((sockets / ".s.PGSQL.65535").native().size() <= 107);
    CHECK(DataDirectory::open(deep, account()).socket_directory() == sockets);

    fs::remove(sockets);
    fs::create_directory_symlink("/var", sockets);
    CHECK_THROWS_WITH_AS(DataDirectory::open(deep, account()), doctest::Contains("alone can enter"), SetupError);
    fs::remove(sockets);
    fs::create_directory(sockets);
    ::chmod(sockets.c_str(), 0777);
    CHECK_THROWS_AS(DataDirectory::open(deep, account()), SetupError);
    fs::remove(sockets);
}

TEST_CASE("data directory: an ephemeral one vanishes, once, and a lasting one stays") {
    fs::path root;
    {
        auto made = DataDirectory::make_ephemeral(account());
        const auto moved = std::move(made);
        root = moved.root();
        CHECK(fs::exists(root / "lock"));
    }
    CHECK_FALSE(fs::exists(root));

    const Scratch scratch;
    DataDirectory::open(scratch / "d", account()).remove();
    CHECK(fs::exists(scratch / "d/format"));
}

TEST_CASE("free space: too little is refused with both numbers, also for a path that does not exist yet") {
    CHECK_NOTHROW(require_free_space("/tmp/not/yet/there", 1));
    CHECK_THROWS_WITH_AS(require_free_space("/tmp/not/yet/there", std::uint64_t{1} << 60), doctest::Contains("1099511627776 MiB are needed"),
                         SetupError);
}

TEST_CASE("durable write: replaces the whole file with the mode asked for") {
    const Scratch scratch;
    const auto file = scratch / "f";
    write_file_durably(file, "a long first text", 0600);
    write_file_durably(file, "second", 0644);
    CHECK(read_file_tail(file) == "second");
    CHECK(read_file_tail(file, 3) == "ond");
    CHECK(mode_of(file) == 0644);
    CHECK_FALSE(fs::exists(scratch / "f.new"));
    CHECK(read_file_tail(scratch / "missing").empty());
}
}  // namespace argon::branches
