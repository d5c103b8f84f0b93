#!/usr/bin/env python3
"""Reads the tree against the rules of the house (docs/ARCHITECTURE.md) that no compiler checks.

  check.py modules ROOT   who includes whom, and which module alone may touch an outside thing
  check.py tree ROOT      file sizes, words that do not belong, decisions by kind outside of the catalog
  check.py canary ROOT    breaks each rule in a copy in memory, and fails when the rule does not notice
"""
import pathlib
import re
import sys

# module: the modules that it may include. cli may include all.
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "pg": {"base"},
    "format": {"base", "model"},
    "tunnel": {"base"},
    "catalog": {"base", "model", "pg"},
    "dump": {"base", "model", "pg", "catalog", "format"},
    "restore": {"base", "model", "pg", "format"},
    "verify": {"base", "model", "pg", "catalog", "format"},
    "cli": {"base", "model", "pg", "catalog", "format", "dump", "restore", "verify", "tunnel"},
}

WHY = {
    "base": "base stands below everything, so that nothing is needed to test it",
    "model": "model holds values only: no server, no file, no thread can reach them",
    "pg": "pg wraps libpq alone, so that another adapter never has to know it",
    "format": "format is readable without a server: an archive must not need libpq to be checked",
    "tunnel": "tunnel gives a local endpoint and knows nothing of PostgreSQL's protocol users",
    "catalog": "catalog turns a server into entries and never learns where they go",
    "dump": "dump and restore meet in the archive stream only, so that a file, a pipe and memory are one path",
    "restore": "restore acts on entries alone: what it needed from the catalog would be lacking in an archive",
    "verify": "verify compares from outside: what it shared with dump or restore it could not find wrong",
    "cli": "only cli wires the modules",
}

# (pattern of the header, modules that alone include it, why)
OUTSIDE = [
    (r"(libpq-fe|libpq/.*|postgres_ext)\.h$", {"pg"}, "libpq is wrapped once, so that its errors become Errors in one place"),
    (r"zstd.*\.h$", {"format"}, "how an archive is compressed is the format's secret"),
    (r"xxhash\.h$", {"format"}, "how an archive is checked is the format's secret"),
    (r"boost/program_options", {"cli"}, "options are read in one place"),
    (r"boost/json", {"cli"}, "JSON is an output of the command line"),
    (r"boost/url", {"cli", "tunnel"}, "URLs are opened by the tunnel and recognised by cli"),
    (r"boost/(asio|beast)", {"tunnel"}, "the tunnel alone speaks to the network beside libpq"),
    (r"openssl/", {"tunnel"}, "the tunnel alone speaks TLS beside libpq"),
    (r"spdlog/", {"cli"}, "modules tell Progress what happens; only cli knows a log"),
    (r"^format$", set(), "g++ 12 has no <format>; fmt serves"),
    (r"^iostream$", {"cli"}, "only cli writes to the terminal"),
]

# Relations of the catalog that are read to describe objects: a query over them outside of src/catalog is knowledge that an
# entry should carry. Checks of a session or of a target's state may ask pg_class and pg_depend for names.
CATALOG_TABLES = re.compile(r"\bpg_(attribute|attrdef|proc|index|constraint|trigger|rewrite|policy|type|operator|opclass|opfamily)\b(?!\w*\()")
MAY_ASK_CATALOG = {"catalog", "restore"}  # restore: its preflight looks at what is in the way on the target

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
LINE_LIMIT = 500
# Spelt in pieces, so that this file passes its own rule.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
KIND_SWITCH = re.compile(r"\bswitch\s*\([^)]*\bkind\b[^)]*\)")
SOURCES = {".h", ".cc", ".py", ".sh", ".cmake", ".md", ".sql", ".txt", ""}


def module_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def without_comments(text):
    """C++ comments blanked, lines kept. Good enough for these rules: no // stands in a string they look at."""
    text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
    return re.sub(r"(?<!:)//[^\n]*", "", text)


def line_at(text, position):
    return text.count("\n", 0, position) + 1


def check_modules(files):
    for path, text in files.items():
        module = module_of(path)
        if module is None or not path.endswith((".h", ".cc")):
            continue
        if module not in MAY_INCLUDE:
            yield f"{path}: src/{module} is no module of the house; the table of modules names them"
            continue
        code = without_comments(text)
        for match in INCLUDE.finditer(code):
            header, where = match.group(2), f"{path}:{line_at(code, match.start())}"
            other = header.split("/")[0] if match.group(1) == '"' else None
            if other in MAY_INCLUDE and other != module and other not in MAY_INCLUDE[module]:
                yield f"{where}: {module} includes src/{header}, and may not: {WHY[module]}"
            if match.group(1) == '"' and f"src/{header}" not in files:
                yield f"{where}: includes \"{header}\", which is not a file under src (write the path from src)"
            for pattern, allowed, why in OUTSIDE:
                if match.group(1) == "<" and re.search(pattern, header) and module not in allowed:
                    yield f"{where}: {module} includes <{header}>, and {' and '.join(sorted(allowed)) or 'no module'} alone may: {why}"
        if module not in MAY_ASK_CATALOG:
            for match in CATALOG_TABLES.finditer(code):
                yield (f"{path}:{line_at(code, match.start())}: {module} names {match.group()}, and src/catalog alone may: "
                       "what is known about objects stands on their entries")


def check_tree(files):
    for path, text in files.items():
        lines = text.count("\n")
        is_code = path.endswith((".h", ".cc", ".py"))
        if is_code and lines > LINE_LIMIT:
            yield f"{path}: {lines} lines; past {LINE_LIMIT} a file holds an idea that wants a room of its own"
        for match in UNFINISHED.finditer(text):
            yield f"{path}:{line_at(text, match.start())}: '{match.group()}': finish it, or write it down where work is planned"
        module = module_of(path)
        if module and path.endswith((".h", ".cc")):
            if not text.lstrip().startswith(("//", "#include", "#define")):
                yield f"{path}:1: a file begins with what it is, or with the header that says it"
            if module not in {"catalog", "model"}:
                code = without_comments(text)
                for match in KIND_SWITCH.finditer(code):
                    yield (f"{path}:{line_at(code, match.start())}: {module} decides by kind; a field is missing on Entry "
                           "that the catalog would fill in")


def read_tree(root):
    files = {}
    for folder in ("src", "tests", "bench", "scripts", "docs", "cmake"):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and path.suffix in SOURCES and "/golden/" not in name and "/data/" not in name:
                try:
                    files[name] = path.read_text(encoding="utf-8")
                except UnicodeDecodeError:
                    pass
    return files


CANARIES = [
    ("modules", "src/dump/canary.cc", '// c\n#include "restore/restore.h"\n', "dump and restore meet"),
    ("modules", "src/restore/canary.cc", '// c\n#include "catalog/inventory.h"\n', "lacking in an archive"),
    ("modules", "src/model/canary.h", '// c\n#include "pg/connection.h"\n', "values only"),
    ("modules", "src/verify/canary.cc", "// c\n#include <libpq-fe.h>\n", "wrapped once"),
    ("modules", "src/dump/canary.cc", "// c\n#include <zstd.h>\n", "format's secret"),
    ("modules", "src/catalog/canary.cc", "// c\n#include <xxhash.h>\n", "format's secret"),
    ("modules", "src/format/canary.cc", "// c\n#include <openssl/evp.h>\n", "TLS"),
    ("modules", "src/restore/canary.cc", "// c\n#include <boost/asio.hpp>\n", "network"),
    ("modules", "src/verify/canary.cc", '// c\nauto q = "SELECT 1 FROM pg_catalog.pg_attribute";\n', "stands on their entries"),
    ("modules", "src/attic/canary.cc", "// c\n", "no module"),
    ("modules", "src/verify/canary.cc", '// c\n#include "verify.h"\n', "path from src"),
    ("tree", "src/dump/canary.cc", "// c\n" * 501, "room of its own"),
    ("tree", "src/dump/canary.cc", "// TO" + "DO\n", "finish it"),
    ("tree", "src/restore/canary.cc", "// c\nvoid f() { switch (entry.kind) {} }\n", "a field is missing"),
    ("tree", "src/restore/canary.cc", "namespace x {}\n", "begins with what it is"),
]


def check_canary(files):
    checks = {"modules": check_modules, "tree": check_tree}
    for rule, path, text, expected in CANARIES:
        found = [line for line in checks[rule]({**files, path: text}) if line.startswith(path)]
        if not any(expected in line for line in found):
            yield f"the rule '{expected}' did not notice {path}"


def main():
    checks = {"modules": check_modules, "tree": check_tree, "canary": check_canary}
    if len(sys.argv) != 3 or sys.argv[1] not in checks:
        print(__doc__, file=sys.stderr)
        return 2
    files = read_tree(pathlib.Path(sys.argv[2]))
    problems = list(checks[sys.argv[1]](files))
    for problem in problems:
        print(problem)
    print(f"{len(files)} files read, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
