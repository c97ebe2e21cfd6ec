#include "auth/admin/user_data.hpp"

#include "auth/admin/errors.hpp"
#include "identity/verifications.hpp"
#include "pg/errors.hpp"

namespace argon::auth::admin {
namespace {
constexpr pg::Statement patch_user{"admin.patch_user",
                                   "UPDATE neon_auth.\"user\" AS u SET "
                                   "name = CASE WHEN p.c ? 'name' THEN p.c->>'name' ELSE u.name END, "
                                   "email = CASE WHEN p.c ? 'email' THEN p.c->>'email' ELSE u.email END, "
                                   "image = CASE WHEN p.c ? 'image' THEN p.c->>'image' ELSE u.image END, "
                                   "role = CASE WHEN p.c ? 'role' THEN p.c->>'role' ELSE u.role END, "
                                   "\"emailVerified\" = CASE WHEN p.c ? 'emailVerified' THEN (p.c->>'emailVerified')::boolean "
                                   "WHEN p.c ? 'email' AND p.c->>'email' <> u.email THEN false ELSE u.\"emailVerified\" END, "
                                   "banned = CASE WHEN p.c ? 'banned' THEN (p.c->>'banned')::boolean ELSE u.banned END, "
                                   "\"banReason\" = CASE WHEN p.c ? 'banReason' THEN p.c->>'banReason' ELSE u.\"banReason\" END, "
                                   "\"banExpires\" = CASE WHEN p.c ? 'banExpires' THEN (p.c->>'banExpires')::timestamptz ELSE u.\"banExpires\" END, "
                                   "\"phoneNumber\" = CASE WHEN p.c ? 'phoneNumber' THEN p.c->>'phoneNumber' ELSE u.\"phoneNumber\" END, "
                                   "\"phoneNumberVerified\" = CASE WHEN p.c ? 'phoneNumberVerified' THEN (p.c->>'phoneNumberVerified')::boolean "
                                   "WHEN p.c ? 'phoneNumber' AND p.c->>'phoneNumber' IS DISTINCT FROM u.\"phoneNumber\" THEN NULL "
                                   "ELSE u.\"phoneNumberVerified\" END, "
                                   "\"updatedAt\" = $3 FROM (SELECT $2::jsonb AS c) p WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

struct TimeText {
    std::optional<std::string> operator()(std::string_view text) const {
        return parse_time(text) ? std::nullopt : std::optional<std::string>{"Invalid input: expected date"};
    }
};

struct UserData {
    std::optional<std::string> name, email;
    json::Patch<std::string> image, banReason, banExpires, phoneNumber;
    std::optional<bool> emailVerified;
    json::Patch<bool> banned, phoneNumberVerified;

    static void fields(auto& f, auto& data) {
        f.optional("name", data.name, json::max_length{1024});
        f.optional("email", data.email);
        f.optional("image", data.image, json::max_length{8192});
        f.optional("emailVerified", data.emailVerified);
        f.optional("banned", data.banned);
        f.optional("banReason", data.banReason, json::max_length{1024});
        f.optional("banExpires", data.banExpires, TimeText{});
        f.optional("phoneNumber", data.phoneNumber);
        f.optional("phoneNumberVerified", data.phoneNumberVerified);
    }
};
constexpr std::string_view settable[] = {"name", "email", "image", "emailVerified", "role", "banned", "banReason", "banExpires"};
constexpr std::string_view settable_phone[] = {"phoneNumber", "phoneNumberVerified"};
/// The server's own; who sends them expects something to happen that must not.
constexpr std::string_view kept[] = {"id", "createdAt", "updatedAt"};

bool contains(std::span<const std::string_view> names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

Result<json::Object> known_columns(const api::Context& ctx, const json::Object& data) {
    json::Object known;
    for (const auto& member : data) {
        const std::string_view key{member.key()};
        if (key == "password") return refuse(errors::password_elsewhere);
        if (contains(kept, key)) return refuse_with(errors::field_not_allowed, std::string{key} + " is not allowed to be set");
        const bool is_column = contains(settable, key) || (ctx.settings().plugins.phoneNumber.enabled && contains(settable_phone, key));
        if (is_column) known.insert(member);
    }
    return known;
}

/// As INVALID_ROLE_TYPE has it: a text, or a list of texts.
Result<std::string> read_role_member(const json::Value& value) {
    json::OneOrMore role;
    if (json::OneOrMore::read(&value, role)) return refuse(errors::invalid_role_type);
    return read_role(role.items);
}
}  // namespace

bool UserPatch::bans() const {
    const auto* banned = columns_.if_contains("banned");
    return banned && banned->is_bool() && banned->get_bool();
}

std::optional<std::string> UserPatch::phone_number() const {
    const auto* number = columns_.if_contains("phoneNumber");
    if (!number || !number->is_string()) return {};
    return std::string{number->get_string()};
}

Result<UserPatch> UserPatch::read(const api::Context& ctx, const json::Object& data) {
    auto known = known_columns(ctx, data);
    if (!known) return std::unexpected(known.error());
    UserData read;
    const json::Value value(*known);
    if (auto issues = json::decode(&value, "body.data", read); !issues.empty()) return refuse_with(api::errors::validation, std::move(issues));
    UserPatch patch;
    patch.columns_ = std::move(*known);
    if (const auto* role = data.if_contains("role")) {
        auto roles = read_role_member(*role);
        if (!roles) return std::unexpected(roles.error());
        patch.columns_["role"] = *roles;
    }
    if (read.phoneNumber.value && !identity::is_phone_number(*read.phoneNumber.value)) return refuse(errors::invalid_phone_number);
    if (read.email) {
        const auto email = identity::fold_email(*read.email);
        if (!json::is_email(email)) return refuse(errors::invalid_email);
        patch.columns_["email"] = email;
    }
    if (read.banExpires.value) patch.columns_["banExpires"] = to_iso(*parse_time(*read.banExpires.value));
    if (read.banned.present && !read.banned.value) patch.columns_["banned"] = false;
    return patch;
}

Result<> check_rights(const identity::User& caller, const UserPatch& patch) {
    if (patch.has("role") && !may(caller, "user", "set-role")) return refuse(errors::may_not_set_role);
    if (patch.is_ban() && !may(caller, "user", "ban")) return refuse(errors::may_not_ban);
    if ((patch.has("email") || patch.has("emailVerified")) && !may(caller, "user", "set-email")) return refuse(errors::may_not_set_email);
    return {};
}

awaitable<Result<identity::User>> apply_patch(pg::Executor& tx, UserId id, const UserPatch& patch, TimePoint now) {
    if (const auto number = patch.phone_number()) {
        const auto owner = co_await identity::find_user_by_phone(tx, *number);
        if (owner && owner->id != id) co_return refuse(errors::phone_exists);
    }
    pg::Rows rows;
    try {
        rows = co_await tx.query(patch_user, id, patch.text(), now);
    } catch (const pg::QueryError& error) {
        // Somebody may take the address at this very moment; the unique index knows.
        if (error.state != "23505") throw;
        co_return refuse(errors::user_exists);
    }
    auto user = rows.maybe<identity::User>();
    if (!user) co_return refuse(errors::user_not_found);
    if (patch.has("email")) co_await identity::delete_reset_links(tx, id);
    if (patch.bans()) co_await identity::delete_sessions_of(tx, id);
    co_return std::move(*user);
}
}  // namespace argon::auth::admin
