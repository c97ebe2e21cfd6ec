// A named SQL text. The name is also the prepared statement, the metric label and the log field.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace argon::pg {

struct Statement {
    std::string_view name;
    std::string_view sql;
    /// Plain reads of one loop turn share a Sync; a write has its own, because everything between two Syncs is one
    /// implicit transaction (stack.md, 4.5).
    bool is_read;
    /// False: planned anew each time, with the values at hand, and not kept by the server. For composed texts.
    bool is_prepared = true;

    consteval Statement(const char* statement_name, const char* text) : name(statement_name), sql(text), is_read(starts_with_select(sql)) {}

private:
    friend class ComposedStatement;
    constexpr Statement(std::string_view label, const std::string& text, bool prepared)
        : name(label), sql(text), is_read(starts_with_select(sql)), is_prepared(prepared) {}

    static constexpr bool starts_with_select(std::string_view text) {
        const auto first = text.find_first_not_of(" \n\t");
        return text.substr(first).starts_with("SELECT") && text.find("FOR UPDATE") == std::string_view::npos;
    }
};

/// A statement put together at run time, where a table can be searched, filtered and sorted by any of its columns. Every part of the text
/// is a constant of the program; what a client sends travels as a parameter, always.
class ComposedStatement {
public:
    ComposedStatement(std::string_view name, std::string sql) : body_(std::make_shared<Body>(name, std::move(sql))) {}

    const Statement& statement() const { return body_->statement; }
    /// Keeps the text alive for whoever still sends it.
    std::shared_ptr<const void> owner() const { return body_; }

private:
    struct Body {
        Body(std::string_view name, std::string text) : sql(std::move(text)), statement(name, sql, false) {}
        Body(const Body&) = delete;
        std::string sql;
        Statement statement;
    };
    std::shared_ptr<const Body> body_;
};
}  // namespace argon::pg
