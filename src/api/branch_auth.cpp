#include "api/branch_auth.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "crypto/encoding.hpp"
#include "identity/branch_secrets.hpp"
#include "pg/listener.hpp"

namespace argon::api {
namespace {
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr pg::Statement select_one{"api.reach_branch", "SELECT 1"};

/// One thread's copy of a branch's auth state, with the connection that tells when it is out of date.
struct Cached {
    std::shared_ptr<branches::LiveBranch> branch;  // keeps the key of the map alive
    std::shared_ptr<const BranchAuth> auth;
    std::uint64_t auth_version = 0;  // the version that `auth` is of
    std::uint64_t notices = 0;       // of changes, from PostgreSQL
    std::shared_ptr<pg::Listener> listener;
    std::shared_ptr<Timer> loading;  // cancelled when the load under way has ended
};
using Cache = std::unordered_map<const branches::LiveBranch*, std::shared_ptr<Cached>>;

/// Rises with every change, whoever made it.
std::uint64_t version(const Cached& entry) { return entry.branch->settings_version.load(std::memory_order_acquire) + entry.notices; }
bool signs(const identity::SigningKeys& keys) { return !keys.expires_at || *keys.expires_at > now(); }
bool is_current(const Cached& entry) { return entry.auth && entry.auth_version == version(entry) && signs(entry.auth->keys); }

Cache& thread_cache() {
    thread_local Cache cache;
    return cache;
}

std::shared_ptr<Cached> cached_entry(const std::shared_ptr<branches::LiveBranch>& branch) {
    auto& cache = thread_cache();
    std::erase_if(cache, [](const auto& entry) {
        if (!entry.second->branch->gone || entry.second->loading) return false;
        if (entry.second->listener) entry.second->listener->close();
        return true;
    });
    auto& entry = cache[branch.get()];
    if (!entry) entry = std::make_shared<Cached>(branch);
    return entry;
}

std::string attributes(const identity::CookieSettings& cookies, const std::string& path) {
    std::string site = cookies.sameSite;
    site.front() = static_cast<char>(site.front() - 32);
    return fmt::format("; Path={}; HttpOnly{}; SameSite={}{}", path, cookies.secure ? "; Secure" : "", site,
                       cookies.partitioned ? "; Partitioned" : "");
}

/// Cookies of a branch are signed with a key of its own, so that a copied branch honours none of its parent's.
std::string cookie_secret(const Services& services, const branches::LiveBranch& branch, const identity::Settings& settings) {
    if (settings.advanced.secret) return *settings.advanced.secret;
    return crypto::base64url_encode(services.master_key.derive("cookies of branch " + branch.branch.value).bytes());
}

crypto::HmacKey derived_key(const Services& services, const branches::LiveBranch& branch, std::string_view purpose) {
    return crypto::HmacKey{services.master_key.derive(std::string{purpose} + " of branch " + branch.branch.value).bytes()};
}

void open_imported_secret(const Services& services, identity::Advanced& advanced) {
    if (!advanced.secret) return;
    advanced.secret = identity::open_branch_secret(services.master_key, identity::imported_secret_place, *advanced.secret);
    if (!advanced.secret) throw std::runtime_error("neon_auth.project_config.advanced.secret cannot be opened with this master key");
}

awaitable<std::shared_ptr<const BranchAuth>> read_branch_auth(Services& services, const branches::LiveBranch& branch, pg::Pool& pool) {
    auto settings = co_await identity::load_settings(pool);
    open_imported_secret(services, settings.advanced);
    const auto sealing_key = services.master_key.derive("signing keys");
    const auto* imported = settings.advanced.secret ? &*settings.advanced.secret : nullptr;
    auto keys = co_await identity::load_signing_keys(pool, sealing_key, imported);

    std::vector<std::string> own{services.addresses.public_url};
    own.insert(own.end(), services.addresses.aliases.begin(), services.addresses.aliases.end());
    if (!services.addresses.auth_domain.empty()) own.push_back(services.addresses.endpoint_origin(branch.endpoint.value));
    const auto& cookies = settings.advanced.cookies;
    const auto path = services.addresses.single_branch ? "/" : services.addresses.base_path(branch.endpoint, branch.database);
    TrustedOrigins trusted{own, settings.trusted_origins, settings.allow_localhost};
    crypto::HmacKey cookie_key{cookie_secret(services, branch, settings)};
    auto prefix = (cookies.secure ? "__Secure-" : "") + cookies.prefix + ".";
    auto cookie_attributes = attributes(cookies, path);
    auto host_cookie_attributes = attributes(cookies, "/");
    const auto one_time_key = derived_key(services, branch, "codes and tokens");
    const auto link_key = imported ? crypto::HmacKey{*imported} : derived_key(services, branch, "links");
    co_return std::make_shared<const BranchAuth>(BranchAuth{std::move(settings), std::move(keys), cookie_key, std::move(trusted), std::move(prefix),
                                                            std::move(cookie_attributes), std::move(host_cookie_attributes), one_time_key, link_key});
}

awaitable<> refresh(Services& services, std::shared_ptr<Cached> entry, pg::Pool& pool) {
    if (!entry->listener || !entry->listener->is_alive()) {
        // The pool knows at once when the server cannot be reached; the listener would find out anew for each request.
        co_await pool.query(select_one);
        const std::weak_ptr<Cached> weak = entry;
        entry->listener = pg::Listener::create(services.io(), [weak](std::string_view) {
            if (const auto cached = weak.lock()) ++cached->notices;
        });
        const auto conninfo = services.compute.service_conninfo(entry->branch->branch, entry->branch->database);
        co_await entry->listener->start(conninfo, "argonauth_settings");
    }
    // Asked before reading: what changes meanwhile makes the result out of date.
    const auto current = version(*entry);
    auto auth = co_await read_branch_auth(services, *entry->branch, pool);
    entry->auth = std::move(auth);
    entry->auth_version = current;
}
}  // namespace

awaitable<std::shared_ptr<const BranchAuth>> load_branch_auth(Services& services, const std::shared_ptr<branches::LiveBranch>& branch,
                                                              pg::Pool& pool) {
    const auto found = thread_cache().find(branch.get());
    if (found != thread_cache().end() && is_current(*found->second)) co_return found->second->auth;

    const auto entry = cached_entry(branch);
    // One load at a time: a hundred first requests must not open a hundred connections.
    while (!is_current(*entry) && entry->loading) {
        boost::system::error_code ignored;
        const auto loading = entry->loading;
        co_await loading->async_wait(asio::redirect_error(use_awaitable, ignored));
    }
    if (is_current(*entry)) co_return entry->auth;
    entry->loading = std::make_shared<Timer>(services.io(), Timer::time_point::max());
    std::exception_ptr problem;
    try {
        co_await refresh(services, entry, pool);
    } catch (...) {
        problem = std::current_exception();
    }
    entry->loading->cancel();
    entry->loading = nullptr;
    if (problem) std::rethrow_exception(problem);
    co_return entry->auth;
}
}  // namespace argon::api
