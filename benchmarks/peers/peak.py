#!/usr/bin/env python3
"""TensorFlow's own product of two 2048 x 2048 matrices of floats: what "fraction of peak" is a fraction of."""

import common

ARGS = common.arguments("product of two 2048 x 2048 matrices", seconds={"type": float, "default": 3.0})

import os  # noqa: E402
import time  # noqa: E402

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

SIDE = 2048


def main():
    """Multiplies for some seconds and reports the median in GFLOP/s."""
    tf.config.threading.set_intra_op_parallelism_threads(ARGS.threads)
    a, b = tf.random.normal((SIDE, SIDE)), tf.random.normal((SIDE, SIDE))
    rates = []
    end = time.perf_counter() + ARGS.seconds
    while time.perf_counter() < end or len(rates) < 5:
        start = time.perf_counter()
        tf.linalg.matmul(a, b).numpy()
        rates.append(2e-9 * SIDE**3 / (time.perf_counter() - start))
    common.emit(
        {
            "peer": "peak",
            "version": tf.__version__,
            "threads": ARGS.threads,
            "gflop_per_s": round(float(np.median(rates[1:])), 1),
        }
    )


if __name__ == "__main__":
    main()
