#!/usr/bin/env python3
"""PyTorch peer: python torch_vae.py --work W2 --threads 2 [--mode compile] [--adam fused]. Prints one line of JSON.

Works with PyTorch 1.13 and later. The warp is F.grid_sample.
"""

import common

ARGS = common.arguments(
    "PyTorch peer",
    mode={"default": "eager", "choices": ["eager", "compile"]},
    adam={"default": "default", "choices": ["default", "fused"]},
    flush={"action": "store_true", "help": "count denormal numbers as zero, as TensorFlow and JAX do"},
    tag={"default": "", "help": "added to the mode in the output"},
)

import math  # noqa: E402

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

WORK = ARGS.work
LATENT, SIZE = WORK.latent, WORK.latent + WORK.pose
if ARGS.flush:
    torch.set_flush_denormal(True)  # before there are other threads, which inherit it
torch.set_num_threads(ARGS.threads)
torch.manual_seed(ARGS.seed)


def layers(weights, x):
    """Applies dense layers with the activation between them."""
    activation = F.softplus if WORK.activation == "softplus" else torch.relu
    for i, (matrix, bias) in enumerate(weights):
        x = torch.addmm(bias, x, matrix)
        x = activation(x) if i + 1 < len(weights) else x
    return x


def encode(p, x):
    """Returns [rows, 2 * size]: means, then log-scales."""
    if not WORK.convolutional:
        return layers(p["encoder"], x)
    x = x.view(-1, 1, 28, 28)
    for i, (kernel, bias) in enumerate(p["encoder"][:-1]):
        # SAME: 7 to 4 needs a pixel before and two after, the others one each.
        x = F.conv2d(F.pad(x, (1, 2, 1, 2)), kernel, bias, 2) if i == 2 else F.conv2d(x, kernel, bias, 2, 1)
        x = torch.relu(x)
    return layers(p["encoder"][-1:], x.flatten(1))


def decode(p, z):
    """Returns logits [rows, 784]."""
    if not WORK.convolutional:
        return layers(p["decoder"], z)
    x = z.view(-1, LATENT, 1, 1)
    for i, ((kernel, bias), (stride, padding)) in enumerate(zip(p["decoder"], common.CONV_DECODER)):
        x = F.conv_transpose2d(x, kernel, bias, stride, 1 if padding == "SAME" else 0)
        x = x[:, :, :7, :7] if i == 2 else x  # SAME with stride 1
        x = torch.relu(x) if i < 4 else x
    return x.flatten(1)


def sample(image, points, zero):
    """Samples images [rows, 784] at points [rows, 28, 28, 2]."""
    border = "zeros" if zero else "border"
    return F.grid_sample(image.view(-1, 1, 28, 28), points, "bilinear", border, align_corners=True).flatten(1)


def positions(pose, fixed):
    """Returns the points [rows, 28, 28, 2] where a pose samples."""
    pose = ARGS.pose_scale * pose
    if WORK.pose == 6:
        theta = fixed["identity"] + pose.view(-1, 2, 3)
        return F.affine_grid(theta, [pose.shape[0], 1, 28, 28], align_corners=True)
    moved = torch.matmul(fixed["basis"], pose.view(-1, 9, 2))
    return (fixed["rest"] + moved).view(-1, 28, 28, 2)


def negative_log_likelihood(p, z, x, fixed):
    """Returns the cross-entropy, summed over pixels and images."""
    logits = decode(p, z[:, :LATENT])
    if WORK.pose and ARGS.warp == "probs":
        means = sample(torch.sigmoid(logits), positions(z[:, LATENT:], fixed), True)
        return F.binary_cross_entropy(means.clamp(common.CLIP, 1 - common.CLIP), x, reduction="sum")
    if WORK.pose:
        logits = sample(logits, positions(z[:, LATENT:], fixed), False)
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum")


def divergence(mean, log_scale, prior):
    """Returns KL(N(mean, scale) | prior), summed over dimensions and images; no prior is the standard normal."""
    if prior is None:
        return 0.5 * (mean * mean + torch.exp(2 * log_scale) - 1 - 2 * log_scale).sum()
    ratio = log_scale - prior[1]
    shift = (mean - prior[0]) * torch.exp(-prior[1])
    return (0.5 * (torch.exp(2 * ratio) + shift * shift - 1) - ratio).sum()


def loss_of(p, x, noise, codes, fixed):
    """Returns the loss, in nats per image."""
    heads = encode(p, x)
    mean, log_scale = heads[:, :SIZE], heads[:, SIZE:].clamp(min=common.FLOOR)
    z = mean + torch.exp(log_scale) * noise
    loss = negative_log_likelihood(p, z, x, fixed) + divergence(mean[:, :LATENT], log_scale[:, :LATENT], None)
    if WORK.pose:
        loss = loss + divergence(mean[:, LATENT:], log_scale[:, LATENT:], p["prior"])
    if WORK.information:
        heads = encode(p, torch.sigmoid(decode(p, codes)))
        mean, log_scale = heads[:, :LATENT], heads[:, LATENT:].clamp(min=common.FLOOR)
        off = (codes - mean) * torch.exp(-log_scale)
        loss = loss + (0.5 * off * off + log_scale + 0.5 * math.log(2 * math.pi)).sum()
    return loss / x.shape[0]


def check():
    """Compares the warp with the reference."""

    def warp(image, x, y, weight, zero):
        inputs = [torch.from_numpy(a).requires_grad_() for a in (image, x, y)]
        value = sample(inputs[0], torch.stack(inputs[1:], -1).view(-1, 28, 28, 2), zero)
        gradients = torch.autograd.grad((torch.from_numpy(weight) * value).sum(), inputs)
        return [value.detach().numpy()] + [g.numpy() for g in gradients]

    common.check_warp("torch " + torch.__version__, warp)


def blas():
    """Names the library of the products."""
    shown = torch.__config__.show()
    for line in shown.splitlines():
        if "Math Kernel Library" in line:
            return line.strip(" -").split(" for ")[0].replace("Intel(R) oneAPI Math Kernel Library Version", "MKL")
    return "OpenBLAS or BLIS of the system" if "BLAS" in shown else "unknown"


def main():
    """Trains and reports."""
    first = common.first_weights(WORK, np.random.default_rng(ARGS.seed), ARGS.pose_scale)

    def parameter(array):
        if array.ndim == 4:  # both want 4x4 last: [out, in, 4, 4] of a convolution, [in, out, 4, 4] of a transposed one
            array = array.transpose(parameter.order)
        return torch.from_numpy(np.ascontiguousarray(array)).requires_grad_()

    parameter.order = (3, 2, 0, 1)
    p = {"encoder": [[parameter(a) for a in layer] for layer in first["encoder"]]}
    parameter.order = (2, 3, 0, 1)
    p["decoder"] = [[parameter(a) for a in layer] for layer in first["decoder"]]
    p["prior"] = [parameter(a) for a in first["prior"]]
    weights = [a for part in ("encoder", "decoder") for layer in p[part] for a in layer] + p["prior"]
    fixed = {}
    if WORK.pose:
        basis, rest = common.basis(WORK)
        fixed["identity"] = torch.tensor([[1.0, 0, 0], [0, 1, 0]])
        fixed["basis"] = torch.from_numpy(np.ascontiguousarray(basis.T))
        fixed["rest"] = torch.from_numpy(np.ascontiguousarray(rest.T))
    images = torch.from_numpy(common.images("train")[: ARGS.images].copy())
    optimiser = torch.optim.Adam(weights, lr=ARGS.lr, **({"fused": True} if ARGS.adam == "fused" else {}))
    loss_function = torch.compile(loss_of) if ARGS.mode == "compile" else loss_of
    unused = torch.zeros(1)

    def epoch(order):
        total = torch.zeros(())
        for batch in torch.from_numpy(order):
            x = images[batch].float().div_(255)
            noise = torch.randn(ARGS.batch, SIZE)
            codes = torch.randn(ARGS.batch, LATENT) if WORK.information else unused
            loss = loss_function(p, x, noise, codes, fixed)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            total += loss.detach()
        return total / len(order)

    measured = common.measure(ARGS, epoch)
    tuned = ["fused adam"] if ARGS.adam == "fused" else []
    tuned += ["denormals flushed"] if ARGS.flush else []
    mode = ", ".join([ARGS.mode, *tuned, *filter(None, [ARGS.tag])])
    common.report(ARGS, "pytorch", torch.__version__, mode, blas(), weights, "adam", measured)


if __name__ == "__main__":
    check() if ARGS.check else main()
