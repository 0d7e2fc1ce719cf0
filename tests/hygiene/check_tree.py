"""Holds the tree to its own rules; prints every breach and fails.

    check_tree.py [ROOT]
"""

import pathlib
import re
import statistics
import sys

HARD_LINES = 700
MEDIAN_LINES = 110
LONGEST_FUNCTION = 60
CODE = (".cpp", ".hpp", ".cu")
FOLDERS = ("nas", "search_spaces", "controllers", "tools", "tests")

# A folder uses those above it, and itself. Beside it stands what it may use although that is below.
ORDER = ["nas/core", "nas/config", "nas/plan", "nas/search", "nas/store", "search_spaces", "nas/data",
         "nas/train", "controllers", "nas/torch", "nas/supernet", "nas/evaluate", "nas/run",
         "nas/report", "tools"]
ALSO = {"nas/data": {"nas/torch"}, "nas/train": {"nas/torch"}, "nas/search": {"nas/config"},
        "controllers": {"nas/torch", "nas/train"}, "nas/supernet": {"nas/evaluate"},
        "nas/torch": set()}
# Programs without LibTorch are linked from these; units that own tensors say so in their name.
NO_TORCH = ("nas/core", "nas/config", "nas/plan", "nas/search", "nas/store", "nas/run", "nas/report",
            "search_spaces", "controllers", "tools")
TENSOR_UNIT = re.compile(r"(_tensor\.|/tensor_|job_evaluators)")
LEAKS = re.compile(r"(/work/|/farm/|/root/|/home/\w|pypi\.org|files\.pythonhosted|deb\.debian\.org)")


def folder_of(path):
    return "/".join(path.split("/")[:2]) if path.startswith("nas/") else path.split("/")[0]


def check_sizes(files):
    for path, lines in files.items():
        if len(lines) > HARD_LINES:
            yield f"{path}: {len(lines)} lines, at most {HARD_LINES}"
    median = statistics.median(len(lines) for lines in files.values())
    if median > MEDIAN_LINES:
        yield f"median file of {median} lines, at most {MEDIAN_LINES}"


def check_functions(files):
    """A function begins at column 0 or 2 with a name and ends with a brace at the same column."""
    opening = re.compile(r"^( {0,2})[A-Za-z~].*\)( const| override| noexcept)* \{$")
    for path, lines in files.items():
        if path.startswith("tests/"):
            continue
        start, indent = None, ""
        for number, line in enumerate(lines, 1):
            match = opening.match(line)
            if match and start is None and not re.match(r" *(namespace|class|struct|enum)\b", line):
                start, indent = number, match.group(1)
            elif start is not None and line.startswith(indent + "}"):
                if number - start > LONGEST_FUNCTION:
                    yield f"{path}:{start}: function of {number - start} lines, at most {LONGEST_FUNCTION}"
                start = None


def check_includes(files):
    include = re.compile(r'#include ["<]([^">]+)[">]')
    for path, lines in files.items():
        own = folder_of(path)
        for number, line in enumerate(lines, 1):
            match = include.match(line)
            if not match:
                continue
            target = match.group(1)
            if target == "torch/torch.h" and path != "nas/torch/torch.hpp":
                yield f"{path}:{number}: torch/torch.h is included by nas/torch/torch.hpp alone"
            torch = target.startswith(("torch/", "ATen/", "c10/", "nas/torch/"))
            if torch and own in NO_TORCH and not TENSOR_UNIT.search(path):
                yield f"{path}:{number}: a unit without LibTorch includes {target}"
            used = folder_of(target)
            if own in ORDER and used in ORDER and ORDER.index(used) > ORDER.index(own) \
                    and used not in ALSO.get(own, ()):
                yield f"{path}:{number}: {own} stands above {used} and must not include it"


def check_texts(files):
    for path, lines in files.items():
        if path.endswith(".hpp") and "#pragma once" not in lines:
            yield f"{path}: lacks #pragma once"
        if path.endswith("check_tree.py"):
            continue
        for number, line in enumerate(lines, 1):
            if LEAKS.search(line):
                yield f"{path}:{number}: a path or host of one machine: {line.strip()}"


def read(root):
    found = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in CODE + (".py", ".txt", ".cmake") and "__pycache__" not in path.parts:
                found[str(path.relative_to(root))] = path.read_text().splitlines()
    return found


def breaches(root):
    files = read(pathlib.Path(root))
    code = {path: lines for path, lines in files.items() if path.endswith(CODE)}
    return [*check_sizes(code), *check_functions(code), *check_includes(code), *check_texts(files)]


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parents[2]
    found = breaches(sys.argv[1] if len(sys.argv) > 1 else here)
    print("\n".join(found) or "the tree keeps its rules")
    sys.exit(bool(found))
