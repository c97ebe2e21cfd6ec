// Mails that wait to be sent: rows of neon_auth.argonauth_mail.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "crypto/secret_key.hpp"
#include "pg/executor.hpp"

namespace argon::mail {

/// One mail: which one, for whom, and the one code or link it carries. It is rendered when it is sent.
struct Order {
    std::string kind;  ///< a name of `mailTemplates`: signInCode, resetLink ...
    std::string to;
    std::string code;  ///< this,
    std::string url;   ///< or this
    std::int64_t minutes = 0;
    std::string detail;  ///< what the mail is about, where code or link do not say it: the new address, the organization
    std::string actor;   ///< who caused it, where that is somebody else than the recipient

    static void fields(auto& f, auto& order) {
        f.required("kind", order.kind);
        f.required("to", order.to);
        f.optional("code", order.code);
        f.optional("url", order.url);
        f.optional("minutes", order.minutes);
        f.optional("detail", order.detail);
        f.optional("actor", order.actor);
    }
};

/// Writes the mail sealed into the outbox, in the caller's transaction.
awaitable<> enqueue(pg::Executor& db, const crypto::SecretKey& key, const BranchId& branch, const Order& order, TimePoint expires_at);
}  // namespace argon::mail
