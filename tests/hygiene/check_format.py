"""clang-format agrees with every file of ours; counted as passed with a word where it is missing."""

import pathlib
import shutil
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
tool = shutil.which("clang-format-14") or shutil.which("clang-format")
if tool is None:
    print("skipped: clang-format is not installed")
    sys.exit(0)
version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout
if " 14." not in version:
    # Versions differ in taste; one has to be the judge.
    print(f"skipped: found {version.strip()}, expected version 14")
    sys.exit(0)
files = [path for folder in ("nas", "search_spaces", "controllers", "tools", "tests")
         for path in (root / folder).rglob("*") if path.suffix in (".cpp", ".hpp")]
sys.exit(subprocess.run([tool, "--dry-run", "-Werror", *map(str, files)]).returncode)
