"""Runs Equipose through its command line and reads what a run leaves behind. Standard library only."""

import csv
import json
import math
import os
import re
import statistics
import struct
import tempfile
import zipfile
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "run.sh"

WIDE = ["--model", "vae", "--transform", "none", "--latent-dim", "10"]
for network in ("encoder", "decoder"):
    WIDE += ["--set", f"{network}.dense.hidden=500,500", "--set", f"{network}.dense.activation=softplus"]

# The works of benchmarks/README.md as options; those that need components that are not there yet are left out.
OPTIONS = {
    "W1": ["--model", "vae", "--transform", "none"],
    "W2": ["--model", "tvae", "--transform", "affine"],
    "W3": ["--model", "tvae", "--transform", "tps"],
    "W4": [*WIDE, "--objective", "elbo+mi", "--set", "objective.mi.dims=10"],
    "W4-elbo": WIDE,
    "W5": ["--model", "vae", "--transform", "none", "--latent-dim", "10", "--encoder", "conv", "--decoder", "conv"],
}


def missing():
    """Returns what must be there before anything can be measured, with remedies; None if nothing is missing."""
    if not list(ROOT.glob("distribution/target/equipose-*/bin/run.sh")):
        return "Equipose is not built. To build it:  ./run.sh --help"
    finished = machine.run([RUN, "data", "check", "mnist"])
    if finished.code != 0:
        return "MNIST is not there. To fetch it:  ./run.sh data fetch mnist"
    return None


def table(path):
    """Reads a CSV file as a list of rows by column; numbers as floats."""
    with open(path, encoding="utf-8", newline="") as file:
        return [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]


def shapes(checkpoint):
    """Returns the shapes of the model's parameters, by name, from a checkpoint."""
    found = {}
    with zipfile.ZipFile(checkpoint) as archive:
        for name in archive.namelist():
            if name.startswith("model/"):
                with archive.open(name) as file:
                    head = file.read(12)
                    length = struct.unpack("<H", head[8:10])[0]
                    text = head[10:] + file.read(length - 2)
                shape = re.search(rb"'shape':\s*\(([^)]*)\)", text).group(1)
                found[name[len("model/") : -len(".npy")]] = [int(n) for n in shape.split(b",") if n.strip()]
    return found


def settings(path):
    """Reads config.yaml, which is a flat list of keys."""
    pairs = re.findall(r'^([\w.-]+): "?(.*?)"?$', path.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(pairs)


class Run:
    """A training that ended, and its numbers."""

    def __init__(self, folder, finished):
        self.folder = folder
        self.finished = finished
        self.timing = table(folder / "timing.csv")
        self.metrics = table(folder / "metrics.csv")
        self.config = settings(folder / "config.yaml")
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.log = (folder / "train.log").read_text(encoding="utf-8")
        self.steps_per_epoch = int(self.timing[0]["step"])
        self.facts = self._facts()

    @property
    def later(self):
        """Rows of timing.csv after the first epoch, which is warm-up."""
        return self.timing[1:]

    def images_per_s(self):
        """Median over the epochs after the first."""
        return statistics.median(row["images_per_second"] for row in self.later)

    def ms_per_step(self):
        """Median over the epochs after the first."""
        return statistics.median(row["seconds"] for row in self.later) / self.steps_per_epoch * 1e3

    def cpu_ms_per_step(self):
        """CPU milliseconds of all threads per step, median over the epochs after the first."""
        return statistics.median(row["cpu_seconds"] for row in self.later) / self.steps_per_epoch * 1e3

    def _facts(self):
        """Returns the work as the run directory tells it, in the words of the peers' report."""
        newest = max((self.folder / "checkpoints").glob("step-*.npz"))
        found = shapes(newest)
        weights = [s for name, s in found.items() if name.endswith("/weights")]
        posed = self.config["transform"] != "none"
        prior = {"standard": "N(0, I)", "diagonal": "N(fitted, fitted)"}
        kl = "code: " + prior.get(self.config["code-prior"], self.config["code-prior"])
        if posed:
            kl += "; pose: " + prior.get(self.config["pose-prior"], self.config["pose-prior"])
        if "objective.mi.dims" in self.config:
            kl += f"; information of {self.config['objective.mi.dims']} and {self.config['objective.mi.image']} image"
        model = "model." + self.config["model"]
        return {
            "version": self.manifest["equipose"],
            "mode": "TensorFlow Java " + self.manifest["tensorflow"],
            "blas": "oneDNN and Eigen",
            "threads": int(self.config["threads"]),
            "parameters": sum(math.prod(s) for s in found.values()),
            "weights": weights,
            "warp": f"probabilities, border {self.config[model + '.border']}" if posed else "none",
            "pose_scale": 1.0 if posed else None,
            "kl": kl,
            "floor": float(self.config[model + ".log-scale-floor"]),
            "optimiser": f"{self.config['optimizer']} {float(self.config['lr']):g}",
            "batch": int(self.config["batch-size"]),
            "images": self.manifest["dataset"]["train"]["images"],
            "epochs": int(self.config["epochs"]),
            "data": f"{self.config['dataset']}, {self.config['targets']}",
            "java": self.manifest["machine"]["java"],
        }


class Failure(Exception):
    """A training that did not end well."""


def warm_up():
    """Starts the program and leaves it time: the first start after a build makes a class data archive in the background."""
    train([*OPTIONS["W1"], "--epochs", 4], len(os.sched_getaffinity(0)))


def train(options, threads, watch=None, timeout=600, keep=None):
    """Trains with ./run.sh, logging and metrics on, in a fresh run directory, and returns the run.

    Args:
        options: of the command line, besides threads, device and run directory
        threads: the process is pinned to as many cores
        keep: where to put the run directory; by default it is deleted
    """
    with tempfile.TemporaryDirectory(prefix="equipose-benchmark-") as parent:
        folder = Path(keep or Path(parent) / "run")
        command = [RUN, *options, "--threads", threads, "--device", "cpu", "--run-dir", folder]
        finished = machine.run(command, machine.cores(threads), timeout=timeout, watch=watch)
        if finished.code != 0:
            raise Failure(f"{' '.join(map(str, command))}\n{finished.output[-500:]}{finished.errors[-1500:]}")
        return Run(folder, finished)
