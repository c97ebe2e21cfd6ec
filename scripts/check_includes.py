#!/usr/bin/env python3
"""Enforces the arrows between the folders of src/, the homes of third-party headers, and the size of files.

    scripts/check_includes.py [ROOT]        prints file:line: message for each violation; exit status 1 if there is one
    scripts/check_includes.py --self-test   applies the rules to small trees, at least one for each rule
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

# A folder includes itself and everything above it in this list; folders of one line never include each other.
LAYERS = (
    {"base"},
    {"http", "pg", "crypto", "json", "outbound"},
    # oauth talks to identity providers: it needs outbound, crypto and json, and knows no user.
    # legacy: what identity is for the auth service, for the Stack-compatible provider; management and stack both need it.
    {"branches", "identity", "legacy", "webhooks", "mail", "oauth"},
    {"api"},
    {"auth", "management", "stack", "console"},
    {"app"},
    {"main"},
)
RANK = {folder: rank for rank, folders in enumerate(LAYERS) for folder in folders}
PEERS_ALLOWED = {("http", "json")}

# Each subfolder of these is a feature of its own: auth/jwt, management/projects.
FACES = {"auth", "management", "stack"}

# What the build generates (the embedded migrations, say) is included as "generated/..." and belongs to whoever asks.
GENERATED = "generated"

# Third-party headers by prefix, and the folders they stay behind. Everything else may be included anywhere.
HOMES = {
    "boost/beast": {"http"},
    "boost/asio": {"base", "identity", "http", "outbound", "pg", "branches", "oauth", "api", "app"},
    "boost/json": {"json"},
    "libpq-fe": {"pg"},
    "openssl": {"crypto"},
    "sodium": {"crypto"},
    "crypt.h": {"crypto"},
    "unicode": {"crypto"},
    "curl": {"outbound"},
    "CLI": {"app"},
}
EXEMPT = {("branches/self_signed_certificate.cpp", "openssl"), ("branches/self_signed_certificate_test.cpp", "openssl")}
PRECOMPILED = "pch.hpp"  # only saves time: what it brings in must still be included, and judged, where it is used

MAX_LINES = 500
MAX_TEST_LINES = 800
MAX_COLUMNS = 160

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"(?P<ours>[^"]+)"|<(?P<theirs>[^>]+)>)')


class Violation(NamedTuple):
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def folder_of(path: PurePosixPath) -> str:
    """The folder a path below src/ belongs to; files of src/ itself (main.cpp) are "main"."""
    return path.parts[0] if len(path.parts) > 1 else "main"


def unit_of(path: PurePosixPath) -> str:
    """The folder, or the feature for those folders that hold features."""
    folder = folder_of(path)
    return f"{folder}/{path.parts[1]}" if folder in FACES and len(path.parts) > 2 else folder


def is_test(path: PurePosixPath) -> bool:
    return path.stem.endswith("_test") or path.stem == "test_main"


def check_own(source: PurePosixPath, header: PurePosixPath) -> str | None:
    """The complaint about `#include "header"` in source, if any."""
    if header.parts[0] == GENERATED:
        return None
    if len(header.parts) < 2 or ".." in header.parts:
        return f'write the path from src/: "{folder_of(source)}/{header.name}"'
    here, there = folder_of(source), folder_of(header)
    if there not in RANK:
        return f'"{header}" is in no folder of src/; third-party headers take angle brackets'
    if unit_of(source) == unit_of(header) or (here, there) in PEERS_ALLOWED:
        return None
    if RANK[there] < RANK[here]:
        return None
    if RANK[there] > RANK[here]:
        return f"{here} may not include {there}: the arrow points the other way"
    if here in FACES or there in FACES:
        return (f"{unit_of(source)} may not include {unit_of(header)}: a feature never includes another; "
                "what two need moves down to identity/ or api/")
    return f"{here} may not include {there}: they stand side by side"


def check_third_party(source: PurePosixPath, header: str) -> str | None:
    """The complaint about `#include <header>` in source, if any."""
    if header.startswith("doctest") and not is_test(source):
        return f"<{header}> belongs in *_test.cpp"
    if str(source) == PRECOMPILED:
        return None
    for prefix, homes in HOMES.items():
        if not re.match(re.escape(prefix) + r"(?:[./]|$)", header):
            continue
        if folder_of(source) in homes or (str(source), prefix) in EXEMPT:
            return None
        return f"<{header}> stays behind {', '.join(sorted(homes))}"
    return None


def check_includes(source: PurePosixPath, lines: list[str]) -> Iterator[tuple[int, str]]:
    if folder_of(source) not in RANK:
        yield 1, f"folder src/{folder_of(source)} has no place in the layers; give it one in scripts/check_includes.py"
        return
    for number, line in enumerate(lines, start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        ours, theirs = match["ours"], match["theirs"]
        complaint = check_own(source, PurePosixPath(ours)) if ours else check_third_party(source, theirs)
        if complaint:
            yield number, complaint


def check_size(limit: int, lines: list[str]) -> Iterator[tuple[int, str]]:
    if len(lines) > limit:
        yield limit + 1, f"{len(lines)} lines; {limit} are allowed: find the second idea and give it a file"


def check_columns(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_COLUMNS:
            yield number, f"{len(line)} columns; {MAX_COLUMNS} are allowed"


def files_below(root: Path, *suffixes: str) -> list[Path]:
    files = (path for path in root.rglob("*") if path.suffix in suffixes and "node_modules" not in path.parts)
    return sorted(path for path in files if path.is_file())


def check_tree(root: Path) -> tuple[int, list[Violation]]:
    """How many files were read, and what is wrong with them."""
    violations: list[Violation] = []
    count = 0

    def report(path: Path, findings: Iterator[tuple[int, str]]) -> None:
        violations.extend(Violation(path.relative_to(root).as_posix(), *finding) for finding in findings)

    for top in ("src", "bench", "fuzz"):
        for path in files_below(root / top, ".cpp", ".hpp"):
            count += 1
            lines = path.read_text(encoding="utf-8").splitlines()
            source = PurePosixPath(path.relative_to(root / top).as_posix())
            if top == "src":
                report(path, check_includes(source, lines))
            report(path, check_size(MAX_TEST_LINES if is_test(source) else MAX_LINES, lines))
            report(path, check_columns(lines))
    for path in files_below(root / "tests", ".mjs", ".js", ".ts"):
        count += 1
        report(path, check_size(MAX_TEST_LINES, path.read_text(encoding="utf-8").splitlines()))
    return count, sorted(violations)


# --- self-test: (file, its text, part of the one complaint expected or None) ------------------------------------------

CASES = (
    ("src/json/decode.cpp", '#include "base/error.hpp"', None),
    ("src/app/dev.cpp", '#include "base/error.hpp"', None),
    ("src/main.cpp", '#include "app/run.hpp"', None),
    ("src/base/error.cpp", '#include "json/decode.hpp"', "base may not include json: the arrow"),
    ("src/api/dispatch.cpp", '#include "auth/jwt/jwt.hpp"', "api may not include auth: the arrow"),
    ("src/http/server.cpp", '#include "json/encode.hpp"', None),
    ("src/json/encode.cpp", '#include "http/response.hpp"', "json may not include http: they stand side by side"),
    ("src/pg/pool.cpp", '#include "crypto/random.hpp"', "side by side"),
    ("src/identity/users.cpp", '#include "branches/registry.hpp"', "side by side"),
    ("src/legacy/users.cpp", '#include "identity/users.hpp"', "side by side"),
    ("src/auth/jwt/token.cpp", '#include "auth/jwt/jwt.hpp"', None),
    ("src/auth/jwt/token.cpp", '#include "auth/session/session.hpp"', "a feature never includes another"),
    ("src/auth/jwt/token.cpp", '#include "management/projects/list.hpp"', "a feature never includes another"),
    ("src/management/projects/list.cpp", '  #  include "management/roles/roles.hpp"', "a feature never includes another"),
    ("src/console/pages.cpp", '#include "auth/jwt/jwt.hpp"', "a feature never includes another"),
    ("src/pg/pool.cpp", '#include "pool.hpp"', 'write the path from src/: "pg/pool.hpp"'),
    ("src/pg/pool.cpp", '#include "pg/../http/server.hpp"', "write the path from src/"),
    ("src/pg/pool.cpp", '#include "fmt/format.h"', "take angle brackets"),
    ("src/branches/schema.cpp", '#include "generated/migrations.hpp"', None),
    ("src/misc/stuff.cpp", "int x;", "has no place in the layers"),
    ("src/pg/pool.cpp", "#include <libpq-fe.h>", None),
    ("src/app/dev.cpp", "#include <libpq-fe.h>", "stays behind pg"),
    ("src/http/server.cpp", "#include <boost/beast/http.hpp>", None),
    ("src/api/dispatch.cpp", "#include <boost/beast.hpp>", "stays behind http"),
    ("src/branches/cluster.cpp", "#include <boost/asio/steady_timer.hpp>", None),
    ("src/auth/jwt/token.cpp", "#include <boost/asio.hpp>", "stays behind api, app, base"),
    ("src/json/parse.cpp", "#include <boost/json/src.hpp>", None),
    ("src/http/server.cpp", "#include <boost/json.hpp>", "stays behind json"),
    ("src/crypto/envelope.cpp", "#include <sodium.h>", None),
    ("src/branches/self_signed_certificate.cpp", "#include <openssl/x509.h>", None),
    ("src/branches/cluster.cpp", "#include <openssl/x509.h>", "stays behind crypto"),
    ("src/identity/users.cpp", "#include <unicode/uidna.h>", "stays behind crypto"),
    ("src/pch.hpp", "#include <boost/json/value.hpp>", None),
    ("src/mail/smtp.cpp", "#include <curl/curl.h>", "stays behind outbound"),
    ("src/pg/pool_test.cpp", "#include <doctest/doctest.h>", None),
    ("src/pg/pool.cpp", "#include <doctest/doctest.h>", "belongs in *_test.cpp"),
    ("src/pg/pool.cpp", '// #include "app/dev.hpp"', None),
    ("src/pg/pool.cpp", "\n" * 500, None),
    ("src/pg/pool.cpp", "\n" * 501, "501 lines; 500 are allowed"),
    ("src/pg/pool_test.cpp", "\n" * 800, None),
    ("tests/api/sign_in.test.mjs", "\n" * 801, "801 lines; 800 are allowed"),
    ("tests/node_modules/x/index.js", "\n" * 801, None),
    ("src/pg/pool.cpp", "// " + "x" * 157, None),
    ("src/pg/pool.cpp", "// " + "ü" * 158, "161 columns"),
)


def self_test() -> int:
    failures = 0
    for path, text, expected in CASES:
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch, path)
            file.parent.mkdir(parents=True)
            file.write_text(text, encoding="utf-8")
            _, found = check_tree(Path(scratch))
        messages = [str(violation) for violation in found]
        right = not messages if expected is None else len(messages) == 1 and expected in messages[0]
        if not right:
            failures += 1
            print(f"{path} with {text[:60]!r}: expected {expected!r}, got {messages}")
    print(f"check_includes self-test: {len(CASES)} cases, {failures} failed")
    return 1 if failures else 0


def main(arguments: list[str]) -> int:
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    count, violations = check_tree(root)
    for violation in violations:
        print(violation)
    print(f"check_includes: {count} files, {len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
