#include "branches/each_apart.hpp"

#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

namespace argon::branches {
namespace {

TEST_CASE("what fails keeps nothing after it from being done, and the first failure is told") {
    asio::io_context io;
    std::vector<int> done;
    std::string told;
    const auto work = [&done](int item) -> awaitable<> {
        if (item % 2 == 0) throw std::runtime_error(std::to_string(item));
        done.push_back(item);
        co_return;
    };
    asio::co_spawn(io, each_apart(std::vector{1, 2, 3, 4, 5}, work), [&told](std::exception_ptr failure) {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const std::runtime_error& error) {
            told = error.what();
        }
    });
    io.run();
    CHECK(done == std::vector{1, 3, 5});
    CHECK(told == "2");
}
}  // namespace
}  // namespace argon::branches
