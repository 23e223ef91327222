"""Measures how fast Equipose starts and how much memory a training holds. Standard library only."""

import argparse
import datetime
import re
import statistics
import tempfile
import time
from pathlib import Path

import equipose
import machine

FIRST_STEP = "first step made"
EARLY, LATE = 2000, 20000  # steps whose memory is compared
BOUNDS = {"first step": 2.0, "help": 0.5, "peak": 1200, "growth": 64}


def options():
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="startup.sh", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", default="10", help="how often to start (default: 10)")
    parser.add_argument("--threads", default="2", help="of a training (default: 2)")
    parser.add_argument("--no-memory", action="store_true", help="leave out the training of 20,000 steps")
    parser.add_argument("--report", help="write the table as Markdown to this file, or between its marks")
    parser.add_argument("--lock", help="a file to hold while measuring, for machines where others measure as well")
    args = parser.parse_args()
    args.runs = machine.numbers(args.runs, "--runs")[0]
    args.threads = machine.numbers(args.threads, "--threads")[0]
    return args


def resident(pid):
    """Returns the resident memory of a process in MB now, or None once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s*(\d+) kB", status).group(1)) / 1024
    except (OSError, AttributeError):
        return None


def first_step(threads):
    """Starts a training, kills it after its first step, and returns the seconds between."""
    with tempfile.TemporaryDirectory(prefix="equipose-benchmark-") as parent:
        log = Path(parent) / "run" / "train.log"
        lines = []

        def watch(_):
            text = log.read_text(encoding="utf-8") if log.exists() else ""
            lines.extend(line for line in text.splitlines() if FIRST_STEP in line)
            if lines:
                raise Enough

        command = [equipose.RUN, *equipose.OPTIONS["W1"], "--threads", threads, "--device", "cpu"]
        started = time.time()
        try:
            machine.run([*command, "--run-dir", log.parent], machine.cores(threads), watch=watch, timeout=60)
        except Enough:
            return datetime.datetime.fromisoformat(lines[0][:23]).timestamp() - started
    machine.fail("no training made a step within a minute")


class Enough(Exception):
    """What was waited for has happened."""


def memory(threads):
    """Trains W1 for a little more than 20,000 steps.

    Returns:
        peak, and resident memory after 2,000 and after 20,000 steps, MB
    """
    with tempfile.TemporaryDirectory(prefix="equipose-benchmark-") as parent:
        folder = Path(parent) / "run"
        samples = {EARLY: [], LATE: []}
        last = [0.0]

        def watch(pid):
            if time.monotonic() - last[0] < 0.25:
                return
            last[0] = time.monotonic()
            if (folder / "timing.csv").exists():
                rows = equipose.table(folder / "timing.csv")
                step = rows[-1].get("step", 0) if rows else 0
                for after, found in samples.items():
                    if after <= step < after + 1650 and resident(pid):
                        found.append(resident(pid))

        run = equipose.train([*equipose.OPTIONS["W1"], "--epochs", 38], threads, watch, keep=folder)
        return run.finished.peak_mb, *(statistics.median(found) for found in samples.values())


def main():
    """Measures and reports."""
    args = options()
    complaint = equipose.missing()
    if complaint:
        machine.fail(complaint)
    rows = []
    with machine.held(args.lock):
        equipose.warm_up()
        helps = [machine.run([equipose.RUN, "--help"]).wall_s for _ in range(args.runs + 1)][1:]
        rows.append(("`--help`, whole process, s", helps, BOUNDS["help"]))
    with machine.held(args.lock):
        starts = [first_step(args.threads) for _ in range(args.runs + 1)][1:]
        rows.append(("process start to the end of the first step, W1, s", starts, BOUNDS["first step"]))
    lines = [f"Measured {datetime.date.today()} on {machine.description()['processor']}, {args.threads} threads.", ""]
    lines += ["| | median (min–max) | runs | target |", "|---|---|---|---|"]
    for name, values, bound in rows:
        middle = statistics.median(values)
        lines.append(f"| {name} | {middle:.2f} ({min(values):.2f}–{max(values):.2f}) | {len(values)} | ≤ {bound} |")
    if not args.no_memory:
        with machine.held(args.lock):
            peak, early, late = memory(args.threads)
        lines.append(
            f"| W1 training of 20,900 steps: peak resident memory with the JVM, MB | {peak:.0f} | 1 |"
            f" ≤ {BOUNDS['peak']} |"
        )
        lines.append(f"| resident after step 2,000 and after step 20,000, MB | {early:.0f}, {late:.0f} | 1 | |")
        lines.append(f"| difference, MB | {late - early:+.0f} | 1 | ≤ {BOUNDS['growth']} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if args.report:
        machine.publish(text, args.report, "startup")


if __name__ == "__main__":
    main()
