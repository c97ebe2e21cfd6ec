// A named SQL text. The name is also the prepared statement, the metric label and the log field.
#pragma once

#include <string_view>

namespace argon::pg {

struct Statement {
    std::string_view name;
    std::string_view sql;
    /// Plain reads of one loop turn share a Sync; a write has its own, because everything between two Syncs is one
    /// implicit transaction (stack.md, 4.5).
    bool is_read;

    consteval Statement(const char* statement_name, const char* text) : name(statement_name), sql(text), is_read(starts_with_select(sql)) {}

private:
    static consteval bool starts_with_select(std::string_view text) {
        const auto first = text.find_first_not_of(" \n\t");
        return text.substr(first).starts_with("SELECT") && text.find("FOR UPDATE") == std::string_view::npos;
    }
};
}  // namespace argon::pg
