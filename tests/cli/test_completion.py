"""`nas completion` writes scripts with which real shells complete what `nas --help` shows."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
import unittest

from support import nas, scratch, write

# Asks bash for what it would offer behind the words "$@", the last of which is unfinished.
ASK = r"""
source "$script"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_nas nas "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


def script_of(shell, folder):
    done = nas("completion", shell)
    assert done.returncode == 0, done.stderr
    return write(f"{folder}/nas.{shell}", done.stdout)


def shown_commands():
    """The subcommands that nas --help lists."""
    text = nas("--help").stdout
    return set(re.findall(r"(?m)^  ([a-z][a-z-]*) ", text[text.lower().index("subcommands:"):]))


def named_options(command):
    """The long options that `nas COMMAND --help` lists."""
    return set(re.findall(r"(?m)^ +(?:-\w,)?(--[a-z][a-z0-9-]*)", nas(command, "--help").stdout))


class Zsh:
    """A zsh on a terminal of its own, since it completes nowhere else."""

    def __init__(self, script, folder):
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(["zsh", "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs,
                                        cwd=folder, start_new_session=True,
                                        env={"PATH": "/usr/bin:/bin", "TERM": "dumb", "HOME": folder,
                                             "LINES": "200", "COLUMNS": "120", "LISTMAX": "1000"})
        os.close(theirs)
        self.type(f"PS1='> '; autoload -Uz compinit; compinit -D -u; source {script}; echo rea''dy\n")
        self.read_until(["ready"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)

    def type(self, text):
        os.write(self.ours, text.encode())

    def read_until(self, texts):
        """Reads until all of `texts` were printed."""
        printed = ""
        until = time.monotonic() + 30
        while missing := [text for text in texts if text not in printed]:
            ready, _, _ = select.select([self.ours], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise AssertionError(f"zsh did not print {missing}, but {printed!r}")
            printed += os.read(self.ours, 1 << 16).decode(errors="replace")

    def shows(self, typed, texts):
        """What the tabulator key adds to `typed`, or lists below it; then the line is cleared."""
        self.type(typed + "\t")
        self.read_until(texts)
        self.type("\x15\n")


class Completion(unittest.TestCase):
    def offered(self, script, *words):
        done = subprocess.run(["bash", "-c", ASK, "bash", *words], capture_output=True, text=True,
                              timeout=60, env={"script": str(script), "PATH": "/usr/bin:/bin"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return set(done.stdout.split())

    def test_bash_offers_every_command_with_its_options_and_values(self):
        with scratch() as folder:
            script = script_of("bash", folder)
            commands = shown_commands()
            self.assertGreater(len(commands), 20)
            self.assertEqual(self.offered(script, "nas", ""), commands)
            self.assertEqual(self.offered(script, "nas", "res"), {"resume"})
            self.assertEqual(self.offered(script, "nas", "--v"), {"--version"})
            for command in commands:
                with self.subTest(command=command):
                    self.assertEqual(self.offered(script, "nas", command, "--"),
                                     named_options(command))
            self.assertEqual(self.offered(script, "nas", "completion", ""), {"bash", "zsh", "fish"})
            self.assertEqual(self.offered(script, "nas", "list", "sp"), {"spaces"})
            self.assertIn("onnx", self.offered(script, "nas", "export", "r", "--format", ""))
            self.assertEqual(self.offered(script, "nas", "run", ""), set())  # bash offers files

    def test_no_script_names_what_is_not_for_people(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertNotIn("serve-trials", nas("completion", shell).stdout)

    def test_another_shell_is_refused(self):
        self.assertEqual(nas("completion", "tcsh").returncode, 2)

    @unittest.skipUnless(shutil.which("fish"), "needs fish: apt-get install fish")
    def test_fish_offers_every_command_with_its_options_and_values(self):
        with scratch() as folder:
            script = script_of("fish", folder)
            commands = shown_commands()
            asked = {"nas ": commands, "nas res": {"resume"}, "nas list sp": {"spaces"},
                     "nas completion ": {"bash", "zsh", "fish"}, "nas --v": {"--version"},
                     # A folder that is called as a command is none; files are offered.
                     "nas status run --": named_options("status"), "nas run ": {"nas.fish"}}
            for command in commands:
                asked[f"nas {command} --"] = named_options(command)
            ask = "; ".join(f"complete -C '{words}'; echo ." for words in asked)
            done = subprocess.run(["fish", "--no-config", "-c", f"source {script}; {ask}"],
                                  capture_output=True, text=True, timeout=60, cwd=folder)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            answers = [{line.split("\t")[0] for line in part.splitlines() if line}
                       for part in done.stdout.split(".\n")]
            for (words, expected), answer in zip(asked.items(), answers):
                with self.subTest(words=words):
                    self.assertEqual(answer, expected)

    @unittest.skipUnless(shutil.which("zsh"), "needs zsh: apt-get install zsh")
    def test_zsh_completes_commands_options_and_values_as_they_are_typed(self):
        with scratch() as folder, Zsh(script_of("zsh", folder), folder) as zsh:
            for typed, shown in (("nas res", ["nas resume "]),
                                 ("nas ", [f"{name} " for name in shown_commands()]),
                                 ("nas completion ", ["bash", "fish", "zsh"]),
                                 ("nas list sp", ["nas list spaces "]),
                                 ("nas export r --format on", ["--format onnx "]),
                                 ("nas run --", named_options("run")),
                                 ("nas run nas.z", ["nas run nas.zsh "])):
                with self.subTest(typed=typed):
                    zsh.shows(typed, shown)

    def test_a_quote_in_a_meaning_does_not_end_the_text(self):
        # zsh reads single quotes as bash does, so bash can tell whether they are balanced.
        text = nas("completion", "zsh").stdout
        done = subprocess.run(["bash", "-n"], input=re.sub(r"\(\( (\w+) == 2 \)\)", "true", text),
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
