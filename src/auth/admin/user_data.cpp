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
                                   "\"updatedAt\" = $3 FROM (SELECT $2::jsonb AS c) p WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

struct TimeText {
    std::optional<std::string> operator()(std::string_view text) const {
        return parse_time(text) ? std::nullopt : std::optional<std::string>{"Invalid input: expected date"};
    }
};

struct UserData {
    std::optional<std::string> name, email;
    json::Patch<std::string> image, banReason, banExpires;
    std::optional<bool> emailVerified;
    json::Patch<bool> banned;

    static void fields(auto& f, auto& data) {
        f.optional("name", data.name, json::max_length{1024});
        f.optional("email", data.email);
        f.optional("image", data.image, json::max_length{8192});
        f.optional("emailVerified", data.emailVerified);
        f.optional("banned", data.banned);
        f.optional("banReason", data.banReason, json::max_length{1024});
        f.optional("banExpires", data.banExpires, TimeText{});
    }
};
constexpr std::string_view settable[] = {"name", "email", "image", "emailVerified", "role", "banned", "banReason", "banExpires"};

Result<> check_names(const json::Object& data) {
    for (const auto& member : data) {
        const std::string_view key{member.key()};
        if (key == "password") return refuse(errors::password_elsewhere);
        if (std::ranges::find(settable, key) != std::end(settable)) continue;
        return refuse_with(errors::field_not_allowed, std::string{key.substr(0, 64)} + " is not allowed to be set");
    }
    return {};
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

Result<UserPatch> UserPatch::read(const json::Object& data) {
    if (auto checked = check_names(data); !checked) return std::unexpected(checked.error());
    UserData read;
    const json::Value value(data);
    if (auto issues = json::decode(&value, "body.data", read); !issues.empty()) return refuse_with(api::errors::validation, std::move(issues));
    UserPatch patch;
    patch.columns_ = data;
    if (const auto* role = data.if_contains("role")) {
        auto known = read_role_member(*role);
        if (!known) return std::unexpected(known.error());
        patch.columns_["role"] = *known;
    }
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
