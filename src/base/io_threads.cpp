#include "base/io_threads.hpp"

#include <fmt/format.h>
#include <pthread.h>

namespace argon {
namespace {
thread_local std::size_t this_index = static_cast<std::size_t>(-1);
}

IoThreads::IoThreads(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        loops_.push_back(std::make_unique<asio::io_context>(1));
        guards_.emplace_back(loops_.back()->get_executor());
    }
}

IoThreads::~IoThreads() {
    stop();
    join();
}

void IoThreads::start() {
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        threads_.emplace_back([this, i] {
            this_index = i;
            pthread_setname_np(pthread_self(), fmt::format("io-{}", i).c_str());
            loops_[i]->run();
        });
    }
}

void IoThreads::join() {
    guards_.clear();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void IoThreads::stop() {
    for (auto& loop : loops_) loop->stop();
}

std::size_t IoThreads::current_index() { return this_index; }
}  // namespace argon
