"""`nas completion` writes scripts with which real shells complete what `nas --help` shows."""

import re
import shutil
import subprocess
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
                    named = set(re.findall(r"(?m)^ +(?:-\w,)?(--[a-z][a-z0-9-]*)",
                                           nas(command, "--help").stdout))
                    self.assertEqual(self.offered(script, "nas", command, "--"), named)
            self.assertEqual(self.offered(script, "nas", "completion", ""), {"bash", "zsh", "fish"})
            self.assertEqual(self.offered(script, "nas", "list", "sp"), {"spaces"})
            self.assertIn("onnx", self.offered(script, "nas", "export", "r", "--format", ""))
            self.assertEqual(self.offered(script, "nas", "run", ""), set())  # bash offers files

    def test_no_script_names_what_is_not_for_people(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertNotIn("serve-trials", nas("completion", shell).stdout)

    def test_another_shell_is_refused(self):
        self.assertEqual(nas("completion", "tcsh").returncode, 2)

    def test_other_shells_read_their_scripts(self):
        shells = [shell for shell in ("zsh", "fish") if shutil.which(shell)]
        if not shells:
            self.skipTest("neither zsh nor fish is here")
        with scratch() as folder:
            for shell in shells:
                done = subprocess.run([shell, "-n", script_of(shell, folder)], capture_output=True,
                                      text=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_quote_in_a_meaning_does_not_end_the_text(self):
        # zsh reads single quotes as bash does, so bash can tell whether they are balanced.
        text = nas("completion", "zsh").stdout
        done = subprocess.run(["bash", "-n"], input=re.sub(r"\(\( (\w+) == 2 \)\)", "true", text),
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
