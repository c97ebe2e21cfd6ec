// Lists in pages: a page starts after the last item of the one before, found by its sort key and id, so that items which come and go
// meanwhile neither repeat nor hide others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace argon::branches {

struct Cursor {
    std::string key;  ///< what the list is sorted by, as text that sorts bytewise
    std::string id;   ///< tells items of one key apart

    bool operator==(const Cursor&) const = default;
};

struct PageRequest {
    std::int64_t limit = 0;
    std::optional<Cursor> after;
    std::string search;  ///< part of a name or id; empty: everything

    std::optional<std::string> after_key() const { return after ? std::optional{after->key} : std::nullopt; }
    std::optional<std::string> after_id() const { return after ? std::optional{after->id} : std::nullopt; }
    /// One more than asked for tells whether there is a next page.
    std::int64_t rows() const { return limit + 1; }
};

template <class T>
struct Page {
    std::vector<T> items;
    std::optional<Cursor> next;
};

/// A row of a paged query: the item's own columns, then the sort key.
template <class T>
struct Keyed {
    T item;
    std::string key;

    static void columns(auto& column, auto& row) {
        T::columns(column, row.item);
        column(row.key);
    }
};

/// Drops the row beyond the limit; `id_of` gives the text of an item's id.
template <class T>
Page<T> make_page(std::vector<Keyed<T>> rows, const PageRequest& request, auto id_of) {
    Page<T> page;
    const auto limit = static_cast<std::size_t>(request.limit);
    if (rows.size() > limit) {
        rows.resize(limit);
        page.next = Cursor{rows.back().key, id_of(rows.back().item)};
    }
    page.items.reserve(rows.size());
    for (auto& row : rows) page.items.push_back(std::move(row.item));
    return page;
}
}  // namespace argon::branches
