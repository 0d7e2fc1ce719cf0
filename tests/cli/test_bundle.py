"""The relocatable archive, in a root folder that holds nothing but it and glibc."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import unittest

from support import NAS, ROOT, scratch

BUILD = pathlib.Path(NAS).resolve().parents[1]
LOADER = "/lib64/ld-linux-x86-64.so.2"
GLIBC = re.compile(r"lib(c|m|dl|rt|pthread|resolv|util)\.so")
SHORT = ["--set", "budget.trials=1", "--set", "evaluator.epochs=1", "--set", "data.limit=200",
         "--set", "stages.retrain.seeds=1", "--set", "stages.retrain.epochs=1", "--device", "cpu",
         "--workers", "1"]


def bundle(*arguments):
    return subprocess.run([ROOT / "tools" / "bundle", "--build", BUILD, *map(str, arguments)],
                          capture_output=True, text=True, timeout=900)


def add_glibc(root):
    """What a node has: the loader and glibc's libraries, where the loader looks."""
    listed = subprocess.run(["ldd", BUILD / "bin" / "nas-tensor"], capture_output=True, text=True)
    for name, path in re.findall(r"(\S+) => (\S+)", listed.stdout):
        if GLIBC.match(name):
            target = root / "lib" / "x86_64-linux-gnu" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    (root / "lib64").mkdir()
    shutil.copy(LOADER, root / LOADER[1:])
    (root / "tmp").mkdir()


def in_bare_root(root, *command, libtorch=None):
    """Runs a program that sees `root` alone, with /proc and two devices; and, as /opt, the folder
    `libtorch`."""
    for folder in ("proc", "dev", "opt"):
        (root / folder).mkdir(exist_ok=True)
    script = f"mount -t proc proc {root}/proc || mount --rbind /proc {root}/proc; "
    for device in ("null", "urandom"):
        (root / "dev" / device).touch()
        script += f"mount --bind /dev/{device} {root}/dev/{device}; "
    script += f"exec chroot {root} \"$@\""
    if libtorch:
        script = f"mount --bind {libtorch} {root}/opt; {script}"
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"}
    return subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", *map(str, command)],
                          capture_output=True, text=True, timeout=600, env=environment)


def isolation_is_missing():
    return subprocess.run(["unshare", "-m", "chroot", "/", "true"],
                          capture_output=True).returncode != 0


class Bundle(unittest.TestCase):
    def setUp(self):
        self.scratch = scratch()
        self.addCleanup(self.scratch.cleanup)
        self.root = pathlib.Path(self.scratch.name, "root")

    def test_the_same_build_gives_the_same_archive_and_it_runs_in_a_bare_root(self):
        archives = [pathlib.Path(self.scratch.name, f"{i}.tar.gz") for i in range(2)]
        for archive in archives:
            done = bundle("--to", archive)
            self.assertEqual(done.returncode, 0, done.stderr)
        first, second = (hashlib.sha256(archive.read_bytes()).hexdigest() for archive in archives)
        self.assertEqual(first, second)
        with tarfile.open(archives[0]) as archive:
            names = archive.getnames()
            archive.extractall(self.root)
        self.assertEqual(names, sorted(names))
        for name in ("nas/bin/nas", "nas/bin/nas-tensor", "nas/LIBTORCH", "nas/README.md",
                     "nas/configs/quick/digits.yaml", "nas/licences/nas.txt"):
            self.assertIn(name, names)
        self.assertFalse([name for name in names if "torch" in pathlib.Path(name).name.lower()
                          and name.startswith("nas/lib/")])
        if isolation_is_missing():
            self.skipTest("no right to unshare and chroot: the archive was not run alone")
        add_glibc(self.root)
        done = in_bare_root(self.root, "/nas/bin/nas", "--version")
        self.assertEqual(done.returncode, 0, done.stderr)
        done = in_bare_root(self.root, "/nas/bin/nas", "measure", "nas_bench_201", "--arch",
                            "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("parameters", done.stdout)
        # Without LibTorch it says what is missing.
        done = in_bare_root(self.root, "/nas/bin/nas-tensor", "--version")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("libtorch", done.stderr)
        self.check_linked_libtorch()

    def check_linked_libtorch(self):
        """LIBTORCH's first way: the folder of an installed wheel is linked."""
        listed = subprocess.run(["ldd", BUILD / "bin" / "nas-tensor"], capture_output=True, text=True)
        lib = pathlib.Path(re.search(r"=> (\S*/libtorch_cpu.so)", listed.stdout)[1]).parent
        (self.root / "nas" / "libtorch").symlink_to(f"/opt/{lib.parent.name}")
        done = in_bare_root(self.root, "/nas/bin/nas-tensor", "--version",
                            libtorch=lib.parent.parent)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_with_libtorch_a_search_runs_in_a_bare_root(self):
        if isolation_is_missing():
            self.skipTest("no right to unshare and chroot")
        if not (BUILD / "bin" / "nas-tensor").exists():
            self.skipTest("built without LibTorch")
        # Beside the build, so that gigabytes of LibTorch are linked and not copied.
        root = BUILD / "bare_root"
        shutil.rmtree(root, ignore_errors=True)
        self.addCleanup(shutil.rmtree, root, ignore_errors=True)
        done = bundle("--with-torch", "--to", root / "nas")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((root / "nas" / "LIBTORCH").exists())
        add_glibc(root)
        done = in_bare_root(root, "/nas/bin/nas", "run", "/nas/configs/quick/digits.yaml", "--out",
                            "/tmp/run", *SHORT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("test_accuracy", done.stdout)

    def test_a_build_that_is_not_there_is_named(self):
        done = subprocess.run([ROOT / "tools" / "bundle", "--build", self.scratch.name],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("bin/nas: not built", done.stderr)


if __name__ == "__main__":
    unittest.main()
