"""Processes and the machine they run on. Standard library only."""

import fcntl
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


def fail(message):
    """Prints one message and ends the program with exit code 2."""
    print(message, file=sys.stderr)
    sys.exit(2)


def numbers(text, option, least=1):
    """Reads whole numbers separated by commas."""
    try:
        values = [int(part) for part in text.split(",")]
    except ValueError:
        values = []
    if not values or min(values) < least:
        fail(f"{option} must list whole numbers from {least} on, separated by commas, but was {text}")
    return values


def publish(text, path, section):
    """Writes a report to a file: between the marks of its section, if the file has them, else in place of the file."""
    path = Path(path)
    begin, end = f"<!-- begin {section} -->\n", f"<!-- end {section} -->\n"
    if path.exists():
        before, found, rest = path.read_text(encoding="utf-8").partition(begin)
        _, closed, after = rest.partition(end)
        if found and closed:
            text = before + begin + "\n" + text.strip() + "\n\n" + end + after
    path.write_text(text, encoding="utf-8")


@contextmanager
def held(path):
    """Holds a lock file, so that measurements of several programs do not disturb one another; no path, no lock."""
    if not path:
        yield
        return
    with open(path, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    time.sleep(1)  # else whoever waits would never be faster than our next turn


def cores(threads):
    """Returns the cores that a process with so many threads is pinned to."""
    return sorted(os.sched_getaffinity(0))[:threads]


class Finished:
    """How a process ended: what it wrote, wall and CPU seconds, and the most memory it held, in MB."""

    def __init__(self, code, output, errors, wall, usage):
        self.code = code
        self.output = output
        self.errors = errors
        self.wall_s = wall
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.peak_mb = usage.ru_maxrss / 1024


def run(command, pinned=None, environment=None, timeout=600, watch=None):
    """Runs a process to its end.

    Args:
        pinned: the cores it may use
        environment: variables besides those of this process
        timeout: seconds after which it is killed
        watch: called with the process id every 20 ms
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**os.environ, **(environment or {})},
            preexec_fn=(lambda: os.sched_setaffinity(0, pinned)) if pinned else None,
        )
        try:
            while True:
                if watch:
                    watch(process.pid)
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.perf_counter() - start > timeout:
                    process.kill()
                    _, status, usage = os.wait4(process.pid, 0)
                    break
                time.sleep(0.02)
            process.returncode = os.waitstatus_to_exitcode(status)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = time.perf_counter() - start
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return Finished(process.returncode, *texts, wall, usage)


def description():
    """Returns what to say of this machine: processor, cores, memory, system."""
    try:
        text = subprocess.run(["lscpu"], capture_output=True, text=True, check=True, env={"LC_ALL": "C", **os.environ})
        model = re.search(r"Model name:\s*(.*)", text.stdout).group(1)
        flags = re.search(r"Flags:\s*(.*)", text.stdout)
        wide = [flag for flag in ("avx2", "avx512f", "amx_tile") if flags and flag in flags.group(1).split()]
    except (OSError, subprocess.CalledProcessError, AttributeError):
        model, wide = "unknown processor", []
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "vector_units": " ".join(wide),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory),
        "system": f"{os.uname().sysname} {os.uname().release}",
    }
