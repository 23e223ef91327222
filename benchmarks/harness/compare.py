"""Compares Equipose with programs in PyTorch, JAX and TensorFlow that do the same work. Standard library only.

Everybody runs once in every round, one after the other (A B C A B C ...), each in a process of its own that is pinned to as
many cores as it has threads. All numbers are medians over rounds.
"""

import argparse
import datetime
import json
import shutil
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

import equipose
import machine

HERE = Path(__file__).resolve().parents[1]
OURS = "equipose"


@dataclass(frozen=True)
class Peer:
    """A program to compare with: the python it needs, its script and options."""

    label: str
    python: str
    script: str
    options: tuple = ()
    environment: dict = field(default_factory=dict)


PEERS = [
    Peer("pytorch", "venv", "torch_vae.py"),
    Peer("pytorch-tuned", "venv", "torch_vae.py", ("--adam", "fused", "--flush")),
    Peer("pytorch-compile", "venv", "torch_vae.py", ("--adam", "fused", "--flush", "--mode", "compile")),
    Peer(
        "pytorch-system",
        "system",
        "torch_vae.py",
        ("--flush", "--tag", "OPENBLAS_CORETYPE=SKYLAKEX"),
        {"OMP_WAIT_POLICY": "passive", "OPENBLAS_CORETYPE": "SKYLAKEX"},
    ),
    Peer("jax", "venv", "jax_vae.py"),
    Peer("tensorflow", "venv-tf", "tf_vae.py"),
    Peer("tensorflow-tuned", "venv-tf", "tf_vae.py", ("--intra", "1", "--unfused")),
    Peer("tensorflow-xla", "venv-tf", "tf_vae.py", ("--xla",)),
]

TO_MAKE = {
    "venv": """python3 -m venv benchmarks/.venv
    benchmarks/.venv/bin/pip install torch --index-url https://download.pytorch.org/whl/cpu
    benchmarks/.venv/bin/pip install numpy jax optax matplotlib""",
    "venv-tf": """python3 -m venv benchmarks/.venv-tf
    benchmarks/.venv-tf/bin/pip install tensorflow-cpu""",
}


def options():
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="compare.sh", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", default="5", help="how often everybody runs (default: 5)")
    parser.add_argument("--threads", default="1,2", help="numbers of threads (default: 1,2)")
    parser.add_argument("--work", default="W1,W2,W3", help="works, see README.md (default: W1,W2,W3)")
    parser.add_argument("--epochs", default="6", help="epochs of each run; the first is warm-up (default: 6)")
    parser.add_argument("--peers", default="", help=f"only these of {', '.join(peer.label for peer in PEERS)}")
    parser.add_argument("--report", help="write the tables as Markdown to this file, or between its marks")
    parser.add_argument(
        "--results", help="where to write every measurement (default: benchmarks/out/compare-TIME.jsonl)"
    )
    parser.add_argument("--from", dest="source", nargs="+", help="measure nothing, report these files of results")
    parser.add_argument("--lock", help="a file to hold while measuring, for machines where others measure as well")
    args = parser.parse_args()
    args.rounds = machine.numbers(args.rounds, "--rounds")[0]
    args.threads = machine.numbers(args.threads, "--threads")
    args.epochs = machine.numbers(args.epochs, "--epochs", 2)[0]
    args.work = args.work.split(",")
    for work in args.work:
        if work not in equipose.OPTIONS:
            machine.fail(f"--work knows {', '.join(equipose.OPTIONS)} but not {work}")
    known = [peer.label for peer in PEERS]
    args.peers = args.peers.split(",") if args.peers else known
    for label in args.peers:
        if label not in known:
            machine.fail(f"--peers knows {', '.join(known)} but not {label}")
    if max(args.threads) > len(machine.cores(None)):
        machine.fail(f"--threads {max(args.threads)}: this machine has {len(machine.cores(None))} cores")
    return args


def python(kind):
    """Returns the python of a peer."""
    return "/usr/bin/python3" if kind == "system" else str(HERE / f".{kind}" / "bin" / "python")


def available(labels):
    """Returns the peers that can run. Ends the program, with remedies, if something that is needed is missing."""
    wanted = [peer for peer in PEERS if peer.label in labels]
    modules = {"venv": "torch, jax, optax", "venv-tf": "tensorflow", "system": "torch"}
    complaints = [equipose.missing()]
    there = {}
    for kind in ["venv-tf"] + [peer.python for peer in wanted]:  # the first is needed for the peak
        if kind not in there:
            try:
                there[kind] = machine.run([python(kind), "-c", "import " + modules[kind]]).code == 0
            except OSError:
                there[kind] = False
            if not there[kind] and kind in TO_MAKE:
                complaints.append(f"benchmarks/.{kind} has no {modules[kind]}. To make it:\n    {TO_MAKE[kind]}")
    complaints = [complaint for complaint in complaints if complaint]
    if complaints:
        machine.fail("\n".join(complaints))
    if "pytorch-system" in labels and not there["system"]:
        print("pytorch-system is left out: /usr/bin/python3 has no torch (Debian: apt-get install python3-torch)")
    if "pytorch-compile" in labels and not shutil.which("g++"):
        print("pytorch-compile is left out: there is no g++")
    return [
        peer
        for peer in wanted
        if there[peer.python] and not (peer.label == "pytorch-compile" and not shutil.which("g++"))
    ]


# ---- measuring -----------------------------------------------------------------------------------------------------


def measured_peer(peer, work, threads, epochs):
    """Runs a peer and returns its line of results."""
    command = [python(peer.python), HERE / "peers" / peer.script, "--work", work, "--threads", threads]
    command += ["--epochs", epochs, *peer.options]
    finished = machine.run(command, machine.cores(threads), peer.environment)
    lines = [line for line in finished.output.splitlines() if line.startswith("{")]
    if finished.code != 0 or not lines:
        return {"label": peer.label, "failed": (finished.errors or finished.output)[-800:]}
    return {"label": peer.label, **json.loads(lines[-1]), "peak_mb": round(finished.peak_mb), "run_s": finished.wall_s}


def measured_ours(work, threads, epochs):
    """Runs Equipose and returns its line of results."""
    run = equipose.train([*equipose.OPTIONS[work], "--epochs", epochs], threads)
    return {
        "label": OURS,
        "peer": OURS,
        "work": work,
        **run.facts,
        "images_per_s": round(run.images_per_s(), 1),
        "ms_per_step": round(run.ms_per_step(), 4),
        "cpu_ms_per_step": round(run.cpu_ms_per_step(), 4),
        "losses": [round(row["train/loss"], 3) for row in run.metrics],
        "final_loss": round(run.metrics[-1]["train/loss"], 3),
        "peak_mb": round(run.finished.peak_mb),
        "run_s": run.finished.wall_s,
    }


def measure(args, peers, write):
    """Runs everything."""
    with machine.held(args.lock):
        equipose.warm_up()
    for number in range(1, args.rounds + 1):
        for threads in args.threads:
            for work in args.work:
                with machine.held(args.lock):
                    peak = Peer("peak", "venv-tf", "peak.py")
                    turns = [lambda: measured_ours(work, threads, args.epochs)]
                    turns += [lambda p=peer: measured_peer(p, work, threads, args.epochs) for peer in peers]
                    turns.append(lambda: measured_peer(peak, work, threads, args.epochs))
                    for turn in turns:
                        result = {"round": number, "work": work, "threads": threads, **turn()}
                        write({**result, "work": work})
                        what = result.get("images_per_s") or result.get("gflop_per_s")
                        unit = "GFLOP/s" if "gflop_per_s" in result else "images/s"
                        said = "failed" if "failed" in result else f"{what:10.0f} {unit}"
                        print(f"round {number}  {work}  {threads} threads  {result['label']:18} {said}", flush=True)
                        if "failed" in result:
                            print(result["failed"], file=sys.stderr)


# ---- reporting -----------------------------------------------------------------------------------------------------


def spread(values, form="{:.0f}"):
    """Formats a median with the least and the greatest value."""
    values = sorted(values)
    middle, least, greatest = (form.format(v) for v in (statistics.median(values), values[0], values[-1]))
    return f"{middle} ({least}–{greatest})"


class Group:
    """The results of one work with one number of threads."""

    def __init__(self, results):
        self.by_label = {}
        for result in results:
            if "failed" not in result:
                self.by_label.setdefault(result["label"], {})[result["round"]] = result
        self.peaks = {n: r["gflop_per_s"] for n, r in self.by_label.pop("peak", {}).items()}
        self.ours = self.by_label.get(OURS, {})

    def speeds(self, label):
        """Images per second by round."""
        return {number: result["images_per_s"] for number, result in self.by_label[label].items()}

    def ratios(self, label):
        """Ours over the peer's images per second, round by round."""
        theirs = self.speeds(label)
        return [r["images_per_s"] / theirs[n] for n, r in self.ours.items() if n in theirs]

    def median(self, label, key):
        """The median over rounds of one of the numbers."""
        return statistics.median(result[key] for result in self.by_label[label].values())

    def best_peer(self):
        """The label of the peer with the largest median of images per second."""
        others = [label for label in self.by_label if label != OURS]
        return max(others, key=lambda label: self.median(label, "images_per_s"), default=None)

    def flop_per_image(self):
        """As the peers count it."""
        return next(r["flop_per_image"] for rs in self.by_label.values() for r in rs.values() if "flop_per_image" in r)

    def of_peak(self, label):
        """Median share of TensorFlow's own large product in the same round."""
        shares = [
            v * self.flop_per_image() / 1e9 / self.peaks[n] for n, v in self.speeds(label).items() if n in self.peaks
        ]
        return f"{100 * statistics.median(shares):.0f} %" if shares else "not measured"

    def lines(self):
        """A table in Markdown, the fastest first."""
        yield (
            "| | images/s: median (min–max) | ours/this, round by round: median (min–max) | CPU-ms per step | peak memory, MB |"
            " of peak | mean loss of the last epoch, nats per image |"
        )
        yield "|---|---|---|---|---|---|---|"
        for label in sorted(self.by_label, key=lambda name: -self.median(name, "images_per_s")):
            ratio = "" if label == OURS else spread(self.ratios(label), "{:.2f}")
            shown = f"**{label}**" if label == OURS else label
            cells = [
                shown,
                spread(self.speeds(label).values(), "{:,.0f}"),
                ratio,
                f"{self.median(label, 'cpu_ms_per_step'):.2f}",
                f"{self.median(label, 'peak_mb'):.0f}",
                self.of_peak(label),
                f"{self.median(label, 'final_loss'):.1f}",
            ]
            yield "| " + " | ".join(cells) + " |"


def sizes(weights):
    """Formats the shapes of weights."""
    return " ".join("×".join(map(str, shape)) for shape in weights)


def same_work(groups, work):
    """A table in Markdown that shows what everybody did, from what everybody printed."""
    rows = {}
    for (name, _), group in groups.items():
        if name == work:
            for label, results in group.by_label.items():
                rows.setdefault(label, next(iter(results.values())))
    yield (
        "| | version, mode, BLAS | parameters | layers | warp | pose scale | KL | floor of log σ | optimiser | batch | images |"
        " epochs | data |"
    )
    yield "|" + "---|" * 13
    for label, r in sorted(rows.items(), key=lambda row: row[0] != OURS):
        scale = "" if r["pose_scale"] is None else f"{r['pose_scale']:g}"
        facts = [
            label,
            f"{r['version']}, {r['mode']}, {r['blas']}",
            f"{r['parameters']:,}",
            sizes(r["weights"]),
            r["warp"],
        ]
        facts += [
            scale,
            r["kl"],
            f"{r['floor']:g}",
            r["optimiser"],
            r["batch"],
            f"{r['images']:,}",
            r["epochs"],
            r["data"],
        ]
        yield "| " + " | ".join(map(str, facts)) + " |"


def report(results):
    """Returns all tables as Markdown."""
    head = [r for r in results if r["label"] == "machine"]
    grouped = {}
    for result in results:
        if result["label"] != "machine":
            grouped.setdefault((result["work"], result["threads"]), []).append(result)
    groups = {key: Group(values) for key, values in sorted(grouped.items())}
    lines = []
    for h in head:
        lines.append(
            f"* Measured {h['date']} on {h['processor']} ({h['vector_units']}), {h['cores']} cores, {h['memory_gib']} GiB, "
            f"{h['system']}, with `benchmarks/compare.sh {h['command']}`."
        )
    java = {r["java"] for r in results if "java" in r}
    lines += [
        f"* Java {', '.join(sorted(java))}.",
        "",
        "Ratio of images per second, ours over the best peer's, median (min–max):",
        "",
    ]
    lines += ["| work | threads | rounds | best peer | ours/best |", "|---|---|---|---|---|"]
    for (work, threads), group in groups.items():
        best = group.best_peer()
        if best and group.ours:
            ratio = spread(group.ratios(best), "{:.2f}")
            lines.append(f"| {work} | {threads} | {len(group.ours)} | {best} | {ratio} |")
    for (work, threads), group in groups.items():
        if group.ours:
            peak = f"{spread(group.peaks.values())} GFLOP/s" if group.peaks else "not measured"
            lines += ["", f"### {work}, {threads} {'thread' if threads == 1 else 'threads'}", ""]
            lines += list(group.lines())
            lines += ["", f"Peak: {peak}; {group.flop_per_image() / 1e6:.3f} MFLOP per image."]
    for work in sorted({work for work, _ in groups}):
        lines += ["", f"### {work}: the same work", ""]
        lines += list(same_work(groups, work))
    return "\n".join(lines) + "\n"


def main():
    """Measures and reports."""
    args = options()
    if args.source:
        results = []
        for name in args.source:
            try:
                results += [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]
            except (OSError, ValueError) as e:
                machine.fail(f"--from {name}: {e}")
    else:
        peers = available(args.peers)
        now = datetime.datetime.now()
        out = Path(args.results or HERE / "out" / f"compare-{now:%Y%m%d-%H%M%S}.jsonl")
        out.parent.mkdir(parents=True, exist_ok=True)
        results = []
        with open(out, "a", encoding="utf-8") as file:

            def write(result):
                results.append(result)
                print(json.dumps(result), file=file, flush=True)

            command = (
                f"--rounds {args.rounds} --threads {','.join(map(str, args.threads))} --work {','.join(args.work)}"
            )
            command += f" --epochs {args.epochs}"
            if len(args.peers) < len(PEERS):
                command += f" --peers {','.join(args.peers)}"
            write({"label": "machine", "date": f"{now:%Y-%m-%d}", "command": command, **machine.description()})
            try:
                measure(args, peers, write)
            except equipose.Failure as e:
                machine.fail(f"Equipose failed: {e}")
            except KeyboardInterrupt:
                machine.fail(f"interrupted; what was measured is in {out}")
        print(f"every measurement is in {out}\n")
    text = report(results)
    print(text)
    if args.report:
        machine.publish(text, args.report, "compare")


if __name__ == "__main__":
    main()
