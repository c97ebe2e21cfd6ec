#include "app/management_client.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/blocking.hpp"
#include "app/options.hpp"
#include "app/secrets.hpp"
#include "branches/data_directory.hpp"
#include "http/url.hpp"
#include "json/decoder.hpp"

namespace argon::app {
namespace {
constexpr std::chrono::seconds patience{30};
constexpr std::size_t largest_answer = 16 * 1024 * 1024;
constexpr ErrorSpec failed{0, "", ""};

/// A project or branch, as lists show them.
struct Item {
    std::string id;
    std::string name;
    bool is_default = false;

    static void fields(auto& f, auto& item) {
        f.required("id", item.id);
        f.required("name", item.name);
        f.optional("default", item.is_default);
    }
};

struct Projects {
    std::vector<Item> items;
    static void fields(auto& f, auto& list) { f.required("projects", list.items); }
};
struct Branches {
    std::vector<Item> items;
    static void fields(auto& f, auto& list) { f.required("branches", list.items); }
};

template <class List>
Result<std::vector<Item>> read_items(const Result<json::Value>& answer) {
    if (!answer) return std::unexpected(answer.error());
    List list;
    const auto issues = json::decode(&*answer, "answer", list);
    if (!issues.empty()) return refuse_with(failed, "the server is no Argonauth: " + issues);
    return std::move(list.items);
}

/// By id or name. Without a text, the default one, or the only one.
Result<std::string> choose(const std::vector<Item>& items, const std::string& text, std::string_view what) {
    std::vector<std::string> names;
    for (const auto& item : items) {
        if (!text.empty() ? item.id == text || item.name == text : item.is_default || items.size() == 1) return item.id;
        names.push_back(item.name);
    }
    if (!text.empty()) return refuse_with(failed, fmt::format("there is no {} {} that this key may see", what, text));
    if (items.empty()) return refuse_with(failed, fmt::format("there is no {} that this key may see", what));
    return refuse_with(failed, fmt::format("choose a {} with --{}: {}", what, what, fmt::join(names, ", ")));
}

/// Of the environment; else the one that `argonauth dev` keeps beside its data.
std::optional<Secret<>> find_key(const RemoteOptions& options, std::vector<std::string>& problems) {
    if (std::getenv("ARGONAUTH_API_KEY") || std::getenv("ARGONAUTH_API_KEY_FILE")) return take_secret("ARGONAUTH_API_KEY", problems);
    const auto file = std::filesystem::path{options.data_dir.empty() ? default_data_dir() : options.data_dir} / "api-key";
    auto text = branches::read_file_tail(file, 4096);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
    if (!text.empty()) return Secret<>{std::move(text)};
    problems.push_back(fmt::format("ARGONAUTH_API_KEY or ARGONAUTH_API_KEY_FILE is required: there is no key of argonauth dev in {}", file.string()));
    return {};
}
}  // namespace

std::optional<ManagementClient> ManagementClient::open(const RemoteOptions& options, std::vector<std::string>& problems) {
    const auto url = http::parse_url(options.url);
    if (!url || (url->rest != "" && url->rest != "/")) problems.emplace_back("--url must be scheme, host and port, such as https://auth.example.com");
    auto key = find_key(options, problems);
    if (!problems.empty()) return {};
    return ManagementClient{url->origin() + "/api/v2", std::move(*key)};
}

Result<json::Value> ManagementClient::get(const std::string& path) { return send(path, {}); }
Result<json::Value> ManagementClient::post(const std::string& path, const std::string& body) { return send(path, body); }

Result<json::Value> ManagementClient::send(const std::string& path, std::optional<std::string> body) {
    outbound::HttpRequest request{.url = base_ + path,
                                  .headers = {"Authorization: Bearer " + key_.reveal(), "Accept: application/json"},
                                  .body = body.value_or(""),
                                  .timeout = patience,
                                  .max_answer = largest_answer,
                                  .allow_plain_http = true};
    if (body) request.headers.emplace_back("Content-Type: application/json");
    IoThreads threads{1};
    threads.start();
    outbound::Client client{threads.io(0), {outbound::AddressPolicy{"loopback,private"}, {}}};
    const auto answer = run_on(threads, 0, [&]() { return body ? client.post(std::move(request)) : client.get(std::move(request)); });
    threads.stop();
    threads.join();
    if (answer.failure != outbound::Failure::none) return refuse_with(failed, fmt::format("{}: {}", base_, answer.reason));
    auto value = json::parse(answer.body);
    if (answer.status >= 200 && answer.status < 300 && value) return std::move(*value);
    const auto* message = value ? json::find(*value, "message") : nullptr;
    if (!message || !message->is_string()) return refuse_with(failed, fmt::format("{} answered {}; is it an Argonauth?", base_, answer.status));
    return refuse_with({answer.status, "", ""}, std::string{std::string_view{message->get_string()}});
}

Result<std::string> ManagementClient::find_project(const RemoteOptions& options) {
    const auto projects = read_items<Projects>(get("/projects?limit=400"));
    if (!projects) return std::unexpected(projects.error());
    const auto project = choose(*projects, options.project, "project");
    if (!project) return std::unexpected(project.error());
    return "/projects/" + http::percent_encode(*project);
}

Result<std::string> ManagementClient::find_branch(const RemoteOptions& options) {
    const auto project = find_project(options);
    if (!project) return std::unexpected(project.error());
    const auto branches = read_items<Branches>(get(*project + "/branches?limit=1000"));
    if (!branches) return std::unexpected(branches.error());
    const auto branch = choose(*branches, options.branch, "branch");
    if (!branch) return std::unexpected(branch.error());
    return *project + "/branches/" + http::percent_encode(*branch);
}
}  // namespace argon::app
