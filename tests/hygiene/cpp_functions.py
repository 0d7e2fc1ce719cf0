"""Finds the functions of a C++ source by its braces; enough of the grammar for measuring lengths."""

import re

# Text in which a brace is no brace; newlines inside are kept.
LITERAL = re.compile(
    r'R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
    r"|//[^\n]*|/\*.*?\*/", re.DOTALL)
SCOPE = re.compile(r"\b(namespace|class|struct|union|extern)\b[^()]*$")
NO_FUNCTION = re.compile(r"^\s*(enum|return|if|for|while|switch|do|else|try|catch)\b|=\s*$")


def blank(match):
    text = match.group(0)
    if text.startswith("'") and re.search(r"'\d", text):
        return text.replace("{", " ").replace("}", " ")
    return re.sub(r"[^\n]", " ", text)


def functions(text):
    """(first line, lines) of each function with a body that stands in a file, namespace or class."""
    text = LITERAL.sub(blank, re.sub(r"(?<=\d)'(?=\d)", " ", text))
    found, blocks, head = [], [], 0  # blocks: (kind, where its head begins)
    for at, sign in enumerate(text):
        if sign == "{":
            before = text[head:at]
            outer = all(kind == "scope" for kind, _ in blocks)
            kind = "inner"
            if outer and SCOPE.search(before) and not before.rstrip().endswith(")"):
                kind = "scope"
            elif outer and "(" in before and not NO_FUNCTION.search(before):
                kind = "function"
            blocks.append((kind, head + len(before) - len(before.lstrip())))
        elif sign == "}" and blocks:
            kind, begin = blocks.pop()
            if kind == "function":
                if text[at + 1:].lstrip()[:1] in (",", "{"):
                    head = begin  # a member that a constructor sets: `: a_{1}, b_{2} {`
                    continue
                first = text.count("\n", 0, begin) + 1
                found.append((first, text.count("\n", 0, at) + 2 - first))
        if sign == ";" or (sign in "{}" and (not blocks or blocks[-1][0] == "scope")):
            head = at + 1
    return found
