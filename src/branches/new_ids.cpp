#include "branches/new_ids.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "crypto/random.hpp"

namespace argon::branches {
namespace {
// 64 each, so that one random byte picks without bias.
constexpr std::array<std::string_view, 64> adjectives{
    "amber",   "autumn", "blue",     "bold",     "brave",  "bright", "broad",  "calm",     "clear",     "cold",      "cool",   "crimson", "curly",
    "damp",    "dark",   "dawn",     "deep",     "dry",    "early",  "fading", "falling",  "floral",    "fresh",     "gentle", "golden",  "green",
    "hidden",  "icy",    "jolly",    "lively",   "lucky",  "mellow", "misty",  "modest",   "morning",   "muddy",     "noble",  "old",     "orange",
    "patient", "plain",  "polished", "proud",    "purple", "quiet",  "rapid",  "restless", "rough",     "round",     "royal",  "shiny",   "silent",
    "small",   "snowy",  "soft",     "solitary", "spring", "steep",  "summer", "tiny",     "wandering", "weathered", "wild",   "winter"};
constexpr std::array<std::string_view, 64> nouns{
    "art",     "band",   "bar",    "base",   "bird",   "block",    "boat",  "bonus",    "bread", "breeze", "brook",   "bush",  "butterfly",
    "cake",    "cell",   "cherry", "cloud",  "credit", "darkness", "dew",   "disk",     "dream", "dust",   "feather", "field", "fire",
    "firefly", "flower", "fog",    "forest", "frog",   "frost",    "glade", "glitter",  "grass", "hall",   "hat",     "haze",  "heart",
    "hill",    "king",   "lab",    "lake",   "leaf",   "meadow",   "moon",  "mountain", "mouse", "night",  "paper",   "pine",  "pond",
    "rain",    "river",  "sea",    "shadow", "shape",  "silence",  "sky",   "smoke",    "star",  "sun",    "surf",    "tree"};

std::string words() {
    const auto bytes = crypto::random_bytes(2);
    const auto pick = [](const auto& list, char byte) { return list[static_cast<unsigned char>(byte) % list.size()]; };
    return fmt::format("{}-{}", pick(adjectives, bytes[0]), pick(nouns, bytes[1]));
}
}  // namespace

ProjectId make_project_id() { return ProjectId{fmt::format("{}-{}", words(), crypto::random_text(8, crypto::digits))}; }
BranchId make_branch_id() { return BranchId{fmt::format("br-{}-{}", words(), crypto::random_text(8, crypto::lower_alphanumeric))}; }
EndpointId make_endpoint_id() { return EndpointId{fmt::format("ep-{}-{}", words(), crypto::random_text(8, crypto::lower_alphanumeric))}; }
}  // namespace argon::branches
