#include "branches/schema_dump.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "base/ids.hpp"
#include "base/utf8.hpp"
#include "branches/child_process.hpp"
#include "branches/data_directory.hpp"
#include "branches/new_ids.hpp"
#include "branches/postgres_binaries.hpp"
#include "branches/setup_error.hpp"
#include "pg/conninfo.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t largest_dump = 16u << 20;

// Every name is qualified: the database is a tenant's.
constexpr const char* select_tables = R"sql(
    SELECT pg_catalog.jsonb_build_object('tables', coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
               'schema', n.nspname, 'name', c.relname,
               'columns', coalesce((
                   SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                              'nullable', NOT a.attnotnull, 'generated', a.attgenerated::text OPERATOR(pg_catalog.<>) ''
                                                                         OR a.attidentity::text OPERATOR(pg_catalog.<>) '') ORDER BY a.attnum)
                     FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped), '[]'),
               'constraints', coalesce((
                   SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object('name', k.conname,
                              'type', CASE k.contype::text WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign_key'
                                                           WHEN 'c' THEN 'check' WHEN 'x' THEN 'exclusion' ELSE 'other' END,
                              'columns', own.names,
                              'referenced_table', CASE WHEN k.confrelid OPERATOR(pg_catalog.<>) 0::pg_catalog.oid THEN (
                                  SELECT pg_catalog.jsonb_build_object('schema', fn.nspname, 'table', fc.relname, 'columns', (
                                             SELECT pg_catalog.jsonb_agg(fa.attname ORDER BY u.place)
                                               FROM ROWS FROM (pg_catalog.unnest(k.confkey)) WITH ORDINALITY u (number, place)
                                               JOIN pg_catalog.pg_attribute fa ON fa.attrelid OPERATOR(pg_catalog.=) k.confrelid
                                                                              AND fa.attnum OPERATOR(pg_catalog.=) u.number))
                                    FROM pg_catalog.pg_class fc JOIN pg_catalog.pg_namespace fn ON fn.oid OPERATOR(pg_catalog.=) fc.relnamespace
                                   WHERE fc.oid OPERATOR(pg_catalog.=) k.confrelid) END)) ORDER BY k.conname)
                     FROM pg_catalog.pg_constraint k
                    CROSS JOIN LATERAL (
                          SELECT pg_catalog.jsonb_agg(a.attname ORDER BY u.place) AS names
                            FROM ROWS FROM (pg_catalog.unnest(k.conkey)) WITH ORDINALITY u (number, place)
                            JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) k.conrelid AND a.attnum OPERATOR(pg_catalog.=) u.number) own
                    WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid AND own.names IS NOT NULL), '[]')) ORDER BY n.nspname, c.relname), '[]'))::text
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
     WHERE c.relkind::text OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p', 'f'])
       AND n.nspname::text OPERATOR(pg_catalog.<>) ALL (ARRAY['pg_catalog', 'information_schema', 'pg_toast'])
       AND c.relpersistence::text OPERATOR(pg_catalog.<>) 't')sql";

/// Newer versions of pg_dump guard their output for psql with a word that is another one each time.
std::string without_guards(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        const auto line = text.substr(0, end);
        if (!line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) kept += line;
        text.remove_prefix(end);
    }
    return kept;
}

/// For a moment, and for nobody else's eyes.
class OwnDirectory {
public:
    OwnDirectory() {
        auto pattern = (fs::temp_directory_path() / "argonauth-dump-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw SetupError("No directory for temporary files can be made; TMPDIR names another place.");
        path_ = pattern;
    }
    ~OwnDirectory() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    OwnDirectory(const OwnDirectory&) = delete;
    OwnDirectory& operator=(const OwnDirectory&) = delete;

    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::vector<std::string> with_password(const Secret<>& password) {
    if (password.empty()) return {};
    return {"PGPASSWORD=" + password.reveal()};
}
}  // namespace

std::string dump_schema(const DumpSource& source) {
    const auto program = source.program.empty() ? find_program("pg_dump") : std::optional{source.program};
    if (!program) throw SetupError("pg_dump is not installed");
    std::optional<OwnDirectory> own;
    if (source.directory.empty()) own.emplace();
    const auto path = (own ? own->path() : source.directory) / fmt::format("schema-{}.sql", make_branch_id().value);
    const Command dump{.program = *program,
                       .arguments = {"--schema-only", "--encoding=UTF8", "--no-password", "--lock-wait-timeout=5000", "--file=" + path.string(),
                                     "--dbname=" + source.conninfo},
                       .account = source.account,
                       .environment = with_password(source.password)};
    const auto outcome = run(dump, 60s);
    std::string text;
    std::error_code failed;
    {
        std::optional<FilesAs> identity;
        if (source.account) identity.emplace(*source.account);
        if (outcome.success() && fs::file_size(path, failed) <= largest_dump) text = read_file_tail(path, largest_dump);
        fs::remove(path, failed);
    }
    if (!outcome.success()) throw SetupError(fmt::format("pg_dump: {}", outcome.timed_out ? "it took longer than a minute" : outcome.output));
    if (text.empty()) throw SetupError("The schema is larger than 16 MiB.");
    if (!is_utf8(text)) throw SetupError("The schema has text that is not UTF-8.");
    return without_guards(text);
}

std::string describe_tables(const DumpSource& source) {
    const auto password = source.password.empty() ? std::string{} : " " + pg::conninfo_pair("password", source.password.reveal());
    pg::Session admin{source.conninfo + password};
    admin.execute("SET search_path = pg_catalog; SET statement_timeout = '20s'");
    return admin.query(select_tables).one<std::string>();
}
}  // namespace argon::branches
