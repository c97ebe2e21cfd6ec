#include "identity/branch_secrets.hpp"

#include <doctest/doctest.h>

namespace argon::identity {

TEST_CASE("branch secrets: sealed texts open with the same key at the same place, plain ones are themselves") {
    const crypto::MasterKey key{crypto::SecretKey::generate()};
    const crypto::MasterKey other{crypto::SecretKey::generate()};
    const auto place = client_secret_place("google");
    const auto sealed = seal_branch_secret(key, place, "s3cret");
    CHECK(sealed.find("s3cret") == std::string::npos);
    CHECK(open_branch_secret(key, place, sealed) == "s3cret");
    CHECK_FALSE(open_branch_secret(other, place, sealed));
    CHECK_FALSE(open_branch_secret(key, client_secret_place("github"), sealed));
    CHECK_FALSE(open_branch_secret(key, email_password_place, sealed));
    CHECK(open_branch_secret(key, place, "written with SQL") == "written with SQL");
    CHECK(open_branch_secret(key, place, seal_branch_secret(key, place, "v1:odd")) == "v1:odd");
}
}  // namespace argon::identity
