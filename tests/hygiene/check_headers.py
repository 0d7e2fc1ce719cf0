"""Every header that needs no LibTorch compiles alone: it includes all that it uses.

    check_headers.py [ROOT [INCLUDE_FOLDER...]]
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

FOLDERS = ("nas", "search_spaces", "controllers", "tools", "tests")
INCLUDE = re.compile(r'^#include ["<]([^">]+)[">]', re.MULTILINE)
FOREIGN = ("torch/", "ATen/", "c10/", "cuda")


def includes(root, path, seen):
    """Names of all that a file of ours includes, through headers of ours, into `seen`."""
    for name in INCLUDE.findall((root / path).read_text()):
        if name not in seen:
            seen.add(name)
            if (root / name).exists():
                includes(root, name, seen)
    return seen


def light_headers(root):
    paths = [path.relative_to(root) for folder in FOLDERS for path in (root / folder).rglob("*.hpp")]
    return sorted(str(path) for path in paths
                  if not any(name.startswith(FOREIGN) for name in includes(root, path, set())))


def complaint(root, folders, path):
    """What the compiler says of a unit that holds only this header; empty where nothing."""
    done = subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", "-fsyntax-only", "-I", root,
                           *(f"-isystem{folder}" for folder in folders if folder),
                           "-x", "c++", "-"], input=f'#include "{path}"\n', text=True,
                          capture_output=True)
    return f"{path} does not compile alone\n{done.stderr[:1500]}" if done.returncode else ""


def complaints(root, folders):
    headers = light_headers(root)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda path: complaint(root, folders, path), headers)
        return len(headers), [text for text in found if text]


if __name__ == "__main__":
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    count, found = complaints(pathlib.Path(root), sys.argv[2:])
    print("\n".join(found) or f"{count} headers compile alone")
    sys.exit(bool(found) or count == 0)
