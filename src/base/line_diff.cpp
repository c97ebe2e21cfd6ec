#include "base/line_diff.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace argon {
namespace {
constexpr std::size_t context = 3;
/// Beyond so many differing lines memory would grow with their square: then everything between the first and the last one differs.
constexpr int most_changes = 2000;

using Lines = std::vector<std::string_view>;

Lines split(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

struct Line {
    char mark;  // ' ', '-' or '+'
    std::string_view text;
};

/// Myers' greedy algorithm: how far each diagonal reaches with so many changes, until the ends meet.
class Search {
public:
    Search(const Lines& before, const Lines& after)
        : before_(before), after_(after), rows_(static_cast<int>(before.size())), columns_(static_cast<int>(after.size())) {}

    std::vector<Line> run() {
        const int most = std::min(rows_ + columns_, most_changes);
        std::vector<int> reach(2 * static_cast<std::size_t>(most) + 3, 0);
        for (int changes = 0; changes <= most; ++changes) {
            history_.push_back(std::vector<int>(reach.begin() + most + 1 - changes - 1, reach.begin() + most + 1 + changes + 2));
            for (int diagonal = -changes; diagonal <= changes; diagonal += 2) {
                auto* at = &reach[static_cast<std::size_t>(most + 1 + diagonal)];
                *at = follow(goes_down(at[-1], at[1], diagonal, changes) ? at[1] : at[-1] + 1, diagonal);
                if (*at >= rows_ && *at - diagonal >= columns_) return trace_back(changes);
            }
        }
        return replace_all();
    }

private:
    static bool goes_down(int left, int right, int diagonal, int changes) { return diagonal == -changes || (diagonal != changes && left < right); }

    int follow(int row, int diagonal) const {
        while (row < rows_ && row - diagonal < columns_ &&
               before_[static_cast<std::size_t>(row)] == after_[static_cast<std::size_t>(row - diagonal)]) {
            ++row;
        }
        return row;
    }

    std::vector<Line> trace_back(int changes) const {
        std::vector<Line> lines;
        int row = rows_;
        int column = columns_;
        for (; changes > 0; --changes) {
            const auto& reach = history_[static_cast<std::size_t>(changes)];
            const int diagonal = row - column;
            const auto* at = &reach[static_cast<std::size_t>(changes + 1 + diagonal)];
            const bool down = goes_down(at[-1], at[1], diagonal, changes);
            const int from = down ? at[1] : at[-1];
            const int from_column = from - (down ? diagonal + 1 : diagonal - 1);
            while (row > (down ? from : from + 1)) take_common(lines, row, column);
            lines.push_back(down ? Line{'+', after_[static_cast<std::size_t>(from_column)]} : Line{'-', before_[static_cast<std::size_t>(from)]});
            row = from;
            column = from_column;
        }
        while (row > 0) take_common(lines, row, column);
        std::ranges::reverse(lines);
        return lines;
    }

    void take_common(std::vector<Line>& lines, int& row, int& column) const {
        lines.push_back({' ', before_[static_cast<std::size_t>(--row)]});
        --column;
    }

    std::vector<Line> replace_all() const {
        std::vector<Line> lines;
        for (const auto text : before_) lines.push_back({'-', text});
        for (const auto text : after_) lines.push_back({'+', text});
        return lines;
    }

    const Lines& before_;
    const Lines& after_;
    int rows_;
    int columns_;
    std::vector<std::vector<int>> history_;
};

std::string print_range(std::size_t first, std::size_t count) {
    if (count == 1) return std::to_string(first + 1);
    return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

/// One past the last line of the hunk that begins at `first`: changes that are close to each other share one.
std::size_t end_of_hunk(const std::vector<Line>& lines, std::size_t first) {
    std::size_t last_change = first;
    for (auto i = first; i < lines.size() && i <= last_change + 2 * context + 1; ++i) {
        if (lines[i].mark != ' ') last_change = i;
    }
    return std::min(last_change + context + 1, lines.size());
}
}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name, std::string_view after_name) {
    if (before == after) return {};
    const auto old_lines = split(before);
    const auto new_lines = split(after);
    const auto lines = Search{old_lines, new_lines}.run();
    auto text = fmt::format("--- {}\n+++ {}\n", before_name, after_name);
    std::size_t old_line = 0;
    std::size_t new_line = 0;
    for (std::size_t i = 0; i < lines.size();) {
        const auto change = static_cast<std::size_t>(
            std::ranges::find_if(lines.begin() + static_cast<std::ptrdiff_t>(i), lines.end(), [](const Line& line) { return line.mark != ' '; }) -
            lines.begin());
        if (change == lines.size()) break;
        const auto begin = std::max(i, change > context ? change - context : 0);
        old_line += begin - i;
        new_line += begin - i;
        const auto end = end_of_hunk(lines, change);
        std::string hunk;
        std::size_t old_count = 0;
        std::size_t new_count = 0;
        for (i = begin; i < end; ++i) {
            hunk += lines[i].mark;
            hunk.append(lines[i].text) += '\n';
            old_count += lines[i].mark != '+';
            new_count += lines[i].mark != '-';
        }
        text += fmt::format("@@ -{} +{} @@\n{}", print_range(old_line, old_count), print_range(new_line, new_count), hunk);
        old_line += old_count;
        new_line += new_count;
    }
    return text;
}
}  // namespace argon
