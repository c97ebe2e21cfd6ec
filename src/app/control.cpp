#include "app/control.hpp"

#include <cstdlib>

#include "app/attached_control.hpp"
#include "app/options.hpp"
#include "app/secrets.hpp"
#include "branches/control_schema.hpp"
#include "crypto/encoding.hpp"
#include "pg/errors.hpp"

namespace argon::app {
namespace {
constexpr std::string_view conninfo_file = "control.conninfo";

std::string data_dir(const Place& place) { return place.data_dir.empty() ? default_data_dir() : place.data_dir; }

crypto::MasterKey master_key(const branches::DataDirectory& directory) {
    const auto text = directory.read_or_create_secret("master.key", [] { return crypto::base64url_encode(crypto::SecretKey::generate().bytes()); });
    auto encoded = text.reveal();
    while (!encoded.empty() && (encoded.back() == '\n' || encoded.back() == '\r')) encoded.pop_back();
    const auto bytes = crypto::base64url_decode(encoded);
    const auto key = bytes ? crypto::SecretKey::from_bytes(*bytes) : std::nullopt;
    if (!key)
        throw branches::SetupError{(directory.root() / "master.key").string() +
                                   " does not hold a master key: restore it from a backup of this data directory."};
    return crypto::MasterKey{*key};
}
}  // namespace

Control open_control(const Place& place, bool ephemeral) {
    const auto account = branches::choose_postgres_account(place.pg_user);
    const auto configured = place.pg_bin.empty() ? std::nullopt : std::optional<std::filesystem::path>{place.pg_bin};
    auto binaries = branches::Binaries::find(configured);
    auto directory = ephemeral ? branches::DataDirectory::make_ephemeral(account) : branches::DataDirectory::open(data_dir(place), account);
    auto key = master_key(directory);
    return {std::move(directory), {std::move(binaries), account}, std::move(key)};
}

void publish(const Control& control, const std::string& conninfo) {
    branches::write_file_durably(control.directory.root() / conninfo_file, conninfo, 0600);
}

namespace {
/// The control database of argonauth serve.
int with_attached_session(const std::function<int(pg::Session&)>& work) {
    std::vector<std::string> problems;
    auto database = take_control_database({}, problems);
    if (!problems.empty()) throw branches::SetupError{problems.front()};
    Workers resolvers{1};
    const auto locator = std::make_shared<pg::Locator>(std::move(*database), resolvers);
    auto session = connect_control(*locator);
    branches::prepare_control_schema(session);
    return work(session);
}
}  // namespace

int with_control_session(const Place& place, const std::function<int(pg::Session&)>& work) {
    if (place.data_dir.empty() && has_control_database()) return with_attached_session(work);
    const auto running = branches::read_file_tail(std::filesystem::path{data_dir(place)} / conninfo_file);
    std::optional<pg::Session> session;
    if (!running.empty()) {
        try {
            session.emplace(running);
        } catch (const pg::Unavailable&) {
            // No server runs there: one is started for the moment, below.
        }
    }
    if (session) return work(*session);
    auto control = open_control(place, false);
    Workers workers{1};
    branches::Clusters clusters{control.directory, control.clusters, workers};
    pg::Session own{clusters.start_control()};
    return work(own);
}
}  // namespace argon::app
