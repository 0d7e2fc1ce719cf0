"""Runs the real program. The environment variable NAS names it; build/bin/nas otherwise."""

import json
import os
import pathlib
import re
import shlex
import struct
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAS = os.environ.get("NAS", str(ROOT / "build" / "bin" / "nas"))
DATA = pathlib.Path(os.environ.get("NAS_DATA", ROOT.parent / "shared" / "data"))


def nas(*arguments, timeout=600, **options):
    """Runs `nas arguments...`; returns the finished process with its texts."""
    return subprocess.run([NAS, *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, **options)


def nas_json(*arguments, **options):
    """The one JSON document that `nas arguments... --json` prints."""
    done = nas(*arguments, "--json", **options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def stop_at_line(text, stop, *arguments):
    """Runs `nas arguments...` and sends it `stop` when it prints a line with `text`; returns whether
    it printed one, and its exit status."""
    process = subprocess.Popen([NAS, *map(str, arguments)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    printed = any(text in line for line in iter(process.stdout.readline, ""))
    process.send_signal(stop)
    process.communicate(timeout=120)
    time.sleep(0.5)  # what a killed run has started dies soon after it
    return printed, process.returncode


def blocks_of(page, language):
    """What a page of the documentation shows in a language, in order; `page` is a path from the root."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), re.S)


def commands_of(page):
    """The shell commands among it."""
    return [line for block in blocks_of(page, "sh")
            for line in re.sub(r"\\\n *", "", block).splitlines()]


def run_page(test, commands, shortened, folder, called="build/bin/nas"):
    """Runs a page's commands one after the other in a folder, each with what makes it short; the page
    calls the program so."""
    pathlib.Path(folder, "configs").symlink_to(ROOT / "configs")
    for command in commands:
        program, *arguments = shlex.split(command)
        test.assertEqual(program, called)
        arguments = [argument.replace("$NAS_DATA", str(DATA)) for argument in arguments]
        with test.subTest(command=command):
            done = nas(*arguments, *shortened.get(arguments[0], []), cwd=folder, timeout=300,
                       env={**os.environ, "NAS_DATA": str(DATA)})
            test.assertEqual(done.returncode, 0, done.stderr)


def scratch():
    """A folder that goes away when the object does."""
    return tempfile.TemporaryDirectory(prefix="nas-test-")


def write(path, text):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read_safetensors(path):
    """name -> (dtype, shape, bytes), and the metadata; independent of our own reader."""
    raw = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = (entry["dtype"], entry["shape"], raw[8 + length + begin:8 + length + end])
    return tensors, metadata


def floats(tensor):
    """The numbers of a float32 tensor of read_safetensors."""
    dtype, _, data = tensor
    assert dtype == "F32"
    return struct.unpack(f"<{len(data) // 4}f", data)
