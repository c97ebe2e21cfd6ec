// The post office of a node: takes mails and events from the branches' outboxes to mail servers and webhooks. Each request that
// left something in an outbox wakes it after its commit; retries and the rows of nodes that died are found by looking again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/services.hpp"
#include "identity/jwks.hpp"
#include "identity/settings.hpp"
#include "mail/mailbox.hpp"
#include "mail/outbox.hpp"
#include "mail/sender.hpp"
#include "mail/templates.hpp"
#include "outbound/client.hpp"
#include "webhooks/delivery.hpp"

namespace argon::api {

struct DeliveryConfig {
    outbound::Config outbound;
    /// The operator's mail server, for branches without their own.
    std::optional<mail::Server> shared_server;
    /// Mails that have no server, and codes for phones, land in the built-in mailbox: for `argonauth dev` only.
    bool keeps_mailbox = false;
};

class Delivery {
public:
    Delivery(IoThreads& threads, DeliveryConfig config);
    ~Delivery();

    /// Begins to look for what waits. Call once, when the I/O threads run.
    void start(Services& services);
    void stop() { stopping_ = true; }

    /// Something was committed to the branch's outbox. On an I/O thread; returns at once.
    void wake(Services& services, std::shared_ptr<branches::LiveBranch> branch);

    /// This thread's way to the outside for addresses that a branch chose.
    outbound::Client& client() const { return *clients_[IoThreads::current_index()]; }
    /// This thread's way to what the operator configured, in whatever network that is.
    outbound::Client& operator_client() const { return *operator_clients_[IoThreads::current_index()]; }
    const outbound::AddressPolicy& addresses() const { return config_.outbound.addresses; }
    /// The branch's webhook, to be called with this thread's client.
    webhooks::Target make_target(const identity::Settings& settings, const identity::SigningKeys& keys) const;
    /// Absent unless the node keeps one.
    mail::Mailbox* mailbox() { return config_.keeps_mailbox ? &mailbox_ : nullptr; }

    /// Why the mail was not taken; nothing when it was.
    awaitable<outbound::MailAnswer> post(const Services& services, const identity::Settings& settings, const BranchId& branch,
                                         const mail::Order& order, const std::string& id, TimePoint created_at);
    /// The test of the management API: nothing when the branch's mail server took the mail, else why not.
    awaitable<std::optional<std::string>> send_test(const Services& services, const identity::EmailProvider& provider, std::string application_name,
                                                    std::string to);

private:
    struct Drain;
    using Drains = std::unordered_map<const branches::LiveBranch*, std::shared_ptr<Drain>>;

    std::optional<mail::Server> choose_server(const Services& services, const identity::EmailProvider& provider,
                                              const std::string& application_name) const;
    outbound::Client& way_to(const identity::EmailProvider& provider) const;
    void put_in_mailbox(const BranchId& branch, const mail::Order& order, mail::Rendered words);
    std::shared_ptr<Drain> drain_of(const std::shared_ptr<branches::LiveBranch>& branch);
    awaitable<> drain(Services& services, std::shared_ptr<Drain> drain);
    awaitable<> drain_mails(Services& services, std::shared_ptr<Drain> drain, std::shared_ptr<pg::Pool> pool);
    awaitable<> drain_events(Services& services, std::shared_ptr<Drain> drain, std::shared_ptr<pg::Pool> pool);
    awaitable<> look_around(Services& services);

    IoThreads& threads_;
    DeliveryConfig config_;
    mail::Mailbox mailbox_;
    std::vector<std::unique_ptr<outbound::Client>> clients_;           ///< by I/O thread, bound by the operator's rules
    std::vector<std::unique_ptr<outbound::Client>> operator_clients_;  ///< to the operator's own mail server, wherever it is
    std::vector<Drains> drains_;                                       ///< by I/O thread
    std::atomic<bool> stopping_{false};
};
}  // namespace argon::api
