"""Makes the golden files that sweep the operations' parameters: axes, steps, ranks, extents of 1 and of 0.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_sweeps.py
A case's name is the operation and its parameters, which Sweeps/SweepTests.swift reads: a list of axes as
`02`, a number as `3`, a minus as `m`.
"""
import itertools
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Sweeps"
cases = Cases(seed=20261123)
normal, positive, case = cases.normal, cases.positive, cases.case

# Reductions over every set of axes, kept and not, of shapes with an axis of extent 1 and without.
volume, thin = normal(2, 3, 4), normal(3, 1, 2)
for x, name in ((volume, "volume"), (thin, "thin")):
    for size in (1, 2, 3):
        for axes in itertools.combinations(range(3), size):
            for keeping in (False, True):
                key = f"{name}.{''.join(map(str, axes))}.{'kept' if keeping else 'gone'}"
                case(f"sum.{key}", [x], lambda t: t.sum(axes, keepdim=keeping))
                case(f"mean.{key}", [x], lambda t: t.mean(axes, keepdim=keeping))
                case(f"variance.{key}", [x], lambda t: t.var(axes, correction=0, keepdim=keeping))
                case(f"max.{key}", [x], lambda t: t.amax(axes, keepdim=keeping))
                case(f"min.{key}", [x], lambda t: t.amin(axes, keepdim=keeping))
                case(f"logSumExp.{key}", [x], lambda t: t.logsumexp(axes, keepdim=keeping))
                case(f"norm.{key}", [x], lambda t: t.square().sum(axes, keepdim=keeping).sqrt())
empty = np.zeros((2, 0, 3), np.float32)
for axes in ((0,), (1,), (2,), (0, 1), (0, 1, 2)):
    key = f"empty.{''.join(map(str, axes))}.gone"
    case(f"sum.{key}", [empty], lambda t: t.sum(axes))
    case(f"mean.{key}", [empty], lambda t: t.mean(axes))
    case(f"logSumExp.{key}", [empty], lambda t: torch.logsumexp(t, axes))

# Along each axis, counted from both ends.
four = normal(2, 3, 1, 5)
for axis in range(-4, 4):
    key = str(axis).replace("-", "m")
    case(f"softmax.{key}", [four], lambda t: torch.softmax(t, axis))
    case(f"logSoftmax.{key}", [four], lambda t: torch.log_softmax(t, axis))
    case(f"cumulativeSum.{key}", [four], lambda t: t.cumsum(axis))
    case(f"sorted.{key}.up", [four], lambda t: t.sort(axis).values)
    case(f"sorted.{key}.down", [four], lambda t: t.sort(axis, descending=True).values)
    case(f"expanded.{key}", [volume], lambda t: t.unsqueeze(axis))
    extent = four.shape[axis]
    for k in {1, extent}:
        case(f"top.{key}.{k}", [four], lambda t: t.topk(k, axis).values)
    indices = [extent - 1, 0, extent - 1]
    case(f"gathered.{key}", [four], lambda t: t.index_select(axis, torch.tensor(indices)))
    case(f"gathered.{key}.none", [four], lambda t: t.index_select(axis, torch.tensor([], dtype=torch.int64)))
    case(f"selected.{key}.m1", [four], lambda t: t.select(axis, -1))
    case(f"split.{key}", [four], lambda t: torch.cat([3 * t.narrow(axis, 1, extent - 1), t.narrow(axis, 0, 1)], axis)
         if extent > 1 else t)
    for first, step in ((0, 2), (1, 1), (1, 3)):
        places = torch.arange(first, extent, step)
        case(f"sliced.{key}.{first}.{step}", [four], lambda t: t.index_select(axis, places))
    widths = [0] * 8
    widths[2 * (3 - axis % 4)], widths[2 * (3 - axis % 4) + 1] = 2, 1
    case(f"padded.{key}", [four], lambda t: F.pad(t, widths, value=0.5))
    other = list(four.shape)
    other[axis] = 2
    case(f"concatenate.{key}", [four, normal(*other)], lambda a, b: torch.cat([b, a, b], axis))
for axis in range(-4, 4):
    case(f"stack.{str(axis).replace('-', 'm')}", [volume, normal(2, 3, 4)], lambda a, b: torch.stack([a, b], axis))
for order in itertools.permutations(range(3)):
    case(f"permuted.{''.join(map(str, order))}", [volume], lambda t: t.permute(order))
case("permuted.41302", [normal(2, 3, 1, 5, 4)], lambda t: t.permute(4, 1, 3, 0, 2))
case("transposed", [volume], lambda t: t.transpose(-1, -2))
case("squeezed", [thin], lambda t: t.squeeze(1))

# Products: every pair of flags over extents of 1 and of 0.
for i, (batch, m, k, n) in enumerate([((), 1, 5, 3), ((), 4, 1, 3), ((), 4, 5, 1), ((), 1, 1, 1), ((), 2, 0, 3),
                                      ((3,), 1, 4, 2), ((2, 3), 4, 5, 1), ((0,), 2, 3, 4)]):
    for ta in (0, 1):
        for tb in (0, 1):
            a = normal(*batch, *((k, m) if ta else (m, k)))
            b = normal(*batch, *((n, k) if tb else (k, n)))
            turn = lambda t, flag: t.transpose(-1, -2) if flag else t
            case(f"matmul.{i}.{ta}{tb}", [a, b], lambda u, v: turn(u, ta) @ turn(v, tb))
case("outer", [normal(3), normal(4)], torch.outer)
activations = {"identity": lambda t: t, "relu": F.relu, "gelu": F.gelu,
               "geluTanh": lambda t: F.gelu(t, approximate="tanh"), "silu": F.silu, "sigmoid": torch.sigmoid,
               "tanh": torch.tanh}
for name, f in activations.items():
    for shape, outputs in (((5,), 3), ((1, 1), 1), ((2, 3, 7), 20)):
        inputs = [normal(*shape), normal(outputs, shape[-1]), normal(outputs)]
        case(f"linear.{name}.{len(shape)}", inputs, lambda x, w, b: f(F.linear(x, w, b)))
for rows, columns in ((1, 3), (4, 1), (3, 70)):
    case(f"layerNorm.{rows}.{columns}", [normal(rows, columns), positive(columns), normal(columns)],
         lambda t, g, o: F.layer_norm(t, [columns], g, o, eps=0.01))

# Rows of a table, some of them twice.
indices = torch.tensor([[3, 0, 3], [1, 6, 1]])
case("embedding.none", [normal(7, 5)], lambda t: F.embedding(indices, t))
case("embedding.3", [normal(7, 5)], lambda t: F.embedding(indices, t, padding_idx=3))

# Losses of one number, one row, one class.
divergence = lambda reduction: lambda q, p: F.kl_div(q, p, reduction=reduction)
for rows, classes in ((1, 1), (1, 4), (5, 3)):
    a, b = normal(rows, classes), normal(rows, classes)
    soft = torch.softmax(torch.from_numpy(normal(rows, classes) * 2), 1).numpy()
    logs = torch.log_softmax(torch.from_numpy(normal(rows, classes) * 2), 1).numpy()
    labels = torch.tensor([(2 * r + 1) % classes for r in range(rows)])
    for reduction in ("mean", "sum"):
        key = f"{rows}.{classes}.{reduction}"
        case(f"mse.{key}", [a, b], lambda p, t: F.mse_loss(p, t, reduction=reduction))
        case(f"mae.{key}", [a, b], lambda p, t: F.l1_loss(p, t, reduction=reduction))
        case(f"huber.{key}", [a, b], lambda p, t: F.huber_loss(p, t, delta=0.4, reduction=reduction))
        case(f"bce.{key}", [a * 5, soft], lambda p, t: F.binary_cross_entropy_with_logits(p, t, reduction=reduction))
        case(f"crossEntropy.{key}", [a * 3],
             lambda p: F.cross_entropy(p, labels, label_smoothing=0.15, reduction=reduction))
        case(f"kl.{key}", [logs, soft], divergence("batchmean" if reduction == "mean" else "sum"))

families = {"reductions": {"sum", "mean", "variance", "max", "min", "logSumExp", "norm"},
            "products": {"matmul", "outer", "linear", "layerNorm", "mse", "mae", "huber", "bce", "crossEntropy", "kl",
                         "embedding"}}
cases.write(GOLDEN, "generate_sweeps.py",
            lambda first: next((name for name, members in families.items() if first in members), "axes"))
