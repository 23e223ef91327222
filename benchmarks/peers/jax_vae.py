#!/usr/bin/env python3
"""JAX peer: python jax_vae.py --work W2 --threads 2. The whole step is one jitted function. Prints one line of JSON."""

import common

ARGS = common.arguments("JAX peer")

import os  # noqa: E402

os.environ["JAX_PLATFORMS"] = "cpu"
if ARGS.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402

WORK = ARGS.work
LATENT, SIZE = WORK.latent, WORK.latent + WORK.pose
LAYOUT = ("NHWC", "HWIO", "NHWC")


def layers(weights, x):
    """Applies dense layers with the activation between them."""
    activation = jax.nn.softplus if WORK.activation == "softplus" else jax.nn.relu
    for i, (matrix, bias) in enumerate(weights):
        x = x @ matrix + bias
        x = activation(x) if i + 1 < len(weights) else x
    return x


def encode(p, x):
    """Returns [rows, 2 * size]: means, then log-scales."""
    if not WORK.convolutional:
        return layers(p["encoder"], x)
    x = x.reshape(-1, 28, 28, 1)
    for (kernel, bias), (_, _, stride, padding) in zip(p["encoder"], common.CONV_ENCODER):
        x = jax.lax.conv_general_dilated(x, kernel, (stride, stride), padding, dimension_numbers=LAYOUT)
        x = jax.nn.relu(x + bias)
    return layers(p["encoder"][-1:], x.reshape(x.shape[0], -1))


def decode(p, z):
    """Returns logits [rows, 784]."""
    if not WORK.convolutional:
        return layers(p["decoder"], z)
    x = z.reshape(-1, 1, 1, LATENT)
    for i, ((kernel, bias), (stride, padding)) in enumerate(zip(p["decoder"], common.CONV_DECODER)):
        x = jax.lax.conv_transpose(x, kernel, (stride, stride), padding, dimension_numbers=LAYOUT) + bias
        x = jax.nn.relu(x) if i < 4 else x
    return x.reshape(x.shape[0], -1)


def sample(image, x, y, zero):
    """Samples images [rows, 784] bilinearly at points [rows, 784]."""
    before, side = (1, common.SIDE + 2) if zero else (0, common.SIDE)
    if zero:
        padded = jnp.pad(image.reshape(-1, 28, 28), ((0, 0), (1, 1), (1, 1)))
        image = padded.reshape(image.shape[0], -1)
    column = jnp.clip((x + 1) * 13.5 + before, 0, side - 1)
    line = jnp.clip((y + 1) * 13.5 + before, 0, side - 1)
    left, top = jnp.floor(column), jnp.floor(line)
    dx, dy = column - left, line - top
    left, top = left.astype(jnp.int32), top.astype(jnp.int32)
    right, low = jnp.minimum(left + 1, side - 1), jnp.minimum(top + 1, side - 1)

    def corner(row, place):
        return jnp.take_along_axis(image, row * side + place, axis=1, mode="promise_in_bounds")

    upper = corner(top, left) * (1 - dx) + corner(top, right) * dx
    lower = corner(low, left) * (1 - dx) + corner(low, right) * dx
    return upper * (1 - dy) + lower * dy


def negative_log_likelihood(p, z, x):
    """Returns the cross-entropy, summed over pixels and images."""
    o = decode(p, z[:, :LATENT])
    if WORK.pose:
        pose = ARGS.pose_scale * z[:, LATENT:]
        columns, lines = common.by_axis(WORK)
        basis, rest = (jnp.asarray(a) for a in common.basis(WORK))
        places = [rest[k] + pose[:, np.array(part)] @ basis for k, part in enumerate((columns, lines))]
        if ARGS.warp == "probs":
            means = jnp.clip(sample(jax.nn.sigmoid(o), *places, True), common.CLIP, 1 - common.CLIP)
            return -(x * jnp.log(means) + (1 - x) * jnp.log(1 - means)).sum()
        o = sample(o, *places, False)
    return (jnp.maximum(o, 0) - o * x + jnp.log1p(jnp.exp(-jnp.abs(o)))).sum()


def divergence(mean, log_scale, prior):
    """Returns KL(N(mean, scale) | prior), summed over dimensions and images; no prior is the standard normal."""
    if prior is None:
        return 0.5 * (mean * mean + jnp.exp(2 * log_scale) - 1 - 2 * log_scale).sum()
    ratio = log_scale - prior[1]
    shift = (mean - prior[0]) * jnp.exp(-prior[1])
    return (0.5 * (jnp.exp(2 * ratio) + shift * shift - 1) - ratio).sum()


def loss_of(p, x, key):
    """Returns the loss, in nats per image."""
    first, second = jax.random.split(key)
    heads = encode(p, x)
    mean, log_scale = heads[:, :SIZE], jnp.maximum(heads[:, SIZE:], common.FLOOR)
    z = mean + jnp.exp(log_scale) * jax.random.normal(first, mean.shape)
    loss = negative_log_likelihood(p, z, x) + divergence(mean[:, :LATENT], log_scale[:, :LATENT], None)
    if WORK.pose:
        loss = loss + divergence(mean[:, LATENT:], log_scale[:, LATENT:], p["prior"])
    if WORK.information:
        codes = jax.random.normal(second, (x.shape[0], LATENT))
        heads = encode(p, jax.nn.sigmoid(decode(p, codes)))
        mean, log_scale = heads[:, :LATENT], jnp.maximum(heads[:, LATENT:], common.FLOOR)
        loss = loss + (0.5 * ((codes - mean) * jnp.exp(-log_scale)) ** 2 + log_scale + 0.5 * np.log(2 * np.pi)).sum()
    return loss / x.shape[0]


def check():
    """Compares the warp with the reference."""

    def warp(image, x, y, weight, zero):
        value, back = jax.vjp(lambda *a: sample(*a, zero), image, x, y)
        return [value, *back(jnp.asarray(weight))]

    common.check_warp("jax " + jax.__version__, warp)


def main():
    """Trains and reports."""
    first = common.first_weights(WORK, np.random.default_rng(ARGS.seed), ARGS.pose_scale)
    p = jax.tree.map(jnp.asarray, first)
    images = jnp.asarray(common.images("train")[: ARGS.images])
    optimiser = optax.adam(ARGS.lr, common.BETA1, common.BETA2, common.EPSILON)

    def step(state, images, batch):
        p, memory, key, total = state
        key, now = jax.random.split(key)
        loss, gradient = jax.value_and_grad(loss_of)(p, images[batch].astype(jnp.float32) / 255, now)
        change, memory = optimiser.update(gradient, memory)
        return optax.apply_updates(p, change), memory, key, total + loss

    step = jax.jit(step, donate_argnums=0)
    state = (p, optimiser.init(p), jax.random.PRNGKey(ARGS.seed), jnp.zeros(()))

    def epoch(order):
        nonlocal state
        state = (*state[:3], jnp.zeros(()))
        for batch in order.astype(np.int32):
            state = step(state, images, batch)
        return float(state[3]) / len(order)

    measured = common.measure(ARGS, epoch)
    trained = [
        [a for layer in state[0][part] for a in (layer if isinstance(layer, list) else [layer])]
        for part in ("encoder", "decoder", "prior")
    ]
    blas = "oneDNN and Eigen, within XLA"
    common.report(ARGS, "jax", jax.__version__, "jit", blas, sum(trained, []), "adam", measured)


if __name__ == "__main__":
    check() if ARGS.check else main()
