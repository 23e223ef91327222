#!/usr/bin/env python3
"""Estimates log p(x) of a trained run with nothing but NumPy, to be compared with `run.sh evaluate --eval likelihood`.

    likelihood.py RUN IMAGES [--samples K] [--seed N] [--first N]

RUN is a run directory: a vae, or a tvae with affine poses and the prior diagonal; dense networks, zero border, targets
threshold or black and white images. The weights are those of its newest checkpoint. IMAGES is an IDX file, also compressed,
of the test images. Everything is computed in double precision with draws of its own. Prints one line of JSON: mean
log-likelihood and ELBO in nats per image, the standard error from the draws alone, and the 95 % interval over images.
"""

import argparse
import gzip
import json
import pathlib

import numpy as np

ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(x, 0),
}
CLIP = 1e-6


def images(file):
    """Reads an IDX file: [n, height, width] bytes."""
    data = (gzip.open if file.suffix == ".gz" else open)(file, "rb").read()
    shape = np.frombuffer(data, ">i4", 3, 4)
    return np.frombuffer(data, np.uint8, offset=16).reshape(shape)


def configuration(run):
    """Reads config.yaml, which has one line for each key."""
    lines = (run / "config.yaml").read_text().splitlines()
    pairs = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {key: value.strip('"') for key, value in pairs}


class Model:
    def __init__(self, run, height, width):
        config = configuration(run)
        self.posed = config["model"] == "tvae"
        if self.posed:
            parts = [config[key] for key in ("transform", "pose-prior", "model.tvae.border", "model.tvae.canvas")]
            assert parts == ["affine", "diagonal", "zero", ""], parts
        self.activation = {part: ACTIVATIONS[config[part + ".dense.activation"]] for part in ("encoder", "decoder")}
        self.floor = float(config["model." + config["model"] + ".log-scale-floor"])
        newest = max((run / "checkpoints").glob("step-*.npz"))
        self.weights = {k: v.astype(np.float64) for k, v in np.load(newest).items() if k.startswith("model/")}
        self.height, self.width = height, width
        # Points of the image in [-1, 1]², corners at the centres of pixels.
        y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
        self.points = np.stack([x.ravel(), y.ravel(), np.ones(height * width)])

    def affine(self, name, x):
        return x @ self.weights["model/" + name + "/weights"] + self.weights["model/" + name + "/bias"]

    def network(self, part, x):
        layer = 1
        while f"model/{part}/hidden{layer}/weights" in self.weights:
            x = self.activation[part](self.affine(f"{part}/hidden{layer}", x))
            layer += 1
        return x

    def log_weights(self, x, samples, random):
        """Returns log p(x | latents) + log p(latents) - log q(latents | x) for draws of the latents; x is [pixels]."""
        features = self.network("encoder", x)
        log_w = np.zeros(samples)
        drawn = {}
        for latent in ["z", "u"] if self.posed else ["z"]:
            mean = self.affine(latent + "/mean", features)
            log_scale = np.maximum(self.affine(latent + "/log-scale", features), self.floor)
            noise = random.standard_normal((samples, len(mean)))
            drawn[latent] = mean + np.exp(log_scale) * noise
            prior_mean = self.weights.get(f"model/{latent}/prior/mean", 0.0)
            prior_log_scale = self.weights.get(f"model/{latent}/prior/log-scale", 0.0)
            standardised = (drawn[latent] - prior_mean) / np.exp(prior_log_scale)
            # The constants 1/2 log 2 pi of both laws cancel.
            log_w += (0.5 * noise**2 + log_scale - 0.5 * standardised**2 - prior_log_scale).sum(1)
        logits = self.affine("decoder/logits", self.network("decoder", drawn["z"]))
        if not self.posed:
            return log_w + (x * logits - np.logaddexp(0, logits)).sum(1)
        means = np.clip(self.warp(1 / (1 + np.exp(-logits)), drawn["u"]), CLIP, 1 - CLIP)
        return log_w + (x * np.log(means) + (1 - x) * np.log1p(-means)).sum(1)

    def warp(self, canvas, pose):
        """Looks up each point p of the image at (I + u) p in the canvas, between pixels linearly, black outside."""
        maps = pose.reshape(-1, 2, 3) + np.array([[1, 0, 0], [0, 1, 0]])
        source = maps @ self.points
        column = (source[:, 0] + 1) / 2 * (self.width - 1)
        row = (source[:, 1] + 1) / 2 * (self.height - 1)
        left, top = np.floor(column).astype(int), np.floor(row).astype(int)
        result = np.zeros_like(canvas)
        for i in (0, 1):
            for j in (0, 1):
                c, r = left + i, top + j
                weight = (1 - np.abs(column - c)) * (1 - np.abs(row - r))
                inside = (c >= 0) & (c < self.width) & (r >= 0) & (r < self.height)
                index = np.clip(r, 0, self.height - 1) * self.width + np.clip(c, 0, self.width - 1)
                result += np.where(inside, weight * np.take_along_axis(canvas, index, 1), 0)
        return result


def log_mean_exp(x):
    return x.max() + np.log(np.exp(x - x.max()).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, help="only so many images")
    arguments = parser.parse_args()

    pixels = images(arguments.images)[: arguments.first]
    model = Model(arguments.run, *pixels.shape[1:])
    targets = (pixels > 127).astype(np.float64).reshape(len(pixels), -1)
    random = np.random.default_rng(arguments.seed)
    half = arguments.samples // 2
    estimates, bounds, variance = [], [], 0.0
    for x in targets:
        log_w = model.log_weights(x, arguments.samples, random)
        estimates.append(log_mean_exp(log_w))
        bounds.append(log_w.mean())
        variance += (log_mean_exp(log_w[:half]) - log_mean_exp(log_w[half:])) ** 2 / 4
    n, mean = len(targets), np.mean(estimates)
    spread = 1.96 * np.std(estimates) / np.sqrt(n)
    print(
        json.dumps(
            {
                "log_likelihood": mean,
                "interval": [mean - spread, mean + spread],
                "draw_error": np.sqrt(variance) / n,
                "elbo": np.mean(bounds),
                "images": n,
                "samples": arguments.samples,
            }
        )
    )


if __name__ == "__main__":
    main()
