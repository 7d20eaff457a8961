"""Makes the golden files of the gradients from PyTorch's automatic differentiation, in double precision.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_gradients.py
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Gradients"
cases = Cases(seed=20261121)
case, normal, positive, rng = cases.case, cases.normal, cases.positive, cases.rng

pairs = [((2, 3, 4), (3, 1)), ((5,), (2, 1, 5)), ((1,), (4, 3)), ((3, 1, 2), (1, 4, 1)),
         ((), (2, 3)), ((2, 1, 5, 1, 3), (4, 1, 5, 1)), ((7, 33), (7, 33)), ((6, 1), (6, 50)), ((2, 0), (1,))]
for i, (sa, sb) in enumerate(pairs):
    a, b = normal(*sa), normal(*sb)
    case(f"add.{i}", [a, b], torch.add)
    case(f"subtract.{i}", [a, b], torch.sub)
    case(f"multiply.{i}", [a, b], torch.mul)
    case(f"divide.{i}", [a, positive(*sb)], torch.div)
    case(f"power.{i}", [positive(*sa), b], torch.pow)
    case(f"minimum.{i}", [a, b], torch.minimum)
    case(f"maximum.{i}", [a, b], torch.maximum)
    case(f"select.{i}", [a, b], lambda x, y: torch.where(x > 0.25, x, y))
ties = np.array([1, 2, 3], np.float32)
case("maximum.ties", [ties, ties[::-1].copy()], torch.maximum)

x, p = normal(3, 37) * 2, positive(3, 37)
for name, function in {
    "absolute": torch.abs, "squared": torch.square, "exp": torch.exp, "sin": torch.sin, "cos": torch.cos,
    "tanh": torch.tanh, "erf": torch.erf, "sigmoid": torch.sigmoid,
    "softplus": lambda t: F.softplus(t, threshold=1e9), "relu": F.relu, "silu": F.silu, "gelu": F.gelu,
    "geluTanh": lambda t: F.gelu(t, approximate="tanh"), "leakyRelu": lambda t: F.leaky_relu(t, 0.2),
    "elu": lambda t: F.elu(t, 1.5), "clamped": lambda t: t.clamp(-1, 1), "negate": torch.neg,
}.items():
    case(f"unary.{name}", [x], function)
for name, function in {"squareRoot": torch.sqrt, "reciprocal": torch.reciprocal, "log": torch.log}.items():
    case(f"unary.{name}", [p], function)
far = np.array([-200, -50, -20, -5, 0, 5, 20, 50, 200], np.float32)
for name, function in {"sigmoid": torch.sigmoid, "softplus": lambda t: F.softplus(t, threshold=1e9), "silu": F.silu,
                       "gelu": F.gelu, "geluTanh": lambda t: F.gelu(t, approximate="tanh"), "elu": lambda t: F.elu(t, 1.5),
                       "leakyRelu": lambda t: F.leaky_relu(t, 0.2), "relu": F.relu}.items():
    case(f"far.{name}", [far], function)

x = normal(2, 3, 4, 5)
for axes in [(), (0,), (1,), (3,), (0, 2), (1, 2), (2, 3), (0, 1, 2)]:
    key = "".join(map(str, axes)) or "all"
    dims = list(axes) or [0, 1, 2, 3]
    case(f"sum.{key}", [x], lambda t: t.sum(dims))
    case(f"mean.{key}", [x], lambda t: t.mean(dims))
    case(f"variance.{key}", [x], lambda t: t.var(dims, correction=1))
    case(f"max.{key}", [x], lambda t: t.amax(dims))
    case(f"min.{key}", [x], lambda t: t.amin(dims))
    case(f"logSumExp.{key}", [x], lambda t: t.logsumexp(dims))
    case(f"norm.{key}", [x], lambda t: t.square().sum(dims).sqrt())
case("max.ties", [np.array([[1, 3, 3], [2, 2, 2]], np.float32)], lambda t: t.amax([1]))
for axis in range(4):
    case(f"softmax.{axis}", [x], lambda t: torch.softmax(t, axis))
    case(f"logSoftmax.{axis}", [x], lambda t: torch.log_softmax(t, axis))
    case(f"cumulativeSum.{axis}", [x], lambda t: t.cumsum(axis))
    case(f"top.{axis}", [x], lambda t: t.topk(2, axis).values)
    case(f"gather.{axis}", [x], lambda t: t.index_select(axis, torch.tensor([1, 0, 1, 1])))
for columns in (1, 31, 33, 545):
    rows = normal(2, columns)
    case(f"softmax.rows.{columns}", [rows], lambda t: torch.softmax(t, 1))
    case(f"logSoftmax.rows.{columns}", [rows], lambda t: torch.log_softmax(t, 1))
    if columns > 1:
        case(f"layerNorm.{columns}", [rows.reshape(1, 2, columns), positive(columns), normal(columns)],
             lambda t, g, o: F.layer_norm(t, [columns], g, o))
case("layerNorm.plain", [normal(5, 9)], lambda t: F.layer_norm(t, [9]))
case("layerNorm.gain", [normal(5, 9), positive(9)], lambda t, g: F.layer_norm(t, [9], g))

for i, order in enumerate([(0, 1, 3, 2), (3, 2, 1, 0), (2, 0, 3, 1), (1, 0, 2, 3)]):
    case(f"permute.{i}", [x], lambda t: t.permute(order))
case("reshape", [x], lambda t: t.reshape(6, 20))
case("slice", [x], lambda t: t[:, :, 1:3, 1::2])
case("pad", [x], lambda t: F.pad(t, (1, 3, 2, 0, 0, 1)))
case("concatenate", [normal(2, 3, 4), normal(2, 1, 4)], lambda a, b: torch.cat([a, b, a], 1))
case("stack", [normal(2, 3), normal(2, 3)], lambda a, b: torch.stack([a, b], -1))
case("broadcast", [normal(3, 1)], lambda t: t.broadcast_to(2, 3, 4))

products = [((7, 5), (5, 9)), ((2, 7, 5), (5, 9)), ((3, 1, 4, 6), (2, 6, 5)), ((6, 4), (3, 4, 2)),
            ((2, 3, 1, 5), (2, 3, 5, 4)), ((2, 7, 5), (1, 5, 9))]
swap = lambda t: t.transpose(-1, -2)
for i, (sa, sb) in enumerate(products):
    a, b = normal(*sa), normal(*sb)
    case(f"matmul.{i}.00", [a, b], torch.matmul)
    case(f"matmul.{i}.01", [a, np.ascontiguousarray(np.swapaxes(b, -1, -2))], lambda u, v: u @ swap(v))
    case(f"matmul.{i}.10", [np.ascontiguousarray(np.swapaxes(a, -1, -2)), b], lambda u, v: swap(u) @ v)
    case(f"matmul.{i}.11", [np.ascontiguousarray(np.swapaxes(t, -1, -2)) for t in (a, b)],
         lambda u, v: swap(u) @ swap(v))

activations = {"identity": lambda t: t, "relu": F.relu, "gelu": F.gelu,
               "geluTanh": lambda t: F.gelu(t, approximate="tanh"), "silu": F.silu, "sigmoid": torch.sigmoid,
               "tanh": torch.tanh}
for name, f in activations.items():
    inputs = [normal(2, 3, 5), normal(7, 5), normal(7)]
    case(f"linear.{name}", inputs, lambda a, w, b: f(F.linear(a, w, b)))
    case(f"linear.{name}.noBias", inputs[:2], lambda a, w: f(F.linear(a, w)))

a, b, unit = normal(6, 4), normal(6, 4) * 2, rng.random((6, 4)).astype(np.float32)
labels = torch.tensor([0, 3, 1, 1, 2, 0])
for reduction in ("mean", "sum"):
    case(f"mse.{reduction}", [a, b], lambda p, t: F.mse_loss(p, t, reduction=reduction))
    case(f"mae.{reduction}", [a, b], lambda p, t: F.l1_loss(p, t, reduction=reduction))
    case(f"huber.{reduction}", [a, b], lambda p, t: F.huber_loss(p, t, delta=0.7, reduction=reduction))
    case(f"bce.{reduction}", [a * 4, unit],
         lambda p, t: F.binary_cross_entropy_with_logits(p, t, reduction=reduction))
    case(f"crossEntropy.{reduction}", [a * 3], lambda p: F.cross_entropy(p, labels, reduction=reduction))
    case(f"crossEntropy.smooth.{reduction}", [a * 3],
         lambda p: F.cross_entropy(p, labels, label_smoothing=0.1, reduction=reduction))
soft = np.exp(normal(6, 4))
case("crossEntropy.soft", [a, soft / soft.sum(1, keepdims=True)], F.cross_entropy)


def ccc_loss(p, t):
    mp, mt = p.mean(0), t.mean(0)
    covariance = ((p - mp) * (t - mt)).mean(0)
    return 1 - (2 * covariance / (p.var(0, correction=0) + t.var(0, correction=0) + (mp - mt) ** 2 + 1e-8)).mean()


case("ccc.columns", [a, b], ccc_loss)
case("ccc.vector", [a[:, 0].copy(), b[:, 1].copy()], ccc_loss)

elementwise = {"add", "subtract", "multiply", "divide", "power", "minimum", "maximum", "select", "unary", "far"}
rearrangements = {"gather", "permute", "reshape", "slice", "pad", "concatenate", "stack", "broadcast", "top"}
reductions = {"sum", "mean", "variance", "max", "min", "logSumExp", "norm", "softmax", "logSoftmax", "cumulativeSum"}
cases.write(GOLDEN, "generate_gradients.py", lambda first:
            "elementwise" if first in elementwise else "rearrangements" if first in rearrangements else
            "reductions" if first in reductions else "layers")
