// POST /admin/create-user: make a user, with a password or without; works where sign-up is closed.
#include "api/deliver.hpp"
#include "api/password_rule.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"
#include "auth/admin/user_data.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::admin {
namespace {

struct CreateBody {
    std::string email;
    std::optional<std::string> password;
    std::string name;
    std::optional<json::OneOrMore> role;
    json::Record data;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.optional("password", body.password);
        f.required("name", body.name, json::max_length{1024});
        f.optional("role", body.role);
        f.optional("data", body.data);
    }
};

/// The columns beyond address and name; the role beside `data` counts more than the one in it.
Result<UserPatch> read_columns(const api::Context& ctx, const CreateBody& body) {
    auto data = body.data.members;
    for (const auto* name : {"name", "email"}) data.erase(name);
    if (body.role) {
        auto role = read_role(body.role->items);
        if (!role) return std::unexpected(role.error());
        data["role"] = *role;
    }
    return UserPatch::read(ctx, data);
}

/// User, columns, account and event come into being together or not at all.
awaitable<Result<identity::User>> create(api::Context& ctx, identity::NewUser fresh, const UserPatch& patch, std::optional<std::string> hash) {
    auto tx = co_await ctx.pool->begin();
    auto user = co_await identity::insert_user(tx, fresh, ctx.now);
    if (!user) co_return refuse(errors::user_exists);
    if (!patch.empty()) {
        auto changed = co_await apply_patch(tx, user->id, patch, ctx.now);
        if (!changed) co_return std::unexpected(changed.error());
        user = std::move(*changed);
    }
    if (hash) co_await identity::insert_credential(tx, user->id, *hash, ctx.now);
    co_await api::announce_user_created(ctx, tx, api::shown(ctx, *user), "credential");
    co_await tx.commit();
    co_return std::move(*user);
}
}  // namespace

constexpr api::Description create_user_docs = api::describe<CreateBody, UserReply>(
    "createUser", "Make a user, with a password or without",
    {.needs = api::Needs::session,
     .refusals = {errors::unauthorized, errors::may_not_create, errors::may_not_set_role, errors::may_not_ban, errors::may_not_set_email,
                  errors::unknown_role, errors::invalid_role_type, errors::field_not_allowed, errors::password_elsewhere, errors::invalid_email,
                  errors::invalid_phone_number, errors::user_exists, errors::phone_exists, api::errors::password_compromised}});
awaitable<Result<http::Response>> create_user(api::Context& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"user", "create", errors::may_not_create});
    if (!session) co_return std::unexpected(session.error());
    const auto patch = read_columns(ctx, *body);
    if (!patch) co_return std::unexpected(patch.error());
    if (auto checked = check_rights(session->current.user, *patch); !checked) co_return std::unexpected(checked.error());
    const identity::NewUser fresh{.name = body->name, .email = identity::fold_email(body->email)};
    if (!json::is_email(fresh.email)) co_return refuse(errors::invalid_email);
    // Of any length: what an administrator hands out is their choice (fact 27), and the user's own will be measured.
    const bool has_password = body->password && !body->password->empty();
    if (has_password) {
        if (auto strong = api::check_password_strength(ctx, *body->password, fresh.email); !strong) co_return std::unexpected(strong.error());
    }
    const auto existing = co_await identity::find_user_by_email(ctx.db, fresh.email);
    if (existing) co_return refuse(errors::user_exists);
    if (auto approved = co_await api::approve_new_user(ctx, fresh, "credential"); !approved) co_return std::unexpected(approved.error());

    std::optional<std::string> hash;
    if (has_password) {
        auto hashed = co_await ctx.passwords().hash(ctx.io(), *body->password);
        if (!hashed) co_return std::unexpected(hashed.error());
        hash = std::move(*hashed);
    }
    const auto user = co_await create(ctx, fresh, *patch, std::move(hash));
    if (!user) co_return std::unexpected(user.error());
    co_return http::Response::json(200, UserReply{api::shown(ctx, *user)});
}
}  // namespace argon::auth::admin
