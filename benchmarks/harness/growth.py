"""Measures how the time of a training step grows with the work. Standard library only; the figure needs matplotlib.

Everything is measured through the command line, on the first 20,000 digits of MNIST (enlarged, for the side of the image).
"""

import argparse
import csv
import datetime
import io
import math
import operator
import statistics
import subprocess
import zipfile
from pathlib import Path

import equipose
import machine

HERE = Path(__file__).resolve().parents[1]
IMAGES, TEST = 20000, 1000

# quantity: (values, options for a value, what the arithmetic is linear in)
QUANTITIES = {
    "batch": ([50, 100, 200, 500, 1000], lambda v: ["--batch-size", v]),
    "code": ([2, 8, 32, 128, 512], lambda v: ["--latent-dim", v]),
    "side": ([28, 40, 52, 64], lambda v: []),
    "hidden": ([64, 128, 256, 512, 1024], lambda v: ["--hidden", f"{v},{v}"]),
    "grid": ([3, 4, 5, 6, 8], lambda v: ["--set", f"transform.tps.grid-size={v}"]),
}
SQUARED = ("side", "grid")  # pixels and points grow as their square
NAMES = {
    "batch": "images per step",
    "code": "numbers in the code",
    "side": "side of the image, pixels",
    "hidden": "units of a hidden layer",
    "grid": "side of the spline's grid, points",
}


def options():
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="growth.sh", description=__doc__.splitlines()[0])
    parser.add_argument("--quantities", default=",".join(QUANTITIES), help="which of %(default)s")
    parser.add_argument("--threads", default="2", help="(default: 2)")
    parser.add_argument("--rounds", default="3", help="how often everything is measured, interleaved (default: 3)")
    parser.add_argument("--epochs", default="5", help="epochs of each run; the first is warm-up (default: 5)")
    parser.add_argument("--csv", help="where the numbers go (default: benchmarks/out/growth-TIME.csv)")
    parser.add_argument("--figure", help="where the figure goes, a .png (default: none)")
    parser.add_argument("--report", help="write the table as Markdown to this file, or between its marks")
    parser.add_argument("--from", dest="source", help="measure nothing, report this .csv")
    parser.add_argument("--lock", help="a file to hold while measuring, for machines where others measure as well")
    args = parser.parse_args()
    args.quantities = args.quantities.split(",")
    for name in args.quantities:
        if name not in QUANTITIES:
            machine.fail(f"--quantities knows {', '.join(QUANTITIES)} but not {name}")
    args.threads = machine.numbers(args.threads, "--threads")[0]
    args.rounds = machine.numbers(args.rounds, "--rounds")[0]
    args.epochs = machine.numbers(args.epochs, "--epochs", 2)[0]
    return args


# ---- images of other sizes -----------------------------------------------------------------------------------------


def enlarged(pixels, count, side):
    """Enlarges square images of 28 pixels, given one after the other, by repeating pixels."""
    places = [i * 28 // side for i in range(side)]
    pick = operator.itemgetter(*places)
    result = bytearray()
    for start in range(0, count * 784, 784):
        rows = [bytes(pick(pixels[start + 28 * i : start + 28 * (i + 1)])) for i in range(28)]
        for place in places:
            result += rows[place]
    return bytes(result)


def npy(pixels, shape):
    """Returns bytes as a .npy file."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    text += " " * (63 - (len(text) + 10) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + pixels


def images(side):
    """Returns a .npz file with MNIST's first digits at that size; makes it if it is not there."""
    path = HERE / "out" / f"digits-{side}.npz"
    if not path.exists():
        found = Path.home() / ".cache/equipose/mnist/train-images-idx3-ubyte"
        try:
            pixels = found.read_bytes()[16:]
        except OSError as e:
            machine.fail(f"{e}; './run.sh data fetch mnist' fetches it")
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with zipfile.ZipFile(part, "w") as archive:
            for name, first, count in (("x_train", 0, IMAGES), ("x_test", IMAGES, TEST)):
                chosen = pixels[first * 784 : (first + count) * 784]
                archive.writestr(name + ".npy", npy(enlarged(chosen, count, side), (count, side, side)))
        part.rename(path)
    return path


# ---- measuring -----------------------------------------------------------------------------------------------------


def flop_per_step(run, grid):
    """Returns the floating-point operations of the products of a step: layers forward and backward, and the pose's basis."""
    products = [math.prod(shape) for shape in run.facts["weights"]]
    pixels = run.facts["weights"][0][0]
    basis = 2 * grid * grid * pixels if grid else 6 * pixels
    return run.facts["batch"] * 2 * (3 * (sum(products) + basis) - products[0] - basis)


def measured(quantity, value, args):
    """Trains once and returns a row."""
    side = value if quantity == "side" else 28
    transform = "tps" if quantity == "grid" else "affine"
    command = [
        "--model",
        "tvae",
        "--transform",
        transform,
        "--dataset",
        "npz",
        "--set",
        f"dataset.npz.path={images(side)}",
    ]
    command += ["--epochs", args.epochs, "--pictures-every", 1000, "--eval", "samples", *QUANTITIES[quantity][1](value)]
    run = equipose.train(command, args.threads)
    return {
        "quantity": quantity,
        "value": value,
        "ms_per_step": round(run.ms_per_step(), 4),
        "mflop_per_step": round(flop_per_step(run, value if quantity == "grid" else 0) / 1e6, 2),
        "peak_mb": round(run.finished.peak_mb),
        "threads": args.threads,
    }


# ---- reporting -----------------------------------------------------------------------------------------------------


def exponent(x, y):
    """Returns the slope of the straight line through the points in logarithms, by least squares."""
    x, y = [math.log(v) for v in x], [math.log(v) for v in y]
    mx, my = statistics.mean(x), statistics.mean(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)


def steepest(x, y):
    """Returns the largest slope between neighbours, in logarithms."""
    return max(math.log(y[i + 1] / y[i]) / math.log(x[i + 1] / x[i]) for i in range(len(x) - 1))


def medians(rows):
    """Returns for each quantity its values, and the medians over rounds of time, arithmetic and memory."""
    found = {}
    for row in rows:
        point = found.setdefault(row["quantity"], {}).setdefault(float(row["value"]), [])
        point.append([float(row[key]) for key in ("ms_per_step", "mflop_per_step", "peak_mb")])
    return {
        quantity: [
            (value, *(statistics.median(column) for column in zip(*runs))) for value, runs in sorted(points.items())
        ]
        for quantity, points in found.items()
    }


def table(points):
    """Returns the table as Markdown."""
    yield "| | from–to | ms per step | time grows | arithmetic of layers and pose grows | exponent of time | steepest part | peak memory, MB |"
    yield "|---|---|---|---|---|---|---|---|"
    for quantity, line in points.items():
        value, time, work, memory = zip(*line)
        label = NAMES[quantity]
        x = value
        if quantity in SQUARED:
            label += " (exponents by its square)"
            x = [v * v for v in value]
        cells = [label, f"{value[0]:g}–{value[-1]:g}", " ".join(f"{t:.2f}" for t in time)]
        cells += [f"{time[-1] / time[0]:.1f}×", f"{work[-1] / work[0]:.1f}×", f"{exponent(x, time):.2f}"]
        cells += [f"{steepest(x, time):.2f}", f"{memory[0]:.0f}–{memory[-1]:.0f}"]
        yield "| " + " | ".join(cells) + " |"


def figure(source, path):
    """Draws the figure with the python that has matplotlib."""
    python = HERE / ".venv" / "bin" / "python"
    script = Path(__file__).with_name("growth_figure.py")
    finished = subprocess.run([python if python.exists() else "python3", script, source, path], check=False)
    if finished.returncode:
        machine.fail("the figure needs matplotlib: benchmarks/.venv/bin/pip install matplotlib")


def main():
    """Measures and reports."""
    args = options()
    source = Path(args.source or args.csv or HERE / "out" / f"growth-{datetime.datetime.now():%Y%m%d-%H%M%S}.csv")
    if not args.source:
        complaint = equipose.missing()
        if complaint:
            machine.fail(complaint)
        source.parent.mkdir(parents=True, exist_ok=True)
        with open(source, "w", encoding="utf-8", newline="") as file:
            writer = None
            for _ in range(args.rounds):
                for quantity in args.quantities:
                    for value in QUANTITIES[quantity][0]:
                        with machine.held(args.lock):
                            row = measured(quantity, value, args)
                        if writer is None:
                            writer = csv.DictWriter(file, list(row))
                            writer.writeheader()
                        writer.writerow(row)
                        file.flush()
                        print(f"{quantity:8} {value:5}  {row['ms_per_step']:8.3f} ms per step", flush=True)
        print(f"every measurement is in {source}\n")
    try:
        rows = list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8"))))
    except OSError as e:
        machine.fail(f"--from {e}")
    text = "\n".join(table(medians(rows))) + "\n"
    print(text)
    if args.report:
        machine.publish(text, args.report, "growth")
    if args.figure:
        figure(source, args.figure)


if __name__ == "__main__":
    main()
