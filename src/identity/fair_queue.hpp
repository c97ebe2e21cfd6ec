// A queue in which nobody waits behind more than one job of each other: who has many waiting waits for them alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <utility>

namespace argon::identity {

template <class Job>
class FairQueue {
public:
    /// How many jobs may wait: of one owner, and of all together.
    FairQueue(std::size_t most_of_one, std::size_t most) : most_of_one_(most_of_one), most_(most) {}

    bool has_room(std::string_view owner) const {
        const auto line = std::ranges::find(lines_, owner, &Line::owner);
        return size_ < most_ && (line == lines_.end() || line->jobs.size() < most_of_one_);
    }

    void push(std::string_view owner, Job job) {
        auto line = std::ranges::find(lines_, owner, &Line::owner);
        if (line == lines_.end()) line = lines_.insert(lines_.end(), Line{std::string{owner}, {}});
        line->jobs.push_back(std::move(job));
        ++size_;
    }

    /// The eldest job of the owner whose turn it is; the queue must not be empty.
    Job pop() {
        auto& line = lines_.front();
        auto job = std::move(line.jobs.front());
        line.jobs.pop_front();
        --size_;
        if (line.jobs.empty()) {
            lines_.pop_front();
        } else {
            lines_.splice(lines_.end(), lines_, lines_.begin());
        }
        return job;
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

private:
    struct Line {
        std::string owner;
        std::deque<Job> jobs;
    };

    std::size_t most_of_one_;
    std::size_t most_;
    std::size_t size_ = 0;
    std::list<Line> lines_;  ///< the next one's turn first
};
}  // namespace argon::identity
