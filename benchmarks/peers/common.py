"""What all peers share: the work, the data, the protocol of timing, and a reference for the warp. Needs numpy only."""

import argparse
import gzip
import json
import math
import os
import struct
import sys
import time
from dataclasses import dataclass

FLOOR = -6.0  # least logarithm of a posterior standard deviation
CLIP = 1e-6  # probabilities are kept in [CLIP, 1 - CLIP]
POSE_SCALE = 0.1  # first standard deviation of the pose's posterior, with --pose-scale 1
PRIOR_SCALE = 0.2  # first standard deviation of the pose's prior
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # of Adam
SIDE = 28
PIXELS = SIDE * SIDE


@dataclass(frozen=True)
class Work:
    """Sizes of one of the works of README.md."""

    name: str
    latent: int
    pose: int = 0
    hidden: int = 256
    activation: str = "relu"
    convolutional: bool = False
    information: bool = False  # W4: the lower bound on the mutual information

    @property
    def encoder(self):
        """Units of the dense encoder, from the pixels to mean and log-scale of code and pose."""
        return [PIXELS, self.hidden, self.hidden, 2 * (self.latent + self.pose)]

    @property
    def decoder(self):
        """Units of the dense decoder, from the code to the logits."""
        return [self.latent, self.hidden, self.hidden, PIXELS]


WORKS = {
    work.name: work
    for work in (
        Work("W1", 20),
        Work("W2", 20, pose=6),
        Work("W3", 20, pose=18),
        Work("W4", 10, hidden=500, activation="softplus", information=True),
        Work("W4-elbo", 10, hidden=500, activation="softplus"),
        Work("W5", 10, convolutional=True),
    )
}

# Giannone's network B: 4x4 kernels; (channels in, channels out, stride, padding), the sides are 28-14-7-4-2 and 1-4-7-7-14-28.
CONV_ENCODER = [(1, 32, 2, "SAME"), (32, 32, 2, "SAME"), (32, 64, 2, "SAME"), (64, 128, 2, "SAME")]
CONV_DECODER_CHANNELS = [128, 64, 32, 32, 1]
CONV_DECODER = [(1, "VALID"), (1, "VALID"), (1, "SAME"), (2, "SAME"), (2, "SAME")]
CONV_FLAT = 128 * 2 * 2


def flops(work):
    """Returns the floating-point operations of a training step for each image.

    Products and convolutions only, multiply-add counted as 2; forward, gradient of the weights, gradient of the inputs
    (not of the first layer's).
    """
    if work.convolutional:
        encoder = [2 * 16 * i * o * side * side for (i, o, _, _), side in zip(CONV_ENCODER, (14, 7, 4, 2))]
        encoder.append(2 * CONV_FLAT * 2 * work.latent)
        channels = [work.latent] + CONV_DECODER_CHANNELS
        decoder = [2 * 16 * i * o * side * side for i, o, side in zip(channels, channels[1:], (1, 4, 7, 7, 14))]
    else:
        encoder = [2 * i * o for i, o in zip(work.encoder, work.encoder[1:])]
        decoder = [2 * i * o for i, o in zip(work.decoder, work.decoder[1:])]
    forward = (sum(encoder) + sum(decoder)) * (2 if work.information else 1)
    return 3 * forward - encoder[0]


def arguments(description, **extra):
    """Reads the command line, pins this process to as many cores as it has threads, and fixes the threads of the libraries.

    To be called before a framework is imported.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--work", default="W1", choices=sorted(WORKS))
    parser.add_argument(
        "--warp",
        default="probs",
        choices=["probs", "logits"],
        help="what is sampled: probabilities " "with a zero border, as Equipose does, or logits with an edge border",
    )
    parser.add_argument("--pose-scale", type=float, default=1.0, help="the pose counts times this; 1 as in Equipose")
    parser.add_argument("--epochs", type=int, default=6, help="the first is warm-up")
    parser.add_argument("--images", type=int, default=55000, help="training images of an epoch")
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="compare the warp with a reference, and stop")
    for name, options in extra.items():
        parser.add_argument("--" + name, **options)
    args = parser.parse_args()
    for name in ("epochs", "images", "batch", "threads"):
        if getattr(args, name) < (2 if name == "epochs" else 1):
            parser.error(f"--{name} is too small: {getattr(args, name)}")
    pin(args.threads)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(args.threads)
    args.work = WORKS[args.work]
    return args


def pin(threads):
    """Lets this process run on so many cores only."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


# ---- data ----------------------------------------------------------------------------------------------------------


def read_idx(path):
    """Reads an array in the format of MNIST's files, plain or .gz."""
    import numpy as np

    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    dimensions = data[3]
    shape = struct.unpack(">" + "I" * dimensions, data[4 : 4 + 4 * dimensions])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def find(name):
    """Returns the path of one of MNIST's files, or ends the program with a remedy."""
    folders = [os.environ.get("PEER_DATA"), os.path.expanduser("~/.cache/equipose/mnist")]
    for folder in filter(None, folders):
        for path in (os.path.join(folder, name), os.path.join(folder, name + ".gz")):
            if os.path.exists(path):
                return path
    print(f"{name} is neither in $PEER_DATA nor in {folders[1]}; './run.sh data fetch mnist' gets it", file=sys.stderr)
    sys.exit(2)


def images(part):
    """Returns the images of MNIST's part train or t10k as bytes, [n, 784]."""
    array = read_idx(find(part + "-images-idx3-ubyte"))
    return array.reshape(len(array), -1)


def labels(part):
    """Returns the labels of MNIST's part train or t10k."""
    return read_idx(find(part + "-labels-idx1-ubyte"))


# ---- first weights ----------------------------------------------------------------------------------------------------


def uniform(rng, shape, inputs):
    """Draws weights from U(-1/sqrt(inputs), 1/sqrt(inputs))."""
    import numpy as np

    return (rng.uniform(-1, 1, shape) / np.sqrt(inputs)).astype(np.float32)


def dense(rng, units):
    """Returns first weights [inputs, outputs] and biases of dense layers."""
    import numpy as np

    return [[uniform(rng, (i, o), i), np.zeros(o, np.float32)] for i, o in zip(units, units[1:])]


def first_weights(work, rng, pose_scale):
    """Returns the first weights as numpy arrays: encoder, decoder, prior (mean and log-scale of the pose's prior)."""
    import numpy as np

    if work.convolutional:
        encoder = [[uniform(rng, (4, 4, i, o), 16 * i), np.zeros(o, np.float32)] for i, o, _, _ in CONV_ENCODER]
        encoder += dense(rng, [CONV_FLAT, 2 * work.latent])
        channels = [work.latent] + CONV_DECODER_CHANNELS
        decoder = [
            [uniform(rng, (4, 4, i, o), 16 * i), np.zeros(o, np.float32)] for i, o in zip(channels, channels[1:])
        ]
        return {"encoder": encoder, "decoder": decoder, "prior": []}
    encoder, decoder = dense(rng, work.encoder), dense(rng, work.decoder)
    if not work.pose:
        return {"encoder": encoder, "decoder": decoder, "prior": []}
    if pose_scale == 1:  # else the images fly out of sight before anything is learnt
        size = work.latent + work.pose
        weights, bias = encoder[-1]
        weights[:, work.latent : size] = 0
        bias[size + work.latent :] = np.log(POSE_SCALE)
    prior = [np.zeros(work.pose, np.float32), np.full(work.pose, np.log(PRIOR_SCALE), np.float32)]
    return {"encoder": encoder, "decoder": decoder, "prior": prior}


# ---- the warp ------------------------------------------------------------------------------------------------------


def basis(work):
    """Returns (basis [k, 784], rest [2, 784]): x of the sampled points = rest[0] + pose_x basis, likewise y.

    Affine poses are (a11-1, a12, a13, a21, a22-1, a23); those of a thin-plate spline are offsets (x, y) of 3x3 points.
    """
    import numpy as np

    axis = np.linspace(-1, 1, SIDE)
    points = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    if work.pose == 6:
        matrix = np.concatenate([points, np.ones((PIXELS, 1))], 1)
    else:
        centres = np.stack(np.meshgrid([-1.0, 0, 1], [-1.0, 0, 1]), -1).reshape(9, 2)

        def bend(p):
            r2 = ((p[:, None] - centres[None]) ** 2).sum(-1)
            return np.where(r2 == 0, 0, r2 * np.log(np.maximum(r2, 1e-300)))

        system = np.zeros((12, 12))
        system[:9, :9], system[:9, 9], system[:9, 10:] = bend(centres), 1, centres
        system[9:, :9] = system[:9, 9:].T
        matrix = np.concatenate([bend(points), np.ones((PIXELS, 1)), points], 1) @ np.linalg.inv(system)[:, :9]
    return matrix.T.astype(np.float32), points.T.astype(np.float32)


def by_axis(work):
    """Returns the columns of the pose that move x, and those that move y."""
    return ([0, 1, 2], [3, 4, 5]) if work.pose == 6 else (list(range(0, 18, 2)), list(range(1, 18, 2)))


def reference_warp(image, x, y, weight, zero):
    """Samples bilinearly, slowly and in double precision; x and y are in [-1, 1] at the centres of the corner pixels.

    Returns the values and the gradients of sum(weight * values) by image, x and y; all arrays are [rows, pixels].
    """
    import numpy as np

    rows, half, last = np.arange(len(image))[:, None], (SIDE - 1) / 2, SIDE - 1
    column, line = (x.astype(np.float64) + 1) * half, (y.astype(np.float64) + 1) * half
    inside = [np.ones(x.shape), np.ones(y.shape)]
    if not zero:
        inside = [(column > 0) & (column < last), (line > 0) & (line < last)]
        column, line = np.clip(column, 0, last), np.clip(line, 0, last)
    left, top = np.floor(column).astype(int), np.floor(line).astype(int)
    dx, dy = column - left, line - top
    value, by_image, by_x, by_y = (np.zeros(x.shape) for _ in range(4))
    for right in (0, 1):
        for low in (0, 1):
            c, l = left + right, top + low
            there = (c >= 0) & (c <= last) & (l >= 0) & (l <= last)
            at = np.clip(l, 0, last) * SIDE + np.clip(c, 0, last)
            pixel = np.where(there, image[rows, at], 0)
            wx, wy = (dx if right else 1 - dx), (dy if low else 1 - dy)
            value += pixel * wx * wy
            np.add.at(by_image, (np.broadcast_to(rows, at.shape), at), np.where(there, weight * wx * wy, 0))
            by_x += weight * pixel * (1 if right else -1) * wy * half
            by_y += weight * pixel * wx * (1 if low else -1) * half
    return value, by_image, by_x * inside[0], by_y * inside[1]


def check_warp(name, warp):
    """Compares warp(image, x, y, weight, zero), which returns what reference_warp does, on random input."""
    import numpy as np

    rng = np.random.default_rng(3)
    image, weight = rng.random((20, PIXELS), np.float32), rng.standard_normal((20, PIXELS)).astype(np.float32)
    x, y = (rng.uniform(-1.5, 1.5, (20, PIXELS)).astype(np.float32) for _ in range(2))
    for zero in (True, False):
        expected = reference_warp(image, x, y, weight, zero)
        found = [np.asarray(a, np.float64) for a in warp(image, x, y, weight, zero)]
        worst = [float(np.abs(a - b).max() / (1 + np.abs(b).max())) for a, b in zip(found, expected)]
        good = max(worst) < 1e-4
        emit({"peer": name, "check": "warp", "border": "zero" if zero else "edge", "relative_error": worst, "ok": good})
        if not good:
            sys.exit(1)


# ---- protocol ------------------------------------------------------------------------------------------------------


def measure(args, epoch):
    """Trains: epoch(order) makes the steps of one epoch and returns their mean loss. Times every epoch after the first.

    In the timed window: shuffling, gathering the batches, all steps, and waiting for the last. CPU time is that of the
    whole process.
    """
    import numpy as np

    rng = np.random.default_rng(args.seed)
    steps = args.images // args.batch
    seconds, cpu, losses = [], [], []
    for _ in range(args.epochs):
        wall, used = time.perf_counter(), time.process_time()
        order = rng.permutation(args.images)[: steps * args.batch].reshape(steps, args.batch)
        losses.append(float(epoch(order)))
        seconds.append(time.perf_counter() - wall)
        cpu.append(time.process_time() - used)
    timed, used = seconds[1:], cpu[1:]
    return {
        "images_per_s": round(steps * args.batch / float(np.median(timed)), 1),
        "ms_per_step": round(float(np.median(timed)) / steps * 1e3, 4),
        "cpu_ms_per_step": round(float(np.median(used)) / steps * 1e3, 4),
        "warmup_s": round(seconds[0], 2),
        "losses": [round(loss, 3) for loss in losses],
        "final_loss": round(losses[-1], 3),
    }


def report(args, peer, version, mode, blas, weights, optimiser, measured):
    """Prints one line of JSON: what was done, as the script has it in its hands, and how long it took."""
    work = args.work
    shapes = [list(array.shape) for array in weights]
    sizes = [math.prod(shape) for shape in shapes]
    if not work.pose:
        warp, kl = "none", "code: N(0, I)"
    else:
        warp = "probabilities, border zero" if args.warp == "probs" else "logits, border edge"
        kl = "code: N(0, I); pose: N(fitted, fitted)"
    if work.information:
        kl += f"; information of {work.latent} and mean image"
    emit(
        {
            "peer": peer,
            "version": version,
            "mode": mode,
            "blas": blas,
            "work": work.name,
            "threads": args.threads,
            "parameters": sum(sizes),
            "weights": [shape for shape in shapes if len(shape) > 1],
            "warp": warp,
            "pose_scale": args.pose_scale if work.pose else None,
            "kl": kl,
            "floor": FLOOR,
            "optimiser": f"{optimiser} {args.lr:g}",
            "batch": args.batch,
            "images": args.images,
            "epochs": args.epochs,
            "data": "mnist, grey",
            "flop_per_image": flops(work),
            **measured,
        }
    )


def emit(result):
    """Prints a line of JSON."""
    print(json.dumps(result), flush=True)
