#include "pg/conninfo.hpp"

#include <doctest/doctest.h>

#include "pg/errors.hpp"
#include "pg/locator.hpp"

namespace argon::pg {
namespace {
Conninfo parsed(const std::string& text) {
    auto info = Conninfo::parse(text);
    REQUIRE(info);
    return *info;
}
}  // namespace

TEST_CASE("conninfo: a URI with several hosts is taken apart and put together again") {
    const auto info = parsed("postgresql://app:it%27s%20%5C@one.example,two.example:5433/shop?target_session_attrs=read-write");
    CHECK(info.get("password") == "it's \\");
    CHECK(info.hosts() == std::vector<Host>{{"one.example", "", "5432"}, {"two.example", "", "5433"}});
    CHECK_FALSE(info.is_local());
    CHECK(parsed(info.text()).get("password") == "it's \\");
    CHECK(parsed(info.text()).hosts() == info.hosts());
}

TEST_CASE("conninfo: what cannot be understood is refused without being repeated") {
    for (const char* text : {"postgres//app:hidden@h/app", "postgresql://app:hid%zzden@h/app", "postgresql://h/app?hidden=1", "host=a port=1,2,3"}) {
        const auto info = Conninfo::parse(text);
        REQUIRE_FALSE(info);
        CHECK_FALSE(info.error().contains("hidden"));
        CHECK_FALSE(info.error().contains("hid%zzden"));
    }
    CHECK_FALSE(Conninfo::parse(std::string{"host=a\0 user=b", 14}));
}

TEST_CASE("conninfo: TLS is verified unless the string says otherwise or stays on this machine") {
    struct Case {
        const char* text;
        const char* mode;
        bool has_authority;
    };
    for (const auto& [text, mode, has_authority] : {
             Case{"postgresql://db.example/app", "verify-full", true},
             Case{"postgresql://localhost,db.example/app", "verify-full", true},
             Case{"postgresql://db.example/app?sslmode=require", "require", false},
             Case{"postgresql://localhost/app", "", false},
             Case{"postgresql://127.0.0.1/app?sslmode=verify-full", "verify-full", true},
             Case{"host=/run/postgresql dbname=app", "", false},
             Case{"host=localhost hostaddr=192.0.2.1 dbname=app", "verify-full", true},
         }) {
        auto info = parsed(text);
        require_verified_tls(info, "/ca.pem");
        CHECK(info.get("sslmode") == mode);
        CHECK(info.get("sslrootcert") == (has_authority ? "/ca.pem" : ""));
    }
    auto own = parsed("postgresql://db.example/app?sslrootcert=/mine.pem");
    require_verified_tls(own, "/ca.pem");
    CHECK(own.get("sslrootcert") == "/mine.pem");
}

TEST_CASE("locator: each attempt after a failure begins with the next host") {
    Workers resolvers{1};
    const auto locator = std::make_shared<Locator>(parsed("host=192.0.2.1,/run/postgresql,::1 port=1,2,3 user=app"), resolvers);
    CHECK_THROWS_AS(locator->conninfo(), Unreachable);
    CHECK_FALSE(locator->needs_lookup());
    locator->resolve();
    CHECK(parsed(locator->conninfo()).hosts().front() == Host{"192.0.2.1", "192.0.2.1", "1"});
    locator->note_failure();
    const auto hosts = parsed(locator->conninfo()).hosts();
    CHECK(hosts == std::vector<Host>{{"/run/postgresql", "", "2"}, {"::1", "::1", "3"}, {"192.0.2.1", "192.0.2.1", "1"}});
    locator->note_failure();
    locator->note_failure();
    CHECK(parsed(locator->conninfo()).hosts().front().port == "1");
}

TEST_CASE("locator: a name becomes its addresses, and one that has none says so") {
    Workers resolvers{1};
    const auto locator = std::make_shared<Locator>(parsed("postgresql://localhost:7/app"), resolvers);
    CHECK(locator->needs_lookup());
    locator->resolve();
    for (const auto& host : parsed(locator->conninfo()).hosts()) {
        CHECK(host.name == "localhost");
        CHECK((host.address == "127.0.0.1" || host.address == "::1"));
        CHECK(host.port == "7");
    }
    const auto nowhere = std::make_shared<Locator>(parsed("postgresql://no-such-host.invalid/app"), resolvers);
    CHECK_THROWS_WITH_AS(nowhere->resolve(), doctest::Contains("no-such-host.invalid"), Unreachable);
}
}  // namespace argon::pg
