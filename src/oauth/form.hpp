// application/x-www-form-urlencoded text, as queries and bodies of OAuth use it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace argon::oauth {

class Form {
public:
    void add(std::string_view name, std::string_view value);
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::string joined(const std::vector<std::string>& parts, std::string_view separator);
}  // namespace argon::oauth
