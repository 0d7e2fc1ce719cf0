#!/usr/bin/env python3
"""Puts sources that can be compiled as one unit into groups.

    tools/source_groups.py FILE...      one group a line, its files separated by semicolons

Most of a compiler's time goes to the headers of libraries, so several sources in one unit cost little
more than one. They can share one as far as the names in their unnamed namespaces differ, also from those
that another takes from elsewhere by a using-declaration.
"""

import pathlib
import re
import sys

GROUP = 12  # sources in a unit
# What begins at the left margin between `namespace {` and its end: the last name before ( = { ; or [.
LOCAL = re.compile(r"^[a-zA-Z][^\n(={;\[]*?(?<!:)\b(\w+)\s*(?:final\s*)?(?::(?!:)[^\n]*)?[(={;\[]", re.MULTILINE)
HIDDEN = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)


BORROWED = re.compile(r"^using [\w:]+::(\w+);", re.MULTILINE)


def local_names(text):
    """Names that would clash with the same ones of another source in one unit, at a guess."""
    names = {name for part in HIDDEN.findall(text) for name in LOCAL.findall(part)}
    return names | set(re.findall(r"^(?:#define|using) (\w+)", text, re.MULTILINE))


def groups_of(sources, flags_of):
    """Lists of sources with the same flags and different local names, at most GROUP in each."""
    groups = []
    for path in sources:
        text = path.read_text()
        key, names, borrowed = flags_of(path), local_names(text), set(BORROWED.findall(text))
        for group in groups:
            if group[0] != key or len(group[3]) == GROUP:
                continue
            if not group[1] & (names | borrowed) and not group[2] & names:
                group[1].update(names)
                group[2].update(borrowed)
                group[3].append(path)
                break
        else:
            groups.append((key, names, borrowed, [path]))
    return [group[3] for group in groups]


if __name__ == "__main__":
    for sources in groups_of([pathlib.Path(name) for name in sys.argv[1:]], lambda path: ""):
        print(";".join(map(str, sources)))
