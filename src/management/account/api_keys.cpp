// API keys: listed, made, revoked. The text of a key is in one answer only, the one that makes it.
#include <charconv>

#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/management_path.hpp"
#include "api/resources.hpp"
#include "branches/account_records.hpp"
#include "branches/names.hpp"

namespace argon::management::account {
namespace {
api::ManagementEndpoint list, create, revoke;
extern const api::Description list_docs, create_docs, revoke_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/api_keys", list, &list_docs},
    {http::Method::post, "/api_keys", create, &create_docs},
    {http::Method::delete_, "/api_keys/{key_id}", revoke, &revoke_docs},
};

constexpr ErrorSpec not_found{404, "", "API key not found"};

struct KeyNameCheck {
    std::optional<std::string> operator()(const std::string& name) const {
        if (branches::is_api_key_name(name)) return {};
        return "Invalid name: one to 64 characters are allowed, none of them a control character";
    }
};

/// `project_id` and `read_only` are our own: docs/configuration.md.
struct CreateBody {
    std::string key_name;
    std::optional<std::string> project_id;
    bool read_only = false;

    static void fields(auto& f, auto& body) {
        f.required("key_name", body.key_name, KeyNameCheck{});
        f.optional("project_id", body.project_id, [](std::string_view text) -> std::optional<std::string> {
            if (api::is_path_id(text)) return {};
            return "Invalid project id";
        });
        f.optional("read_only", body.read_only);
    }
};

void limit_fields(auto& f, const branches::ApiKey& key) {
    f.optional("project_id", key.project_id);
    f.required("read_only", key.read_only);
}

struct CreateReply {
    branches::ApiKey key;
    Secret<> text;

    static void fields(auto& f, const auto& reply) {
        f.required("id", reply.key.id);
        f.required("key", reply.text.reveal());
        f.required("name", reply.key.name);
        f.required("created_at", json::Seconds{reply.key.created_at});
        f.required("created_by", reply.key.created_by);
        limit_fields(f, reply.key);
    }
};

struct Creator {
    branches::Owner owner;

    static void fields(auto& f, const auto& creator) {
        f.required("id", creator.owner.id);
        f.required("name", creator.owner.name);
        f.required("image", "");
    }
};

struct ListItem {
    branches::ApiKey key;
    Creator creator;

    static void fields(auto& f, const auto& item) {
        f.required("id", item.key.id);
        f.required("name", item.key.name);
        f.required("created_at", json::Seconds{item.key.created_at});
        f.required("created_by", item.creator);
        f.required("last_used_at", api::to_seconds(item.key.last_used_at));
        f.required("last_used_from_addr", item.key.last_used_from_addr);
        limit_fields(f, item.key);
    }
};

struct RevokeReply {
    branches::ApiKey key;

    static void fields(auto& f, const auto& reply) {
        f.required("id", reply.key.id);
        f.required("name", reply.key.name);
        f.required("created_at", json::Seconds{reply.key.created_at});
        f.required("created_by", reply.key.created_by);
        f.required("last_used_at", api::to_seconds(reply.key.last_used_at));
        f.required("last_used_from_addr", reply.key.last_used_from_addr);
        f.required("revoked", true);
    }
};

constexpr api::Description list_docs = api::describe<void, std::vector<ListItem>>("listApiKeys", "List API keys");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto owner = co_await branches::get_owner(ctx.control, ctx.caller.account_id);
    auto keys = co_await branches::list_api_keys(ctx.control, ctx.caller.account_id);
    std::vector<ListItem> items;
    for (auto& key : keys) items.push_back({std::move(key), {owner}});
    co_return http::Response::json(200, items);
}

constexpr api::Description create_docs = api::describe<CreateBody, CreateReply>("createApiKey", "Make an API key");
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    branches::ApiKeyLimits limits{.read_only = body->read_only};
    if (body->project_id) {
        const auto project = co_await branches::find_project(ctx.control, ctx.caller.account_id, ProjectId{*body->project_id});
        if (!project) co_return refuse(api::errors::project_not_found);
        limits.project_id = project->id;
    }
    auto text = branches::make_api_key();
    const auto hash = branches::hash_api_key(text.reveal());
    auto key = co_await branches::insert_api_key(ctx.control, ctx.caller.account_id, body->key_name, hash, limits);
    co_return http::Response::json(200, CreateReply{std::move(key), std::move(text)});
}

constexpr api::Description revoke_docs = api::describe<void, RevokeReply>("revokeApiKey", "Revoke an API key");
awaitable<Result<http::Response>> revoke(api::ManagementContext& ctx) {
    const auto& text = ctx.parameter("key_id");
    std::int64_t id = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) co_return refuse(not_found);
    auto key = co_await branches::revoke_api_key(ctx.control, ctx.caller.account_id, id);
    if (!key) co_return refuse(not_found);
    co_return http::Response::json(200, RevokeReply{std::move(*key)});
}
}  // namespace

std::span<const api::ManagementRoute> api_key_routes() { return table; }
}  // namespace argon::management::account
