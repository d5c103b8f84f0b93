"""One run, measured: wall time, CPU of the client and of the servers, memory of the client's processes, and how much of the
machine others took meanwhile. Linux only: all of it is read from /proc."""
import dataclasses
import os
import platform
import resource
import signal
import subprocess
import threading
import time

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
SAMPLE_S = 0.1
HUNG_S, HUNG_CPU_S = 60, 3.0  # a run that spends less than this in so long, servers included, will not end


def process_cpu_s(pid, reaped):
    """User and system seconds of a process; with reaped, of the children that it has waited for, too."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(n) for n in fields[11:15 if reaped else 13]) * TICK_S


def children_of(pid):
    children = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                children += [int(n) for n in file.read().split()]
    except OSError:
        pass
    return children


def tree_of(pid):
    pids = [pid]
    for one in pids:
        pids += children_of(one)
    return pids


def kb_of(path, key):
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith(key):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def busy_s():
    """CPU seconds that the machine has spent on anything, the hypervisor's share included."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(n) for n in file.readline().split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) * TICK_S


class Sampler(threading.Thread):
    """Follows the memory of a process and all that it has started, and ends it when it is hung or late."""

    def __init__(self, pid, servers, timeout_s):
        super().__init__(daemon=True)
        self.pid, self.servers, self.timeout_s, self.over = pid, servers, timeout_s, threading.Event()
        self.largest_kb = self.tree_kb = self.processes = 0
        self.ended_because = ""

    def run(self):
        begun = watched = time.monotonic()
        spent = -HUNG_CPU_S
        while True:
            pids = tree_of(self.pid)
            now = time.monotonic()
            if now - watched >= HUNG_S:
                before, spent = spent, sum(process_cpu_s(pid, True) for pid in pids) + sum(server.cpu_s() for server in self.servers)
                watched = now
                if spent - before < HUNG_CPU_S:
                    self.ended_because = f"hung: idle for {HUNG_S} s"
            if now - begun >= self.timeout_s:
                self.ended_because = f"not done in {self.timeout_s:.0f} s"
            if self.ended_because:
                end_group(self.pid)
                return
            self.processes = max(self.processes, len(pids))
            self.largest_kb = max([self.largest_kb] + [kb_of(f"/proc/{pid}/status", "VmHWM:") for pid in pids])
            self.tree_kb = max(self.tree_kb, sum(kb_of(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in pids))
            if self.over.wait(SAMPLE_S):
                return


@dataclasses.dataclass
class Run:
    ok: bool = True
    wall_s: float = 0.0
    client_cpu_s: float = 0.0
    source_cpu_s: float = 0.0
    target_cpu_s: float = 0.0
    others_cpu_s: float = 0.0  # what the machine spent on neither client nor servers
    largest_mb: float = 0.0    # the largest process at its peak, resident
    tree_mb: float = 0.0       # all processes of the client at their peak together, shared pages counted once
    processes: int = 0
    steps_s: list = dataclasses.field(default_factory=list)
    output: str = ""           # standard output of the last command; of a failed one, the end of its errors
    note: str = ""


def run_commands(steps, source, target, environment, log, timeout_s, before=None):
    """Runs steps after each other, each a list of commands that run side by side. All of them count."""
    run = Run()
    if before:
        before()
    os.sync()
    source_0, target_0, busy_0, begun = source.cpu_s(), target.cpu_s(), busy_s(), time.monotonic()
    for commands in steps:
        step_begun = time.monotonic()
        _run_step(commands, environment, log, timeout_s, run, (source, target))
        run.steps_s.append(round(time.monotonic() - step_begun, 3))
        if not run.ok:
            break
    run.wall_s = time.monotonic() - begun
    run.source_cpu_s, run.target_cpu_s = source.cpu_s() - source_0, target.cpu_s() - target_0
    run.others_cpu_s = max(0.0, busy_s() - busy_0 - run.client_cpu_s - run.source_cpu_s - run.target_cpu_s)
    return run


def _run_step(commands, environment, log, timeout_s, run, servers):
    started = []
    try:
        _start(commands, environment, log, timeout_s, started, servers)
        _wait(started, run)
    except BaseException:  # whoever is interrupted leaves nothing running
        for process, *_ in started:
            end_group(process.pid)
        raise


def _start(commands, environment, log, timeout_s, started, servers):
    for number, command in enumerate(commands):
        out, errors = open(f"{log}.{number}.out", "w+b"), open(f"{log}.{number}.err", "w+b")
        if isinstance(command, str):
            command = ["/bin/bash", "-o", "pipefail", "-c", command]
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
                                   env=environment, start_new_session=True)
        sampler = Sampler(process.pid, servers, timeout_s)
        sampler.start()
        started.append((process, sampler, out, errors))


def _wait(started, run):
    own_kb, largest, tree = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0.0, 0.0
    for process, sampler, out, errors in started:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.over.set()
        sampler.join()
        run.client_cpu_s += used.ru_utime + used.ru_stime
        # ru_maxrss is exact, but begins with what this program had when it forked.
        exact_kb = used.ru_maxrss if used.ru_maxrss > own_kb * 1.05 else 0
        largest = max(largest, max(exact_kb, sampler.largest_kb) / 1024)
        tree += sampler.tree_kb / 1024
        run.processes = max(run.processes, sampler.processes)
        kept = errors if process.returncode else out
        kept.seek(0, os.SEEK_END)
        kept.seek(max(0, kept.tell() - 20000))
        run.output = kept.read().decode(errors="replace")
        if process.returncode:
            run.ok = False
            lines = run.output.splitlines()
            lines = [line for line in lines if any(word in line for word in ("ERROR", "FATAL", "error:"))] or lines[-1:]
            run.note = f"{sampler.ended_because or f'exit code {process.returncode}'}: {lines[0].strip()[:300] if lines else 'no message'}"
        out.close()
        errors.close()
    run.largest_mb, run.tree_mb = max(run.largest_mb, largest), max(run.tree_mb, tree)


def end_group(pid, grace_s=10):
    """Asks first: pgcopydb then takes its message queues along."""
    try:
        os.killpg(pid, signal.SIGTERM)
        for _ in range(grace_s * 10):
            time.sleep(0.1)
            os.killpg(pid, 0)
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass


def machine():
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    distribution = ""
    try:
        distribution = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        pass
    return {"cpu": model, "cores": len(os.sched_getaffinity(0)), "memory_gb": round(kb_of("/proc/meminfo", "MemTotal:") / 1048576, 1),
            "kernel": platform.release(), "system": distribution}
