// Branches of a project: listed, counted, looked up.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/paging.hpp"
#include "api/resources.hpp"

namespace argon::management::branches {
namespace records = argon::branches;
api::ManagementEndpoint create, update, remove, set_as_default, restore;  // create_branch.cpp, change_branch.cpp
api::ManagementEndpoint schema, compare_schema;                           // schema.cpp
extern const api::Description create_docs, update_docs, remove_docs, set_as_default_docs, restore_docs, schema_docs, compare_schema_docs;

namespace {
api::ManagementEndpoint list, count, get;
extern const api::Description list_docs, count_docs, get_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches", list, &list_docs},
    {http::Method::get, "/projects/{project_id}/branches/count", count, &count_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}", get, &get_docs},
    {http::Method::post, "/projects/{project_id}/branches", create, &create_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}", update, &update_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}", remove, &remove_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/set_as_default", set_as_default, &set_as_default_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/set_as_primary", set_as_default},  // its former name
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/restore", restore, &restore_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/schema", schema, &schema_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/compare_schema", compare_schema, &compare_schema_docs},
};

/// The CLI asks for one page without a limit and takes it for all branches.
constexpr api::PageLimits limits{.fallback = 10000, .maximum = 10000};

constexpr api::QueryParameter list_query[] = {api::parameters::limit,
                                              api::parameters::cursor,
                                              api::parameters::search,
                                              {"sort_by", "string", "updated_at, created_at or name"},
                                              {"sort_order", "string", "desc or asc"}};
constexpr api::QueryParameter count_query[] = {api::parameters::search};

struct Pagination {
    std::optional<std::string> next;
    std::string sort_by;
    std::string sort_order;

    static void fields(auto& f, const auto& pagination) {
        f.optional("next", pagination.next);
        f.required("sort_by", pagination.sort_by);
        f.required("sort_order", pagination.sort_order);
    }
};

struct AnnotatedObject {
    std::string id;

    static void fields(auto& f, const auto& object) {
        f.required("type", "console/branch");
        f.required("id", object.id);
    }
};

struct Annotation {
    AnnotatedObject object;
    std::string value;  ///< JSON object

    static void fields(auto& f, const auto& annotation) {
        f.required("object", annotation.object);
        f.required("value", json::Raw{annotation.value});
    }
};

Annotation make_annotation(const records::Branch& branch) { return {{branch.id.value}, branch.annotation.value_or("{}")}; }

/// By the branch's id; branches without annotations are left out.
struct Annotations {
    std::vector<Annotation> items;

    static void fields(auto& f, const auto& annotations) {
        for (const auto& annotation : annotations.items) f.required(annotation.object.id, annotation);
    }
};

/// `annotations` is read without a check by the CLI, so it is always there.
struct ListReply {
    std::vector<api::BranchView> branches;
    Annotations annotations;
    Pagination pagination;

    static void fields(auto& f, const auto& reply) {
        f.required("branches", reply.branches);
        f.required("annotations", reply.annotations);
        f.required("pagination", reply.pagination);
    }
};

struct CountReply {
    std::int64_t count;

    static void fields(auto& f, const auto& reply) { f.required("count", reply.count); }
};

struct GetReply {
    api::BranchView branch;
    Annotation annotation;

    static void fields(auto& f, const auto& reply) {
        f.required("branch", reply.branch);
        f.required("annotation", reply.annotation);
    }
};

constexpr api::Description list_docs = api::describe<void, ListReply>("listProjectBranches", "List the branches of a project", {.query = list_query});
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto request = api::parse_page(ctx.query_parameters, limits);
    if (!request) co_return std::unexpected(request.error());
    const auto sort_by = api::parse_choice(ctx.query_parameters, "sort_by", {"updated_at", "created_at", "name"});
    if (!sort_by) co_return std::unexpected(sort_by.error());
    const auto sort_order = api::parse_choice(ctx.query_parameters, "sort_order", {"desc", "asc"});
    if (!sort_order) co_return std::unexpected(sort_order.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());

    auto page = co_await records::list_branches(ctx.control, project->id, *request, {.by = *sort_by, .ascending = *sort_order == "asc"});
    ListReply reply{.pagination = {.sort_by = *sort_by, .sort_order = *sort_order}};
    for (const auto& branch : page.items) {
        if (branch.annotation) reply.annotations.items.push_back(make_annotation(branch));
    }
    reply.branches = api::make_views<api::BranchView>(std::move(page.items));
    if (page.next) reply.pagination.next = api::encode_cursor(*page.next);
    co_return http::Response::json(200, reply);
}

constexpr api::Description count_docs =
    api::describe<void, CountReply>("countProjectBranches", "Count the branches of a project", {.query = count_query});
awaitable<Result<http::Response>> count(api::ManagementContext& ctx) {
    const auto search = api::parse_search(ctx.query_parameters);
    if (!search) co_return std::unexpected(search.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto number = co_await records::count_branches(ctx.control, project->id, *search);
    co_return http::Response::json(200, CountReply{number});
}

constexpr api::Description get_docs = api::describe<void, GetReply>("getProjectBranch", "Show a branch");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto annotation = make_annotation(*branch);
    co_return http::Response::json(200, GetReply{{std::move(*branch)}, annotation});
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::branches
