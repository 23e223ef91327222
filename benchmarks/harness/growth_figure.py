"""Draws the growth of step time: growth_figure.py NUMBERS.csv FIGURE.png. Needs matplotlib."""

import csv
import sys

import growth
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import NullFormatter, NullLocator, ScalarFormatter  # noqa: E402


def panel(axes, quantity, line):
    """Draws one quantity: time, and what it would be if it grew as the arithmetic does, or linearly (with pixels, points)."""
    value, time, work, _ = zip(*line)
    x = [v * v for v in value] if quantity in growth.SQUARED else value
    axes.loglog(value, [time[0] * w / work[0] for w in work], ":", color="0.45", lw=1.2, label="as the arithmetic")
    axes.loglog(value, [time[0] * v / x[0] for v in x], "--", color="0.75", lw=1.0, label="linear")
    axes.loglog(value, time, "o-", color="#2166ac", ms=4, lw=1.5, label="measured")
    axes.set_xlabel(growth.NAMES[quantity], fontsize=8)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(ScalarFormatter())
        axis.set_minor_formatter(NullFormatter())
    axes.set_xticks(value, [f"{v:g}" for v in value])
    axes.xaxis.set_minor_locator(NullLocator())
    low, high = min(time) * 0.6, max(time) * 1.8
    axes.set_ylim(low, high)
    ticks = [t for t in (0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100) if low <= t <= high]
    axes.set_yticks(ticks, [f"{t:g}" for t in ticks])
    axes.tick_params(labelsize=7)


def main(source, target):
    """Draws all quantities side by side."""
    with open(source, encoding="utf-8", newline="") as file:
        points = growth.medians(csv.DictReader(file))
    figure, axes = plt.subplots(1, len(points), figsize=(2.2 * len(points), 2.4), squeeze=False)
    for place, (quantity, line) in zip(axes[0], points.items()):
        panel(place, quantity, line)
    axes[0][0].set_ylabel("ms per step", fontsize=8)
    axes[0][0].legend(fontsize=6, frameon=False)
    figure.tight_layout()
    figure.savefig(target, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:])
