// A legacy project moves to the newer service on the same branch: step by step, for the caller sees progress and can go on after anything.
// The call that copies the last users switches over.
#include "base/log.hpp"
#include "branches/auth_lifecycle.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/integration_changes.hpp"
#include "legacy/migration.hpp"
#include "legacy/schema.hpp"
#include "management/legacy_auth/integrations.hpp"
#include "management/legacy_auth/moved_settings.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint migrate;
extern const api::Description migrate_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/auth/migrate_to_better_auth", migrate, &migrate_docs},
};

// Objects are merged, so that a member that only the newer service has keeps its default.
constexpr const char* store_settings = R"sql(
    UPDATE neon_auth.project_config c
       SET name = p ->> 'name', trusted_origins = p -> 'trusted_origins', allow_localhost = (p ->> 'allow_localhost')::boolean,
           social_providers = p -> 'social_providers', email_provider = p -> 'email_provider',
           email_and_password = coalesce(c.email_and_password, '{}') || (p -> 'email_and_password'),
           plugin_configs = jsonb_set(coalesce(c.plugin_configs, '{}'), '{magicLink}',
                                      coalesce(c.plugin_configs -> 'magicLink', '{}') || (p #> '{plugin_configs,magicLink}')),
           updated_at = now()
      FROM (SELECT $1::jsonb) given (p))sql";

struct MigrateBody {
    bool dry_run = false;
    std::int64_t batch_size = 1000;

    static void fields(auto& f, auto& body) {
        f.optional("dry_run", body.dry_run);
        f.optional("batch_size", body.batch_size, json::range{1, 10'000});
    }
};

struct MigrateReply {
    std::string status;
    legacy::MigrationReport report;
    std::optional<std::string> base_url;
    std::optional<std::string> jwks_url;

    static void fields(auto& f, const auto& reply) {
        f.required("status", reply.status, json::one_of{{"planned", "copying", "finished"}});
        legacy::MigrationReport::fields(f, reply.report);
        f.optional("base_url", reply.base_url);
        f.optional("jwks_url", reply.jwks_url);
    }
};

/// What one call does on the branch's database, on a worker thread.
struct Step {
    const branches::Engine& engine;
    const branches::Integration& integration;
    const branches::Database& database;
    const EndpointId& endpoint;
    const MigrateBody& body;

    struct Outcome {
        std::optional<ErrorSpec> obstacle;
        MigrateReply reply;
    };

    Outcome run() const {
        const auto& branch = integration.branch_id;
        pg::Session service{engine.compute.service_conninfo(branch, database.name)};
        if (body.dry_run) return {{}, {.status = "planned", .report = legacy::plan_migration(service)}};
        // Tables of today's version: the integration may be older.
        legacy::install({.admin_conninfo = engine.compute.admin_conninfo(branch, database.name),
                         .service_conninfo = engine.compute.service_conninfo(branch, database.name),
                         .own_role = std::string{engine.compute.own_role()},
                         .owner = database.owner_name});
        const auto obstacle = branches::make_auth_schema(engine, branch, database, integration.display_name, endpoint);
        if (obstacle) return {obstacle, {}};
        const auto copied = legacy::copy_users(service, body.batch_size);
        if (copied == body.batch_size) return {{}, {.status = "copying", .report = legacy::read_migration(service)}};
        const auto settings = json::to_text(json::Value(make_settings(engine.master_key, integration)));
        legacy::close_legacy(service, [&settings](pg::Session& session) { session.query(store_settings, settings); });
        return {{}, {.status = "finished", .report = legacy::read_migration(service)}};
    }
};

void add_addresses(const api::Services& services, const EndpointId& endpoint, const std::string& database, MigrateReply& reply) {
    reply.base_url = services.addresses.base_url(endpoint, database);
    reply.jwks_url = services.addresses.jwks_url(endpoint, database);
}

/// Whoever lost the answer of the last step asks again and gets it.
awaitable<Result<http::Response>> answer_moved(api::ManagementContext& ctx) {
    const auto moved = co_await branches::find_moved(ctx.control, ProjectId{ctx.parameter("project_id")});
    if (!moved) co_return refuse(errors::no_legacy);
    const auto integration = co_await branches::find_integration(ctx.control, moved->branch_id);
    if (!integration) co_return refuse(errors::no_legacy);
    MigrateReply reply{.status = "finished"};
    const auto stored = json::parse(moved->report);
    const auto issues = json::decode(stored ? &*stored : nullptr, "report", reply.report);
    if (!issues.empty()) throw std::runtime_error("argonauth.legacy_migration: " + issues);
    const auto endpoint = co_await branches::require_main_endpoint(ctx.control, moved->branch_id);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    add_addresses(ctx.services, endpoint->id, integration->database_name, reply);
    co_return http::Response::json(200, reply);
}

constexpr api::Description migrate_docs = api::describe<MigrateBody, MigrateReply>(
    "migrateLegacyAuth", "Move a project's legacy auth to the newer service, one batch of users; call again until the status is finished");
awaitable<Result<http::Response>> migrate(api::ManagementContext& ctx) {
    const auto body = ctx.body<MigrateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto engine = api::make_engine(ctx.services);
    auto tx = co_await engine.control.begin();
    const auto before = co_await branches::find_legacy_integration(tx, project->id);
    if (!before) co_return co_await answer_moved(ctx);
    // One migration at a time, and nobody removes the integration meanwhile.
    const auto locked = co_await branches::lock_branch(tx, project->id, before->branch_id);
    const auto integration = co_await branches::find_legacy_integration(tx, project->id);
    if (!locked || !integration) co_return co_await answer_moved(ctx);
    const auto database = co_await branches::find_database(tx, integration->branch_id, integration->database);
    if (!database) co_return refuse(branches::errors::database_not_found);
    const auto endpoint = co_await branches::require_main_endpoint(tx, integration->branch_id);
    if (!endpoint) co_return std::unexpected(endpoint.error());

    co_await engine.compute.ensure_running(engine.home, integration->branch_id);
    engine.compute.state(integration->branch_id)->touch();
    const Step step{engine, *integration, *database, endpoint->id, *body};
    auto outcome = co_await engine.workers.run(engine.home, [&step] { return step.run(); });
    if (outcome.obstacle) co_return refuse(*outcome.obstacle);
    auto& reply = outcome.reply;
    if (reply.status != "finished") co_return http::Response::json(200, reply);

    const bool moved = co_await branches::move_to_better_auth(tx, *integration, json::encode(reply.report));
    if (!moved) throw std::runtime_error("a legacy integration went away while its branch was locked");
    co_await tx.commit();
    engine.registry.invalidate(integration->branch_id);
    log::info("legacy auth moved", {{"branch", integration->branch_id.value}, {"users", reply.report.counts.users}});
    add_addresses(ctx.services, endpoint->id, integration->database, reply);
    co_return http::Response::json(200, reply);
}
}  // namespace

std::span<const api::ManagementRoute> migration_routes() { return table; }
}  // namespace argon::management::legacy_auth
