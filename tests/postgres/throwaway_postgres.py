"""A PostgreSQL of its own on the loopback, for as long as a `with` block lasts. Any user may start
it; root does so as user postgres, because the server refuses root.

    throwaway_postgres.py     # prints its address in a line and runs until standard input ends
"""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

WISHED = "apt-get install --no-install-recommends postgresql"


def programs():
    """The folder of initdb and pg_ctl; None where they are not installed."""
    places = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        places.insert(0, pathlib.Path(found).resolve().parent)
    return next((place for place in places if (place / "pg_ctl").exists()), None)


def missing():
    """Why there can be no server here; None where there can."""
    if not programs():
        return f"no PostgreSQL here: {WISHED}"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "root starts PostgreSQL as user postgres, who is not there"
    return None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Postgres:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.server = None
        self.identity = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            self.identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def create(self):
        done = subprocess.run([programs() / "initdb", "-D", self.data, "-A", "trust", "-U", "postgres",
                               "--no-sync", "-E", "UTF8", "--locale=C"], capture_output=True, text=True,
                              cwd=self.folder, timeout=60, **self.identity)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                           f"unix_socket_directories = '{self.folder}'\nmax_connections = 60\n")

    def start(self):
        # A child, not a daemon: it dies with the process group of its test.
        with open(self.folder / "log", "a") as log:
            self.server = subprocess.Popen([programs() / "postgres", "-D", self.data], cwd=self.folder,
                                           stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.identity)
        for _ in range(600):
            if subprocess.run([programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p",
                               str(self.port)]).returncode == 0:
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self, how=signal.SIGINT):
        """SIGINT: connections are ended; SIGQUIT: as after a crash."""
        if self.server:
            self.server.send_signal(how)
            self.server.wait(60)
            self.server = None

    def ask(self, sql):
        """Rows of one statement as lists of texts."""
        done = subprocess.run([programs() / "psql", self.url, "-X", "-q", "-A", "-t", "-F", "\t", "-c", sql],
                              capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]


@contextlib.contextmanager
def throwaway_postgres():
    with tempfile.TemporaryDirectory(prefix="nas-postgres-") as folder:
        server = Postgres(folder)
        server.create()
        try:
            server.start()
            yield server
        finally:
            server.stop(signal.SIGQUIT)


def main():
    problem = missing()
    if problem:
        print(problem, flush=True)
        return 2
    with throwaway_postgres() as server:
        print(server.url, flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
