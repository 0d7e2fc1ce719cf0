"""Holds the tree to its own rules; prints every breach and fails.

    check_tree.py [ROOT]
"""

import pathlib
import re
import statistics
import sys

from cpp_functions import functions

HARD_LINES = 700
MEDIAN_LINES = 100
LONGEST_FUNCTION = 60
USUAL_FUNCTION = 25
LONG_FUNCTIONS = ()  # the exceptions, as path:line; kept short
CODE = (".cpp", ".hpp", ".cu")
FOLDERS = ("nas", "search_spaces", "controllers", "tools", "tests")
DOCUMENTS = ("configs", "docs", "third_party", ".ci")

# A folder uses those above it, and itself. Beside it stands what it may use although that is below.
ORDER = ["nas/core", "nas/config", "nas/plan", "nas/search", "nas/qubo", "nas/cooling", "nas/store", "nas/export",
         "nas/quantize", "search_spaces", "nas/data", "nas/train", "controllers", "nas/kernels", "nas/torch", "nas/hardware",
         "nas/supernet", "nas/evaluate", "nas/reinforce", "nas/compress", "nas/run", "nas/report", "tools"]
ALSO = {"nas/data": {"nas/torch"}, "nas/train": {"nas/torch"}, "nas/search": {"nas/config"},
        "controllers": {"nas/torch", "nas/train"}, "nas/supernet": {"nas/evaluate"},
        "nas/kernels": {"nas/torch"}, "nas/torch": set()}
# Programs without LibTorch are linked from these; units that own tensors say so in their name.
NO_TORCH = ("nas/core", "nas/config", "nas/plan", "nas/search", "nas/qubo", "nas/cooling", "nas/store", "nas/export",
            "nas/quantize", "nas/run", "nas/report", "search_spaces", "controllers", "tools")
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
    lengths = []
    for path, lines in files.items():
        if path.startswith("tests/"):
            continue
        for number, length in functions("\n".join(lines)):
            lengths.append(length)
            if length > LONGEST_FUNCTION and f"{path}:{number}" not in LONG_FUNCTIONS:
                yield f"{path}:{number}: function of {length} lines, at most {LONGEST_FUNCTION}"
    long = sum(length > USUAL_FUNCTION for length in lengths)
    if long * 10 > len(lengths):
        yield f"{long} of {len(lengths)} functions are over {USUAL_FUNCTION} lines, at most a tenth may"


def check_includes(files):
    include = re.compile(r'#include ["<]([^">]+)[">]')
    for path, lines in files.items():
        own = folder_of(path)
        for number, line in enumerate(lines, 1):
            match = include.match(line)
            if not match:
                continue
            target = match.group(1)
            if target == "torch/torch.h":
                yield f"{path}:{number}: torch/torch.h is included (see nas/torch/torch.hpp)"
            torch = target.startswith(("torch/", "ATen/", "c10/", "nas/torch/"))
            if torch and own in NO_TORCH and not TENSOR_UNIT.search(path):
                yield f"{path}:{number}: a unit without LibTorch includes {target}"
            used = folder_of(target)
            if own in ORDER and used in ORDER and ORDER.index(used) > ORDER.index(own) \
                    and used not in ALSO.get(own, ()):
                yield f"{path}:{number}: {own} stands above {used} and must not include it"


def check_texts(root, files):
    for path, lines in files.items():
        if path.endswith(".hpp") and "#pragma once" not in lines:
            yield f"{path}: lacks #pragma once"
        for number, line in enumerate(lines, 1):
            if LEAKS.search(line) and not path.startswith("tests/hygiene/"):
                yield f"{path}:{number}: a path or host of one machine: {line.strip()}"
            if path.endswith(".md"):
                yield from check_links(root, path, number, line)


def check_links(root, path, number, line):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", line):
        if not (root / path).parent.joinpath(target).exists():
            yield f"{path}:{number}: links to {target}, which is not there"


def is_text_of_ours(path):
    if path.suffix in CODE + (".py", ".txt", ".cmake", ".md", ".yaml", ".json"):
        return True
    return not path.suffix and path.read_bytes()[:2] == b"#!"


def read(root):
    """Relative path -> lines, of all that people here wrote."""
    found = {}
    paths = [path for folder in FOLDERS + DOCUMENTS for path in sorted((root / folder).rglob("*"))]
    for path in [*paths, *sorted(root.glob("*"))]:
        if path.is_file() and is_text_of_ours(path) and "__pycache__" not in path.parts:
            found[str(path.relative_to(root))] = path.read_text().splitlines()
    return found


def breaches(root):
    root = pathlib.Path(root)
    files = read(root)
    code = {path: lines for path, lines in files.items() if path.endswith(CODE)}
    if not code:
        return ["no sources here"]
    return [*check_sizes(code), *check_functions(code), *check_includes(code), *check_texts(root, files)]


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parents[2]
    found = breaches(sys.argv[1] if len(sys.argv) > 1 else here)
    print("\n".join(found) or "the tree keeps its rules")
    sys.exit(bool(found))
