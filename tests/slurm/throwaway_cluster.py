"""A Slurm of its own on this machine: a controller and one or more nodes on the loopback, for as long as
a `with` block lasts. Needs root (slurmd changes users), slurm-wlm and munge; no systemd, no cgroups.

    throwaway_cluster.py [COMMAND...]    # runs COMMAND, or a shell, with SLURM_CONF set
"""

import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "sinfo")
# A requeued job waits for cred_expire, 120 s by default; that of a lost node for SlurmdTimeout, 300 s.
CONF = """\
ClusterName=throwaway
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmdLogFile={folder}/slurmd.%n.log
SlurmdSpoolDir={folder}/spool.%n
SlurmdTimeout=9
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
MailProg=/bin/true
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=20
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2,sched_min_interval=0
{nodes}
PartitionName=main Nodes=ALL Default=YES LLN=YES MaxTime=INFINITE State=UP
"""

NODE = """\
NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={cpus} Boards=1 \
SocketsPerBoard=1 CoresPerSocket={cpus} ThreadsPerCore=1 RealMemory=4000 State=UNKNOWN"""


def missing():
    """Why there can be no cluster here; None where there can."""
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    if absent:
        return f"no {', '.join(absent)}: apt-get install --no-install-recommends slurm-wlm munge"
    return None if os.geteuid() == 0 else "slurmd and munged want to be started by root"


def free_ports(number):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    def __init__(self, folder, cpus, nodes):
        self.folder = pathlib.Path(folder)
        self.daemons = []
        self.nodes = {f"n{number}": None for number in range(1, nodes + 1)}  # name -> its slurmd
        controller_port, *ports = free_ports(1 + nodes)
        host = socket.gethostname().split(".")[0]
        for name in ("munge", "state", *(f"spool.{node}" for node in self.nodes)):
            (self.folder / name).mkdir()
        self.conf = self.folder / "slurm.conf"
        self.conf.write_text(CONF.format(
            folder=folder, controller_port=controller_port, host=host,
            nodes="\n".join(NODE.format(name=name, host=host, port=port, cpus=cpus)
                            for name, port in zip(self.nodes, ports))))
        self.environment = {**os.environ, "SLURM_CONF": str(self.conf)}

    def start(self):
        key = self.folder / "munge" / "key"
        key.write_bytes(secrets.token_bytes(1024))
        key.chmod(0o400)
        (self.folder / "munge").chmod(0o711)
        munge = f"{self.folder}/munge"
        # --force: it dislikes parents that everyone may write to, such as /tmp.
        self.daemon("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={munge}/socket",
                    f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        self.wait_until(lambda: (self.folder / "munge" / "socket").exists())
        self.daemon("slurmctld", "-D", "-c", "-f", self.conf)
        for name in self.nodes:
            self.start_node(name)
        self.wait_until(lambda: self.ask("sinfo", "-N", "--noheader", "--format=%t").count("idle") == len(self.nodes))

    def start_node(self, name):
        self.nodes[name] = self.daemon("slurmd", "-D", "-N", name, "-f", self.conf)

    def lose_node(self, name):
        """Its slurmd is gone; the jobs there live on, as behind a cut network."""
        self.nodes[name].kill()
        self.nodes[name].wait()

    def daemon(self, *command):
        with open(self.folder / f"{command[0]}.out", "ab") as output:
            self.daemons.append(subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL,
                                                 stdout=output, stderr=output, env=self.environment,
                                                 start_new_session=True))
        return self.daemons[-1]

    def wait_until(self, ready, seconds=30):
        for _ in range(seconds * 5):
            if ready():
                return
            time.sleep(0.2)
        logs = [path.read_text(errors="replace")[-2000:] for path in sorted(self.folder.glob("*.out"))]
        raise RuntimeError("the cluster did not come up\n" + "\n".join(logs))

    def ask(self, *command):
        """Standard output of one of Slurm's commands; empty where it fails."""
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60,
                              env=self.environment)
        return done.stdout if done.returncode == 0 else ""

    def stop(self):
        jobs = self.ask("squeue", "--noheader", "--format=%A").split()
        if jobs:
            self.ask("scancel", *jobs)
            for _ in range(60):
                if not self.ask("squeue", "--noheader", "--format=%A").strip():
                    break
                time.sleep(0.5)
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


@contextlib.contextmanager
def throwaway_cluster(cpus=2, nodes=1):
    with tempfile.TemporaryDirectory(prefix="nas-slurm-") as folder:
        os.chmod(folder, 0o755)  # the node's daemon and munge's clients look into it
        cluster = Cluster(folder, cpus, nodes)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


def main():
    problem = missing()
    if problem:
        print(f"throwaway_cluster: {problem}", file=sys.stderr)
        return 2
    with throwaway_cluster() as cluster:
        return subprocess.run(sys.argv[1:] or ["bash"], env=cluster.environment).returncode


if __name__ == "__main__":
    sys.exit(main())
