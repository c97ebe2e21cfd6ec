// Lists of words in requests.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace argon::management::branch_auth {

/// In the order given, each once.
inline std::vector<std::string> without_repeats(const std::vector<std::string>& words) {
    std::vector<std::string> once;
    for (const auto& word : words) {
        if (std::ranges::find(once, word) == once.end()) once.push_back(word);
    }
    return once;
}
}  // namespace argon::management::branch_auth
