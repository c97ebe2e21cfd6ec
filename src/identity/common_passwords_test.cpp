#include "identity/common_passwords.hpp"

#include <string>

#include <doctest/doctest.h>

using argon::identity::is_common_password;

TEST_CASE("S068: common passwords: what everybody tries first") {
    for (const char* password : {"password",     "Password1",        "PASSWORD!",
                                 "p@ssw0rd",     "P4ssw0rd!",        "passw0rd123",
                                 "password2024", "password123456",   "12345678",
                                 "123456789",    "1234567890",       "87654321",
                                 "11111111",     "00000000",         "12121212",
                                 "123123123",    "abcabcabc",        "aaaaaaaa",
                                 "abcd1234",     "abcdefgh",         "a1b2c3d4",
                                 "qwertyuiop",   "qwerty123",        "Qwertz123",
                                 "azertyuiop",   "1q2w3e4r",         "1q2w3e4r5t",
                                 "1qaz2wsx",     "zaq12wsx",         "qazwsxedc",
                                 "asdfghjkl",    "asdfasdf",         "zxcvbnm1",
                                 "iloveyou",     "iloveyou2",        "ilovejesus",
                                 "loveyou1",     "letmein1",         "trustno1",
                                 "welcome1",     "Welcome123!",      "changeme",
                                 "admin123",     "administrator",    "football",
                                 "football1",    "baseball",         "basketball",
                                 "superman1",    "batman123",        "spiderman",
                                 "starwars",     "pokemon1",         "princess",
                                 "princess1",    "babygirl1",        "sunshine1",
                                 "butterfly",    "chocolate",        "dolphins",
                                 "liverpool1",   "chelsea1",         "manchester",
                                 "barcelona",    "metallica",        "rockstar1",
                                 "michelle1",    "jennifer",         "jordan23",
                                 "michael1",     "charlie1",         "alexander",
                                 "samantha1",    "december12",       "september1",
                                 "computer1",    "internet",         "whatever1",
                                 "master123",    "monkey123",        "dragon123",
                                 "shadow123",    "killer123",        "!@#$%^&*",
                                 "1123581321",   "147258369",        "11223344",
                                 "19870514",     "14051987",         "05141987",
                                 "summer2023",   "winter2024",       "Spring2025!",
                                 "secret123",    "testtest",         "test1234",
                                 "guest123",     "footballfootball", "aaaaaaaaaaaaaaaaaaaa",
                                 "qwertyqwerty"}) {
        CHECK_MESSAGE(is_common_password(password, ""), password);
    }
}

TEST_CASE("S068: common passwords: what takes a guesser longer stays allowed") {
    for (const char* password : {"correct-horse-9", "correct horse battery staple", "tr4ctor-Beetle", "xkGq82mPz", "hunter-boots-under-rain",
                                 "vJ3#mq9Lw!2", "mein hund frisst gras", "football84723", "kitchen-Lamp-44", "Tb8-Tb9-Tc1x", "ümläüt-wörter",
                                 "4815162342", "purple tractor", "gorse9plinth"}) {
        CHECK_MESSAGE(!is_common_password(password, "ada@example.com"), password);
    }
    CHECK(!is_common_password(std::string(100'000, 'a') + "b", "a@b.cc"));
}

TEST_CASE("S068: common passwords: nothing made of the user's own address") {
    const auto* address = "Ada.Lovelace@engines.example";
    for (const char* password : {"ada.lovelace@engines.example", "ADA.LOVELACE", "ada.lovelace1", "ada.lovelace2024", "engines123", "engines.example",
                                 "xada.lovelace@engines.examplex"})
        CHECK_MESSAGE(is_common_password(password, address), password);
    CHECK(is_common_password("ada.19151852", "ada.19151852@engines.example"));
    CHECK(!is_common_password("ada.lovelace wrote the first one", address));
    CHECK(!is_common_password("gorse9plinth", "a@b.cc"));
}
