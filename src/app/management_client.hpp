// A client of a running server's management API, for commands: where it is, which key, project and branch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/io_threads.hpp"
#include "base/secret.hpp"
#include "json/value.hpp"
#include "outbound/client.hpp"

namespace argon::app {

/// Flags and variables that all such commands share. The key has no flag: every user of the machine could read it.
struct RemoteOptions {
    std::string url = "http://localhost:4400";
    std::string data_dir;  ///< of an `argonauth dev` on this machine, whose key is taken when the environment has none
    std::string project;   ///< id or name; empty: the only one
    std::string branch;    ///< id or name; empty: the project's default
    bool json = false;
};

class ManagementClient {
public:
    /// Nothing, and sentences added to `problems`, when there is no key or the URL is none.
    static std::optional<ManagementClient> open(const RemoteOptions& options, std::vector<std::string>& problems);

    /// The JSON of the answer, or what the server or the way to it said against the request. `path` is below /api/v2.
    Result<json::Value> get(const std::string& path);
    Result<json::Value> post(const std::string& path, const std::string& body = "{}");

    /// `/projects/<id>` of the project that the options mean.
    Result<std::string> find_project(const RemoteOptions& options);
    /// `/projects/<id>/branches/<id>` of the branch that the options mean.
    Result<std::string> find_branch(const RemoteOptions& options);

private:
    ManagementClient(std::string base, Secret<> key) : base_(std::move(base)), key_(std::move(key)) {}
    Result<json::Value> send(const std::string& path, std::optional<std::string> body);

    std::string base_;
    Secret<> key_;
};
}  // namespace argon::app
