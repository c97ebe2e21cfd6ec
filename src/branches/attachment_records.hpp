// Connection strings of attached branches: the rows of argonauth.attachment.
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "branches/endpoint_records.hpp"
#include "crypto/secret_key.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

struct Attachment {
    BranchId branch_id;
    std::string sealed_conninfo;
    std::string host;     ///< `host:port`, several with commas
    std::string options;  ///< as in the query of a URI

    static void columns(auto& column, auto& attachment) {
        column(attachment.branch_id)(attachment.sealed_conninfo)(attachment.host)(attachment.options);
    }
};

/// Of one branch, or of all with an empty id.
awaitable<std::vector<Attachment>> list_attachments(pg::Executor& db, const BranchId& branch);
/// Nothing is inserted, and false returned, when the same database of the same host is attached already.
awaitable<bool> insert_attachment(pg::Executor& db, const Attachment& attachment, const std::string& database);
enum class AttachmentUpdate { done, absent, taken };
/// `taken`: another branch is at that place already.
awaitable<AttachmentUpdate> update_attachment(pg::Executor& db, const Attachment& attachment);
/// Where a password is stored at all.
awaitable<> update_stored_password(pg::Executor& db, const BranchId& branch, const std::string& role, const std::string& sealed);

/// An endpoint without a port of ours.
awaitable<Endpoint> insert_attached_endpoint(pg::Executor& db, const NewEndpoint& endpoint);

/// Bound to the branch: a text moved to another row does not open there.
std::string seal_conninfo(const crypto::MasterKey& master, const BranchId& branch, const Secret<>& conninfo);
/// Throws std::runtime_error for a text that was not sealed for this branch with this master key.
Secret<> open_conninfo(const crypto::MasterKey& master, const BranchId& branch, const std::string& sealed);
}  // namespace argon::branches
