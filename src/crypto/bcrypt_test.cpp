#include "crypto/bcrypt.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace argon;

TEST_CASE("bcrypt: hashes are checked, with other programs' too") {
    const auto hash = crypto::hash_bcrypt("correct horse");
    CHECK(hash.starts_with("$2b$10$"));
    CHECK(crypto::verify_bcrypt("correct horse", hash));
    CHECK_FALSE(crypto::verify_bcrypt("correct horsf", hash));
    CHECK(hash != crypto::hash_bcrypt("correct horse"));
    // The test vectors of OpenBSD and jBCrypt.
    CHECK(crypto::verify_bcrypt("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."));
    CHECK(crypto::verify_bcrypt("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"));
}

TEST_CASE("bcrypt: what is no hash fits no password") {
    const std::string good = "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.";
    REQUIRE(crypto::is_bcrypt(good));
    for (const std::string text :
         {"", "$2a$06$", "$2x$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.",
          "$2a$03$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.", "$2a$15$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.",
          "$2a$0x$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s",
          "$5$rounds=5000$salt$hash", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s!"}) {
        CHECK_FALSE(crypto::is_bcrypt(text));
        CHECK_FALSE(crypto::verify_bcrypt("", text));
    }
}
