#include "identity/passwords.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>
#include <sys/resource.h>

#include "crypto/bcrypt.hpp"
#include "crypto/mac.hpp"
#include "crypto/password.hpp"
#include "crypto/scrypt.hpp"
#include "identity/fair_queue.hpp"

namespace argon::identity {
namespace {
/// A thread without work for this long gives its memory back.
constexpr auto keep_memory = std::chrono::seconds{5};
constexpr auto gathering = std::chrono::milliseconds{3};
constexpr int lower_priority = 5;  // requests that need no hash go first

Error busy() { return Error{unavailable}.retry_after(std::chrono::seconds{1}); }
}  // namespace

class HashThreads::Impl {
public:
    using Handler = asio::async_result<asio::use_awaitable_t<Executor>, void(std::string)>::handler_type;

    struct Job {
        std::string password;  // normalised
        std::string salt;
        std::string key;       // its size is the wanted length
        std::function<std::string()> other;  // in place of scrypt
        asio::io_context* home;
        std::optional<Handler> handler;
    };

    explicit Impl(HashConfig config) : config_(config), queue_(config.queue_of_branch, config.queue) {
        for (std::size_t i = 0; i < config.threads; ++i) threads_.emplace_back([this] { work(); });
    }

    ~Impl() {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        wake_.notify_all();
        for (auto& thread : threads_) thread.join();
    }

    bool has_room(std::string_view branch) {
        const std::lock_guard lock{mutex_};
        return queue_.has_room(branch);
    }

    awaitable<std::string> derive(asio::io_context& home, std::string_view branch, std::string password, std::string salt, std::size_t length) {
        return enqueue(branch, {crypto::normalize_nfkc(password), std::move(salt), std::string(length, '\0'), {}, &home, {}});
    }

    awaitable<std::string> compute(asio::io_context& home, std::string_view branch, std::function<std::string()> other) {
        return enqueue(branch, {{}, {}, {}, std::move(other), &home, {}});
    }

private:
    awaitable<std::string> enqueue(std::string_view branch, Job job) {
        return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(std::string)>(
            [this, branch](Handler handler, Job work) {
                work.handler.emplace(std::move(handler));
                {
                    const std::lock_guard lock{mutex_};
                    queue_.push(branch, std::move(work));
                }
                wake_.notify_one();
            },
            use_awaitable, std::move(job));
    }

    /// Shares the waiting jobs with the threads that are idle: lanes side by side only pay once every core is busy.
    /// Whoever signed in with the last batch may be followed by as many: a moment's patience keeps the lanes full under load, and a
    /// lone password never waits.
    std::vector<Job> take_batch(std::unique_lock<std::mutex>& lock, crypto::ScryptWorkspace& workspace, std::size_t last_batch) {
        ++idle_;
        while (queue_.empty() && !stopping_) {
            if (wake_.wait_for(lock, keep_memory) == std::cv_status::timeout) workspace.release();
        }
        if (last_batch > 1) wake_.wait_for(lock, gathering, [&] { return queue_.size() >= last_batch || stopping_; });
        const auto share = (queue_.size() + idle_ - 1) / idle_;
        --idle_;
        std::vector<Job> batch;
        while (!queue_.empty() && batch.size() < std::min(share, config_.lanes)) batch.push_back(queue_.pop());
        return batch;
    }

    void work() {
        pthread_setname_np(pthread_self(), "hash");
        setpriority(PRIO_PROCESS, 0, lower_priority);
        crypto::ScryptWorkspace workspace{config_.lanes};
        std::size_t last_batch = 0;
        std::unique_lock lock{mutex_};
        while (!stopping_) {
            auto batch = take_batch(lock, workspace, last_batch);
            last_batch = batch.size();
            lock.unlock();
            if (!batch.empty()) run(batch, workspace);
            lock.lock();
        }
    }

    /// Nothing on a fault: an exception here would end the program.
    static std::string run_other(const Job& job) {
        try {
            return job.other();
        } catch (const std::exception&) {
            return {};
        }
    }

    static void run(std::vector<Job>& batch, crypto::ScryptWorkspace& workspace) {
        std::vector<crypto::ScryptJob> jobs;
        for (auto& job : batch) {
            if (job.other) continue;
            jobs.push_back({job.password, job.salt, {reinterpret_cast<std::uint8_t*>(job.key.data()), job.key.size()}});
        }
        if (!jobs.empty()) crypto::scrypt_many(jobs, workspace);
        for (auto& job : batch) {
            if (job.other) job.key = run_other(job);
        }
        for (auto& job : batch) {
            asio::post(*job.home, [handler = std::move(*job.handler), key = std::move(job.key)]() mutable { std::move(handler)(std::move(key)); });
        }
    }

    HashConfig config_;
    std::mutex mutex_;
    std::condition_variable wake_;
    FairQueue<Job> queue_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

HashThreads::HashThreads(HashConfig config) : impl_(std::make_unique<Impl>(config)) {}
HashThreads::~HashThreads() = default;

awaitable<Result<std::string>> Passwords::hash(asio::io_context& home, std::string password) {
    if (!impl_.has_room(branch_)) co_return std::unexpected(busy());
    const auto salt = crypto::make_salt();
    auto key = co_await impl_.derive(home, branch_, std::move(password), salt, crypto::password_key_size);
    co_return crypto::format_stored_hash({salt, std::move(key)});
}

awaitable<Result<bool>> Passwords::verify_or_burn(asio::io_context& home, std::optional<std::string> stored_hash, std::string password) {
    if (stored_hash && crypto::is_bcrypt(*stored_hash)) co_return co_await verify_bcrypt_or_burn(home, std::move(stored_hash), std::move(password));
    if (!impl_.has_room(branch_)) co_return std::unexpected(busy());
    const auto stored = stored_hash ? crypto::parse_stored_hash(*stored_hash) : std::nullopt;
    const auto salt = stored ? stored->salt : crypto::make_salt();
    const auto length = stored ? stored->key.size() : crypto::password_key_size;
    const auto key = co_await impl_.derive(home, branch_, std::move(password), salt, length);
    co_return stored&& crypto::equal(key, stored->key);
}

awaitable<Result<std::string>> Passwords::hash_bcrypt(asio::io_context& home, std::string password) {
    if (password.size() > crypto::bcrypt_password_limit) throw std::invalid_argument("bcrypt would not see the end of the password");
    if (!impl_.has_room(branch_)) co_return std::unexpected(busy());
    auto hash = co_await impl_.compute(home, branch_, [password = std::move(password)] { return crypto::hash_bcrypt(password); });
    if (hash.empty()) throw std::runtime_error("a password could not be hashed");
    co_return std::move(hash);
}

awaitable<Result<bool>> Passwords::verify_bcrypt_or_burn(asio::io_context& home, std::optional<std::string> stored_hash, std::string password) {
    if (!impl_.has_room(branch_)) co_return std::unexpected(busy());
    const bool usable = stored_hash && crypto::is_bcrypt(*stored_hash) && password.size() <= crypto::bcrypt_password_limit;
    const auto verdict =
        co_await impl_.compute(home, branch_, [usable, stored = std::move(stored_hash), password = std::move(password)]() -> std::string {
            if (!usable) return crypto::hash_bcrypt(password.substr(0, crypto::bcrypt_password_limit)).substr(0, 0);
            return crypto::verify_bcrypt(password, *stored) ? "fits" : "";
        });
    co_return !verdict.empty();
}
}  // namespace argon::identity
