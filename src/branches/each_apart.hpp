// One thing that cannot be done must not keep the others from being done.
#pragma once

#include <exception>
#include <vector>

#include "base/async.hpp"

namespace argon::branches {

/// Awaits work(item) for each in turn, those after a failed one too. Throws the first failure at the end.
template <class Item, class Work>
awaitable<> each_apart(std::vector<Item> items, Work work) {
    std::exception_ptr failure;
    for (const auto& item : items) {
        try {
            co_await work(item);
        } catch (const std::exception&) {
            if (!failure) failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}
}  // namespace argon::branches
