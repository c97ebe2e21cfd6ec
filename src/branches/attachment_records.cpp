#include "branches/attachment_records.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "crypto/envelope.hpp"

namespace argon::branches {
namespace {
constexpr std::string_view purpose = "attached database";

constexpr pg::Statement select_attachments{"branches.list_attachments", R"sql(
    SELECT branch_id, sealed_conninfo, host, options FROM argonauth.attachment WHERE branch_id = $1 OR $1 = '')sql"};

constexpr pg::Statement insert_attachment_row{"branches.insert_attachment", R"sql(
    INSERT INTO argonauth.attachment (branch_id, sealed_conninfo, host, options, database_name) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (host, database_name) DO NOTHING RETURNING true)sql"};

constexpr pg::Statement update_attachment_row{"branches.update_attachment", R"sql(
    WITH mine AS (SELECT branch_id, database_name FROM argonauth.attachment WHERE branch_id = $1 FOR UPDATE),
         free AS (SELECT m.branch_id FROM mine m
                   WHERE NOT EXISTS (SELECT 1 FROM argonauth.attachment a
                                      WHERE a.host = $3 AND a.database_name = m.database_name AND a.branch_id <> m.branch_id)),
         changed AS (UPDATE argonauth.attachment a SET sealed_conninfo = $2, host = $3, options = $4, updated_at = now()
                       FROM free f WHERE a.branch_id = f.branch_id RETURNING 1)
    SELECT (SELECT count(*) FROM changed) FROM mine)sql"};

constexpr pg::Statement update_password_row{"branches.update_attached_password", R"sql(
    UPDATE argonauth.role SET sealed_password = $3, updated_at = now() WHERE branch_id = $1 AND name = $2 AND sealed_password IS NOT NULL)sql"};

constexpr pg::Statement insert_endpoint_row{"branches.insert_attached_endpoint", R"sql(
    INSERT INTO argonauth.endpoint (id, project_id, branch_id, port, suspend_timeout_seconds, region_id, provisioner)
    SELECT $1, p.id, $3, 0, -1, p.region_id, p.provisioner FROM argonauth.project p WHERE p.id = $2
    RETURNING id, project_id, branch_id, type, name, port, suspend_timeout_seconds, disabled, settings, created_at, updated_at, implicit,
              min_compute_millis, max_compute_millis, region_id, provisioner)sql"};

std::string place(const BranchId& branch) { return fmt::format("argonauth.attachment|{}", branch.value); }
}  // namespace

awaitable<std::vector<Attachment>> list_attachments(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_attachments, branch);
    co_return rows.all<Attachment>();
}

awaitable<bool> insert_attachment(pg::Executor& db, const Attachment& attachment, const std::string& database) {
    const auto rows =
        co_await db.query(insert_attachment_row, attachment.branch_id, attachment.sealed_conninfo, attachment.host, attachment.options, database);
    co_return !rows.empty();
}

awaitable<AttachmentUpdate> update_attachment(pg::Executor& db, const Attachment& attachment) {
    const auto rows = co_await db.query(update_attachment_row, attachment.branch_id, attachment.sealed_conninfo, attachment.host, attachment.options);
    const auto changed = rows.maybe<std::int64_t>();
    if (!changed) co_return AttachmentUpdate::absent;
    co_return *changed > 0 ? AttachmentUpdate::done : AttachmentUpdate::taken;
}

awaitable<> update_stored_password(pg::Executor& db, const BranchId& branch, const std::string& role, const std::string& sealed) {
    co_await db.query(update_password_row, branch, role, sealed);
}

awaitable<Endpoint> insert_attached_endpoint(pg::Executor& db, const NewEndpoint& endpoint) {
    const auto rows = co_await db.query(insert_endpoint_row, endpoint.id, endpoint.project_id, endpoint.branch_id);
    co_return rows.one<Endpoint>();
}

std::string seal_conninfo(const crypto::MasterKey& master, const BranchId& branch, const Secret<>& conninfo) {
    return crypto::seal(master.derive(purpose), conninfo.reveal(), place(branch));
}

Secret<> open_conninfo(const crypto::MasterKey& master, const BranchId& branch, const std::string& sealed) {
    auto opened = crypto::open(master.derive(purpose), sealed, place(branch));
    if (!opened) throw std::runtime_error(fmt::format("the connection string of branch {} does not open with this master key", branch.value));
    return Secret<>{std::move(*opened)};
}
}  // namespace argon::branches
