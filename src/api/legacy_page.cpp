#include "api/legacy_page.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>

#include "json/writer.hpp"

namespace argon::api {
namespace {
struct Pagination {
    const std::optional<std::string>& next_cursor;

    static void fields(auto& f, const auto& pagination) { f.required("next_cursor", pagination.next_cursor); }
};
/// More than a number can say is as good as all, as is nothing.
std::int64_t to_limit(const std::optional<std::string>& text) {
    auto limit = std::numeric_limits<std::int64_t>::max();
    if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
    return limit;
}

class Listing {
public:
    Listing(const LegacyContext& ctx, ReadPart read, std::optional<legacy::ListPosition> from, std::int64_t limit, std::int64_t part_size)
        : branch_(ctx.branch), read_(std::move(read)), from_(std::move(from)), remaining_(limit), part_size_(part_size) {}

    bool is_done() const { return is_done_; }
    awaitable<std::string> read_part() {
        auto part = co_await read_(from_, std::min(remaining_, part_size_));
        std::string text = is_begun_ ? "" : R"({"items":[)";
        if (is_begun_ && part.count > 0) text += ',';
        is_begun_ = true;
        text += part.items;
        remaining_ -= part.count;
        from_ = std::move(part.next);
        is_done_ = !from_ || remaining_ == 0;
        if (is_done_) text += ending();
        co_return text;
    }

private:
    std::string ending() const {
        const auto next = from_ ? std::optional{from_->id} : std::nullopt;
        return R"(],"is_paginated":true,"pagination":)" + json::encode(Pagination{next}) + "}";
    }

    std::shared_ptr<branches::LiveBranch> branch_;  // what is read from
    ReadPart read_;
    std::optional<legacy::ListPosition> from_;
    std::int64_t remaining_;
    std::int64_t part_size_;
    bool is_begun_ = false;
    bool is_done_ = false;
};

awaitable<std::optional<std::string>> read_next(std::shared_ptr<Listing> listing) {
    if (listing->is_done()) co_return std::nullopt;
    auto part = co_await listing->read_part();
    co_return part;
}
}  // namespace

std::optional<std::string> WholeNumberCheck::operator()(std::string_view text) const {
    const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (is_number && text.find_first_not_of('0') != std::string_view::npos) return {};
    return "Invalid input: expected an integer of at least 1";
}

awaitable<http::Response> answer_list(const LegacyContext& ctx, ReadPart read, std::optional<legacy::ListPosition> from,
                                      const std::optional<std::string>& limit, std::int64_t part_size) {
    const auto listing = std::make_shared<Listing>(ctx, std::move(read), std::move(from), to_limit(limit), part_size);
    auto first = co_await listing->read_part();
    auto response = http::Response::text(200, "application/json", std::move(first));
    if (!listing->is_done()) response.next_part = [listing] { return read_next(listing); };
    co_return response;
}
}  // namespace argon::api
