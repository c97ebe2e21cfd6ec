#include "app/secrets.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

namespace argon::app {
namespace {
namespace fs = std::filesystem;

/// A variable for the time of a test.
struct Variable {
    Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
    ~Variable() { ::unsetenv(name_); }
    const char* name_;
};

struct File {
    File(const std::string& content, fs::perms mode) {
        std::ofstream{path} << content;
        fs::permissions(path, mode);
    }
    ~File() { fs::remove(path); }
    fs::path path = fs::temp_directory_path() / "argonauth-secrets-test";
};
}  // namespace

TEST_CASE("secrets: 32 bytes in three spellings, and nothing shorter or longer") {
    struct Case {
        std::string text;
        bool accepted;
    };
    for (const auto& [text, accepted] : {
             Case{std::string(64, 'a'), true},           // hexadecimal
             Case{std::string(42, 'A') + "A", true},     // base64url
             Case{std::string(42, 'A') + "A=", true},    // base64
             Case{std::string(62, 'a'), false},
             Case{std::string(66, 'a'), false},
             Case{"correct horse battery staple", false},
             Case{"", false},
         }) {
        CHECK(parse_master_key(Secret<>{text}).has_value() == accepted);
    }
}

TEST_CASE("secrets: a variable is wiped when it is read") {
    const Variable variable{"ARGONAUTH_MASTER_KEY", " hidden\n"};
    const char* memory = std::getenv("ARGONAUTH_MASTER_KEY");
    std::vector<std::string> problems;
    const auto secret = take_secret("ARGONAUTH_MASTER_KEY", problems);
    REQUIRE(secret);
    CHECK(secret->reveal() == "hidden");
    CHECK(std::getenv("ARGONAUTH_MASTER_KEY") == nullptr);
    CHECK(std::string{memory}.empty());
    CHECK(problems.empty());
}

TEST_CASE("secrets: neither, both, empty, missing and open files are named") {
    std::vector<std::string> problems;
    CHECK_FALSE(take_secret("ARGONAUTH_MASTER_KEY", problems));
    const auto take_file = [&](const std::string& path) {
        const Variable variable{"ARGONAUTH_MASTER_KEY_FILE", path};
        return take_secret("ARGONAUTH_MASTER_KEY", problems).has_value();
    };
    CHECK_FALSE(take_file("/no/such/file"));
    CHECK_FALSE(take_file("/tmp"));
    {
        const File file{"hidden", fs::perms::owner_read | fs::perms::others_read};
        CHECK_FALSE(take_file(file.path));
    }
    {
        const File file{" \n", fs::perms::owner_read};
        CHECK_FALSE(take_file(file.path));
    }
    {
        const Variable value{"ARGONAUTH_MASTER_KEY", "hidden"};
        CHECK_FALSE(take_file("/tmp/x"));
    }
    CHECK(problems.size() == 6);
    for (const auto& problem : problems) CHECK_FALSE(problem.contains("hidden"));
    const File file{"key\n", fs::perms::owner_read | fs::perms::group_read};
    CHECK(take_file(file.path));
}
}  // namespace argon::app
