#include "app/api_key.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "app/control.hpp"
#include "branches/setup_error.hpp"
#include "json/writer.hpp"
#include "management/api_key_command.hpp"

namespace argon::app {
namespace {
struct KeyObject {
    const branches::ApiKey& key;
    std::optional<std::string> text;

    static void fields(auto& f, const auto& object) {
        f.required("id", object.key.id);
        f.required("name", object.key.name);
        f.optional("key", object.text);
        f.required("created_at", json::Seconds{object.key.created_at});
        std::optional<json::Seconds> last_used;
        if (object.key.last_used_at) last_used = json::Seconds{*object.key.last_used_at};
        f.required("last_used_at", last_used);
    }
};

void print_row(const branches::ApiKey& key) {
    fmt::print("{:>6}  {:<32}  {}  {}\n", key.id, key.name, to_rfc3339(key.created_at),
               key.last_used_at ? to_rfc3339(*key.last_used_at) : "never used");
}

int fail(std::string_view reason) {
    fmt::print(stderr, "argonauth: {}\n", reason);
    return 1;
}

/// Runs `work` on the control database; what goes wrong is said on standard error.
int on_control(const ApiKeyOptions& options, const std::function<int(pg::Session&)>& work) {
    try {
        return with_control_session({options.data_dir, options.pg_bin, options.pg_user}, work);
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}
}  // namespace

int create_api_key(const ApiKeyOptions& options) {
    return on_control(options, [&](pg::Session& control) {
        const auto created = management::create_api_key(control, options.name);
        if (!created) return fail(created.error().message());
        if (options.json) {
            fmt::print("{}\n", json::encode(KeyObject{created->key, created->text.reveal()}));
        } else {
            fmt::print("{}\n", created->text.reveal());
            fmt::print(stderr, "Key {} ({}). It is not shown again.\n", created->key.id, created->key.name);
        }
        return 0;
    });
}

int list_api_keys(const ApiKeyOptions& options) {
    return on_control(options, [&](pg::Session& control) {
        const auto keys = management::list_api_keys(control);
        if (!options.json) {
            for (const auto& key : keys) print_row(key);
            return 0;
        }
        std::vector<KeyObject> objects;
        for (const auto& key : keys) objects.push_back({key, {}});
        fmt::print("{}\n", json::encode(objects));
        return 0;
    });
}

int revoke_api_key(const ApiKeyOptions& options) {
    return on_control(options, [&](pg::Session& control) {
        const auto revoked = management::revoke_api_key(control, options.id);
        if (!revoked) return fail(fmt::format("there is no key {}; see argonauth api-key list", options.id));
        options.json ? fmt::print("{}\n", json::encode(KeyObject{*revoked, {}}))
                     : fmt::print("Key {} ({}) is revoked.\n", revoked->id, revoked->name);
        return 0;
    });
}
}  // namespace argon::app
