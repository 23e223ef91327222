#!/usr/bin/env python3
"""TensorFlow (Python) peer: python tf_vae.py --work W2 --threads 2 [--xla]. The whole step is one tf.function.

Prints one line of JSON.
"""

import common

ARGS = common.arguments(
    "TensorFlow peer",
    xla={"action": "store_true", "help": "compile the step"},
    unfused={"action": "store_true", "help": "no fusion of product, bias and nonlinearity"},
    intra={"type": int, "default": 0, "help": "threads within an operation; default: --threads"},
    inter={"type": int, "default": 0, "help": "operations at a time; default: --threads"},
)

import os  # noqa: E402

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
if ARGS.xla and ARGS.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

WORK = ARGS.work
LATENT, SIZE = WORK.latent, WORK.latent + WORK.pose
tf.config.threading.set_intra_op_parallelism_threads(ARGS.intra or ARGS.threads)
tf.config.threading.set_inter_op_parallelism_threads(ARGS.inter or ARGS.threads)
if ARGS.unfused:
    tf.config.optimizer.set_experimental_options({"remapping": False})
tf.random.set_seed(ARGS.seed)


def layers(weights, x):
    """Applies dense layers with the activation between them."""
    activation = tf.nn.softplus if WORK.activation == "softplus" else tf.nn.relu
    for i, (matrix, bias) in enumerate(weights):
        x = tf.nn.bias_add(tf.matmul(x, matrix), bias)
        x = activation(x) if i + 1 < len(weights) else x
    return x


def encode(p, x):
    """Returns [rows, 2 * size]: means, then log-scales."""
    if not WORK.convolutional:
        return layers(p["encoder"], x)
    x = tf.reshape(x, [-1, 28, 28, 1])
    for (kernel, bias), (_, _, stride, padding) in zip(p["encoder"], common.CONV_ENCODER):
        x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, stride, padding), bias))
    return layers(p["encoder"][-1:], tf.reshape(x, [ARGS.batch, -1]))


def decode(p, z):
    """Returns logits [rows, 784]."""
    if not WORK.convolutional:
        return layers(p["decoder"], z)
    x = tf.reshape(z, [ARGS.batch, 1, 1, LATENT])
    for i, ((kernel, bias), (stride, padding)) in enumerate(zip(p["decoder"], common.CONV_DECODER)):
        side = (4, 7, 7, 14, 28)[i]
        shape = [ARGS.batch, side, side, common.CONV_DECODER_CHANNELS[i]]
        x = tf.nn.bias_add(tf.nn.conv2d_transpose(x, kernel, shape, stride, padding), bias)
        x = tf.nn.relu(x) if i < 4 else x
    return tf.reshape(x, [ARGS.batch, -1])


def sample(image, x, y, zero):
    """Samples images [rows, 784] bilinearly at points [rows, 784]."""
    rows = image.shape[0]
    before, side = (1, common.SIDE + 2) if zero else (0, common.SIDE)
    if zero:
        image = tf.pad(tf.reshape(image, [rows, 28, 28]), [[0, 0], [1, 1], [1, 1]])
    flat = tf.reshape(image, [-1])
    column = tf.clip_by_value((x + 1) * 13.5 + before, 0.0, side - 1.0)
    line = tf.clip_by_value((y + 1) * 13.5 + before, 0.0, side - 1.0)
    left, top = tf.floor(column), tf.floor(line)
    dx, dy = column - left, line - top
    left, top = tf.cast(left, tf.int32), tf.cast(top, tf.int32)
    right, low = tf.minimum(left + 1, side - 1), tf.minimum(top + 1, side - 1)
    start = tf.range(rows)[:, None] * side * side

    def corner(row, place):
        return tf.gather(flat, start + row * side + place)

    upper = corner(top, left) * (1 - dx) + corner(top, right) * dx
    lower = corner(low, left) * (1 - dx) + corner(low, right) * dx
    return upper * (1 - dy) + lower * dy


def negative_log_likelihood(p, z, x):
    """Returns the cross-entropy, summed over pixels and images."""
    o = decode(p, z[:, :LATENT])
    if WORK.pose:
        pose = ARGS.pose_scale * z[:, LATENT:]
        basis, rest = common.basis(WORK)
        if WORK.pose == 6:
            parts = pose[:, :3], pose[:, 3:]
        else:
            parts = pose[:, 0::2], pose[:, 1::2]
        places = [rest[k] + tf.matmul(part, basis) for k, part in enumerate(parts)]
        if ARGS.warp == "probs":
            means = tf.clip_by_value(sample(tf.sigmoid(o), *places, True), common.CLIP, 1 - common.CLIP)
            return -tf.reduce_sum(x * tf.math.log(means) + (1 - x) * tf.math.log(1 - means))
        o = sample(o, *places, False)
    return tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=o))


def divergence(mean, log_scale, prior):
    """Returns KL(N(mean, scale) | prior), summed over dimensions and images; no prior is the standard normal."""
    if prior is None:
        return 0.5 * tf.reduce_sum(mean * mean + tf.exp(2 * log_scale) - 1 - 2 * log_scale)
    ratio = log_scale - prior[1]
    shift = (mean - prior[0]) * tf.exp(-prior[1])
    return tf.reduce_sum(0.5 * (tf.exp(2 * ratio) + shift * shift - 1) - ratio)


def loss_of(p, x):
    """Returns the loss, in nats per image."""
    heads = encode(p, x)
    mean, log_scale = heads[:, :SIZE], tf.maximum(heads[:, SIZE:], common.FLOOR)
    z = mean + tf.exp(log_scale) * tf.random.normal([ARGS.batch, SIZE])
    loss = negative_log_likelihood(p, z, x) + divergence(mean[:, :LATENT], log_scale[:, :LATENT], None)
    if WORK.pose:
        loss = loss + divergence(mean[:, LATENT:], log_scale[:, LATENT:], p["prior"])
    if WORK.information:
        codes = tf.random.normal([ARGS.batch, LATENT])
        heads = encode(p, tf.sigmoid(decode(p, codes)))
        mean, log_scale = heads[:, :LATENT], tf.maximum(heads[:, LATENT:], common.FLOOR)
        off = (codes - mean) * tf.exp(-log_scale)
        loss = loss + tf.reduce_sum(0.5 * off * off + log_scale + 0.5 * np.log(2 * np.pi))
    return loss / ARGS.batch


def check():
    """Compares the warp with the reference."""

    def warp(image, x, y, weight, zero):
        inputs = [tf.constant(a) for a in (image, x, y)]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            value = sample(*inputs, zero)
        return [value, *map(tf.convert_to_tensor, tape.gradient(value, inputs, weight))]

    common.check_warp("tensorflow " + tf.__version__, warp)


def main():
    """Trains and reports."""
    first = common.first_weights(WORK, np.random.default_rng(ARGS.seed), ARGS.pose_scale)

    def variable(array):
        return tf.Variable(array)

    p = {"encoder": [[variable(a) for a in layer] for layer in first["encoder"]]}
    kernels = (0, 1, 3, 2)  # conv2d_transpose wants [4, 4, out, in]
    p["decoder"] = [[variable(a.transpose(kernels) if a.ndim == 4 else a) for a in layer] for layer in first["decoder"]]
    p["prior"] = [variable(a) for a in first["prior"]]
    weights = [a for part in ("encoder", "decoder") for layer in p[part] for a in layer] + p["prior"]
    m = [tf.Variable(tf.zeros_like(w)) for w in weights]
    v = [tf.Variable(tf.zeros_like(w)) for w in weights]
    count, total = tf.Variable(0.0), tf.Variable(0.0)
    images = tf.constant(common.images("train")[: ARGS.images])
    beta1, beta2 = common.BETA1, common.BETA2

    @tf.function(jit_compile=ARGS.xla, input_signature=[tf.TensorSpec([ARGS.batch], tf.int32)])
    def step(batch):
        with tf.GradientTape() as tape:
            loss = loss_of(p, tf.cast(tf.gather(images, batch), tf.float32) / 255)
        gradients = tape.gradient(loss, weights)
        count.assign_add(1.0)
        power1, power2 = beta1**count, beta2**count
        for w, g, a, b in zip(weights, gradients, m, v):
            if ARGS.xla:  # which has no kernel for the whole update
                a.assign(beta1 * a + (1 - beta1) * g)
                b.assign(beta2 * b + (1 - beta2) * g * g)
                rate = ARGS.lr * tf.sqrt(1 - power2) / (1 - power1)
                w.assign_sub(rate * a / (tf.sqrt(b) + common.EPSILON))
            else:
                tf.raw_ops.ResourceApplyAdam(
                    var=w.handle,
                    m=a.handle,
                    v=b.handle,
                    beta1_power=power1,
                    beta2_power=power2,
                    lr=ARGS.lr,
                    beta1=beta1,
                    beta2=beta2,
                    epsilon=common.EPSILON,
                    grad=g,
                )
        total.assign_add(loss)

    def epoch(order):
        total.assign(0.0)
        for batch in order.astype(np.int32):
            step(tf.constant(batch))
        return float(total) / len(order)

    measured = common.measure(ARGS, epoch)
    mode = "function" + (", XLA" if ARGS.xla else "") + (f", intra {ARGS.intra}" if ARGS.intra else "")
    mode += ", no fusion" if ARGS.unfused else ""
    common.report(ARGS, "tensorflow", tf.__version__, mode, "oneDNN and Eigen", weights, "adam", measured)


if __name__ == "__main__":
    check() if ARGS.check else main()
