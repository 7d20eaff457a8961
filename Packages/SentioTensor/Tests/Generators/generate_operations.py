"""Makes the golden files of the tensor operations from PyTorch and NumPy.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_operations.py
Case names carry their parameters; inputs end in .a, .b, outputs in .out. Reductions and products are
computed in double precision and rounded once.
"""
import hashlib
import json
import pathlib

import numpy as np
import torch

from safetensors_format import save

SEED = 20261121
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden"
rng = np.random.default_rng(SEED)
tensors = {}


def put(name, value):
    tensors[name] = np.asarray(value, dtype="<f4", order="C")


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


pairs = [((2, 3, 4), (3, 1)), ((5,), (2, 1, 5)), ((1,), (4, 3)), ((3, 1, 2), (1, 4, 1)),
         ((), (2, 3)), ((2, 1, 3, 1, 2), (4, 1, 5, 1)), ((7, 33), (7, 33)), ((6, 1), (6, 50))]
for i, (sa, sb) in enumerate(pairs):
    a, b = normal(*sa), normal(*sb)
    if i == 6:
        b[0, :5] = a[0, :5]
        a[1, 0], b[1, 1] = np.nan, np.nan
    put(f"binary.{i}.a", a)
    put(f"binary.{i}.b", b)
    with np.errstate(all="ignore"):
        for name, value in {
            "add": a + b, "subtract": a - b, "multiply": a * b, "divide": a / b,
            "power": np.power(np.abs(a), b), "minimum": np.minimum(a, b), "maximum": np.maximum(a, b),
            "equal": a == b, "notEqual": a != b, "less": a < b, "lessOrEqual": a <= b,
            "greater": a > b, "greaterOrEqual": a >= b, "select": np.where(a > 0, a, b),
        }.items():
            put(f"binary.{i}.{name}", value)

x = np.concatenate([rng.standard_normal(200) * 4, [0, -0.0, np.inf, -np.inf, np.nan, 1e-30, -100, 100,
                    0.5, 1.5, 2.5, -0.5]]).astype(np.float32)
put("unary.a", x)
t = torch.from_numpy(x)
d = t.double()
for name, value in {
    "absolute": d.abs(), "sign": torch.from_numpy(np.sign(x)), "squared": d.square(), "squareRoot": d.sqrt(),
    "reciprocal": d.reciprocal(), "roundedDown": d.floor(), "roundedUp": d.ceil(), "rounded": d.round(),
    "exp": d.exp(), "log": d.log(), "sin": d.sin(), "cos": d.cos(), "tanh": d.tanh(), "erf": d.erf(),
    "sigmoid": d.sigmoid(), "softplus": torch.nn.functional.softplus(d, threshold=1e9), "relu": d.relu(),
    "silu": torch.nn.functional.silu(d), "gelu": torch.nn.functional.gelu(d),
    "geluTanh": torch.nn.functional.gelu(d, approximate="tanh"),
}.items():
    value = value.float().numpy().copy()
    if name in ("silu", "gelu", "geluTanh"):
        value[x == -np.inf] = 0  # the limit; PyTorch gives NaN
    put(f"unary.{name}", value)

x = normal(2, 3, 4, 33)
put("reduce.a", x)
d = torch.from_numpy(x).double()
for axes in [(), (0,), (1,), (2,), (3,), (0, 2), (1, 3), (1, 2), (0, 1), (2, 3), (0, 1, 2), (0, 3)]:
    key = "".join(map(str, axes)) or "all"
    dims = list(axes) or [0, 1, 2, 3]
    for name, value in {
        "sum": d.sum(dims), "mean": d.mean(dims), "variance": d.var(dims, correction=0),
        "sampleVariance": d.var(dims, correction=1), "max": d.amax(dims), "min": d.amin(dims),
        "logSumExp": d.logsumexp(dims), "norm": d.square().sum(dims).sqrt(),
    }.items():
        put(f"reduce.{name}.{key}", value.float())
for axis in range(4):
    put(f"softmax.{axis}", torch.softmax(d, axis).float())
    put(f"cumulativeSum.{axis}", d.cumsum(axis).float())
    put(f"argmax.{axis}", d.argmax(axis))
    put(f"argmin.{axis}", d.argmin(axis))
    values, indices = d.topk(2, axis)
    put(f"top.{axis}", values.float())
    put(f"topIndices.{axis}", indices)
    values, indices = d.sort(stable=True, dim=axis)
    put(f"sorted.{axis}", values.float())
    put(f"sortedIndices.{axis}", indices)
gain, offset = normal(33), normal(33)
put("layerNorm.gain", gain)
put("layerNorm.offset", offset)
put("layerNorm.out", torch.nn.functional.layer_norm(
    d, [33], torch.from_numpy(gain).double(), torch.from_numpy(offset).double()).float())

for i, order in enumerate([(0, 1, 3, 2), (3, 2, 1, 0), (2, 0, 3, 1), (1, 0, 2, 3), (0, 3, 1, 2)]):
    put(f"permute.{i}.order", order)
    put(f"permute.{i}.out", x.transpose(order))
put("slice.1", x[:, 1:3])
put("slice.3", x[..., 5:30:4])
put("gather.2", x[:, :, [3, 0, 0, 2]])
put("pad", np.pad(x[0], ((0, 1), (2, 0), (1, 3)), constant_values=-2))
put("concatenate.1", np.concatenate([x[:, :1], x, x[:, 2:]], 1))
put("stack.last", np.stack([x[0], x[1]], -1))

products = [((7, 5), (5, 9)), ((2, 7, 5), (5, 9)), ((3, 1, 4, 6), (2, 6, 3)), ((6, 4), (3, 4, 2)),
            ((2, 3, 1, 5), (2, 3, 5, 1)), ((20, 8, 16), (20, 16, 12))]
for i, (sa, sb) in enumerate(products):
    a, b = normal(*sa), normal(*sb)
    put(f"matmul.{i}.a", a)
    put(f"matmul.{i}.b", b)
    put(f"matmul.{i}.out", np.matmul(a.astype(float), b.astype(float)))

a = normal(6, 6)
definite = a @ a.T + np.eye(6, dtype=np.float32)
b = normal(6, 2)
put("linear.definite", definite)
put("linear.b", b)
put("linear.cholesky", np.linalg.cholesky(definite.astype(float)))
put("linear.solve", np.linalg.solve(definite.astype(float), b.astype(float)))
put("linear.eigenvalues", np.linalg.eigvalsh(definite.astype(float)))
tall = normal(9, 4)
put("linear.tall", tall)
put("linear.singularValues", np.linalg.svd(tall.astype(float), compute_uv=False))
put("linear.rhs", normal(9, 3))
put("linear.leastSquares", np.linalg.lstsq(tall.astype(float), tensors["linear.rhs"].astype(float), rcond=None)[0])

path = GOLDEN / "operations.safetensors"
save(path, tensors)
manifest = {
    "generator": "generate_operations.py", "seed": SEED, "numpy": np.__version__,
    "torch": torch.__version__,
    "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
}
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
