#include "base/line_diff.hpp"

#include <doctest/doctest.h>

namespace argon {

TEST_CASE("line_diff: as diff -u prints it") {
    const auto diff = [](std::string_view before, std::string_view after) { return unified_diff(before, after, "a", "b"); };
    CHECK(diff("x\ny\n", "x\ny\n").empty());
    CHECK(diff("", "x\n") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
    CHECK(diff("x\n", "") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
    CHECK(diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n") == "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
    // Changes with at most six lines between them share a hunk.
    CHECK(diff("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n") == "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    CHECK(diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n") ==
          "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
    CHECK(diff("c\na\nb\n", "a\nb\nc\n") == "--- a\n+++ b\n@@ -1,3 +1,3 @@\n-c\n a\n b\n+c\n");
}

TEST_CASE("line_diff: texts with nothing in common end in time") {
    std::string before;
    std::string after;
    for (int i = 0; i < 20'000; ++i) {
        before += "before " + std::to_string(i) + '\n';
        after += "after " + std::to_string(i) + '\n';
    }
    const auto diff = unified_diff(before, after, "a", "b");
    CHECK(diff.starts_with("--- a\n+++ b\n@@ -1,20000 +1,20000 @@\n-before 0\n"));
    CHECK(diff.ends_with("\n+after 19999\n"));
}
}  // namespace argon
