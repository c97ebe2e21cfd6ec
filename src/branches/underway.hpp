// Branches that this process is making, restoring or removing right now. A branch whose row says unfinished and that is not among them was
// left behind by a failure half-way.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/ids.hpp"

namespace argon::branches {

class Underway {
public:
    /// Held as long as the work lasts.
    class Mark {
    public:
        Mark() = default;
        Mark(Underway& owner, const BranchId& branch) : owner_(&owner), branch_(branch) {}
        Mark(Mark&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), branch_(std::move(other.branch_)) {}
        Mark& operator=(Mark&& other) noexcept {
            std::swap(owner_, other.owner_);
            std::swap(branch_, other.branch_);
            return *this;
        }
        ~Mark() {
            if (owner_) owner_->release(branch_);
        }

    private:
        Underway* owner_ = nullptr;
        BranchId branch_;
    };

    Mark mark(const BranchId& branch) {
        const std::lock_guard lock{mutex_};
        branches_.insert(branch);
        return {*this, branch};
    }
    /// Nothing when somebody else is at it.
    std::optional<Mark> mark_alone(const BranchId& branch) {
        const std::lock_guard lock{mutex_};
        if (branches_.contains(branch)) return {};
        branches_.insert(branch);
        return Mark{*this, branch};
    }

private:
    void release(const BranchId& branch) {
        const std::lock_guard lock{mutex_};
        branches_.extract(branch);
    }

    std::mutex mutex_;
    std::multiset<BranchId> branches_;
};
}  // namespace argon::branches
