"""Makes the golden files of the convolutions from PyTorch's automatic differentiation, in double precision.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_convolutions.py
Of each case: inputs .0 (input), .1 (weight), .2 (bias, in some), the result .out, the gradient that arrives at
it .arriving, and the gradients of the inputs .gradient.0, … A case's name says its kernel, stride, dilation,
groups, padding and activation. All axes of a tensor have extents of their own.
"""
import hashlib
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from safetensors_format import save

SEED = 20261122
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Convolutions"
GOLDEN.mkdir(exist_ok=True)
rng = np.random.default_rng(SEED)


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def sides(padding, extent, kernel, stride, dilation):
    reach = dilation * (kernel - 1) + 1
    if padding == "valid":
        return 0, 0
    if padding == "same":
        total = max(0, (-(-extent // stride) - 1) * stride + reach - extent)
        return total // 2, total - total // 2
    if padding == "causal":
        return reach - 1, 0
    return tuple(int(c) for c in padding)


activations = {"identity": lambda t: t, "relu": F.relu, "gelu": F.gelu,
               "geluTanh": lambda t: F.gelu(t, approximate="tanh"), "silu": F.silu, "sigmoid": torch.sigmoid,
               "tanh": torch.tanh}


def case(tensors, name, x, w, b, strides, dilations, groups, padding, activation="identity"):
    rank = x.ndim - 2
    pads = [sides(padding, x.shape[2 + i], w.shape[2 + i], strides[i], dilations[i]) for i in range(rank)]
    if any(x.shape[2 + i] + sum(pads[i]) < dilations[i] * (w.shape[2 + i] - 1) + 1 for i in range(rank)):
        return
    flat = [n for pair in reversed(pads) for n in pair]
    convolve = F.conv1d if rank == 1 else F.conv2d
    inputs = [x, w] + ([b] if b is not None else [])
    leaves = [torch.from_numpy(t).double().requires_grad_() for t in inputs]
    out = activations[activation](convolve(F.pad(leaves[0], flat), leaves[1], leaves[2] if b is not None else None,
                                           strides, 0, dilations, groups))
    arriving = torch.from_numpy(normal(*out.shape))
    gradients = torch.autograd.grad(out, leaves, arriving.double())
    put = lambda key, value: tensors.__setitem__(f"{name}.{key}", np.asarray(value, dtype="<f4", order="C"))
    for i, (t, g) in enumerate(zip(inputs, gradients)):
        put(i, t)
        put(f"gradient.{i}", g.numpy())
    put("arriving", arriving.numpy())
    put("out", out.detach().numpy())


signals, images, edges = {}, {}, {}
channels = {1: (5, 7), 2: (6, 10), 3: (9, 6)}
number = 0
for kernel in (1, 3, 4):
    for stride in (1, 2, 3):
        for dilation in (1, 2):
            for padding in ("valid", "same", "causal", "21"):
                # A third of all combinations with groups, so that each value meets each other one.
                groups = 1 + number % 3
                number += 1
                c, o = channels[groups]
                b = normal(o) if number % 2 else None
                case(signals, f"signal.k{kernel}.s{stride}.d{dilation}.g{groups}.{padding}.identity",
                     normal(2, c, 11), normal(o, c // groups, kernel), b, [stride], [dilation], groups, padding)
number = 0
for kernel in ((1, 1), (2, 3), (3, 2), (1, 4)):
    for stride in ((1, 1), (2, 2), (1, 3), (3, 2)):
        for dilation in ((1, 1), (2, 1)):
            padding = ("valid", "same", "11", "02")[number % 4]
            groups = 1 + number // 4 % 3
            number += 1
            c, o = {1: (3, 5), 2: (4, 10), 3: (6, 9)}[groups]
            for p in {padding: 0, "same": 0} if number % 3 else [padding]:
                name = (f"image.k{kernel[0]}x{kernel[1]}.s{stride[0]}x{stride[1]}.d{dilation[0]}x{dilation[1]}"
                        f".g{groups}.{p}.identity")
                case(images, name, normal(2, c, 5, 7), normal(o, c // groups, *kernel),
                     normal(o) if number % 2 else None, list(stride), list(dilation), groups, p)
for activation in activations:
    case(edges, f"signal.k3.s1.d1.g1.same.{activation}", normal(2, 4, 9), normal(5, 4, 3), normal(5), [1], [1], 1,
         "same", activation)
    case(edges, f"image.k2x3.s2x1.d1x1.g2.same.{activation}", normal(2, 6, 5, 7), normal(4, 3, 2, 3), None, [2, 1],
         [1, 1], 2, "same", activation)
for kernel in (1, 2, 5):
    for padding in ("same", "causal", "valid"):
        # A signal of one element, and a batch of none.
        case(edges, f"signal.k{kernel}.s2.d1.g1.{padding}.identity", normal(2, 3, 1), normal(4, 3, kernel), normal(4),
             [2], [1], 1, padding)
case(edges, "signal.k3.s1.d1.g1.valid.identity", normal(0, 2, 8), normal(5, 2, 3), normal(5), [1], [1], 1, "valid")
case(edges, "image.k1x1.s1x1.d1x1.g1.valid.identity", normal(1, 3, 1, 1), normal(2, 3, 1, 1), normal(2), [1, 1], [1, 1], 1,
     "valid")
# Windows side by side, as in a patch embedding, with and without a rest; larger than a tile of sums.
case(edges, "image.k4x4.s4x4.d1x1.g1.valid.identity", normal(2, 3, 8, 12), normal(10, 3, 4, 4), normal(10), [4, 4], [1, 1], 1,
     "valid")
case(edges, "image.k2x3.s2x3.d1x1.g1.valid.identity", normal(2, 5, 7, 11), normal(6, 5, 2, 3), None, [2, 3], [1, 1], 1,
     "valid")
case(edges, "signal.k6.s6.d1.g1.valid.identity", normal(2, 4, 25), normal(5, 4, 6), normal(5), [6], [1], 1, "valid")
case(edges, "signal.k7.s1.d3.g1.same.identity", normal(2, 3, 70), normal(19, 3, 7), normal(19), [1], [3], 1, "same")

hashes = {}
for family, members in {"signals": signals, "images": images, "edges": edges}.items():
    path = GOLDEN / f"{family}.safetensors"
    save(path, members)
    hashes[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
manifest = {
    "generator": "generate_convolutions.py", "seed": SEED, "numpy": np.__version__, "torch": torch.__version__,
    "sha256": hashes,
}
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
