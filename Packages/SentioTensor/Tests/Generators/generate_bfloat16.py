"""Makes the golden file of layers in bfloat16 from PyTorch.

Inputs are numbers that bfloat16 holds. Of each case: the inputs, and PyTorch's result and gradients, once in
bfloat16 (`.out`, `.gradient.N`) and once in double precision (`.exact`, `.exact.gradient.N`).

Run in an environment with numpy and torch:
    python Tests/Generators/generate_bfloat16.py
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Compute"
cases = Cases(seed=20261123)


def normal(*shape, scale=1.0):
    return (torch.from_numpy(cases.normal(*shape)) * scale).bfloat16()


def both(name, inputs, function):
    """The same function in the two types, on the same numbers."""
    arriving = None
    for kind, suffix in ((torch.double, ".exact"), (torch.bfloat16, "")):
        leaves = [x.to(kind, copy=True).requires_grad_() for x in inputs]
        out = function(*leaves)
        if arriving is None:
            arriving = normal(*out.shape)
        gradients = torch.autograd.grad(out, leaves, arriving.to(kind))
        cases.put(f"{name}{suffix or '.out'}", out.detach().float().numpy())
        for i, g in enumerate(gradients):
            cases.put(f"{name}{suffix}.gradient.{i}", g.float().numpy())
    for i, x in enumerate(inputs):
        cases.put(f"{name}.{i}", x.float().numpy())
    cases.put(f"{name}.arriving", arriving.float().numpy())


def activation(name):
    return {"identity": lambda t: t, "relu": F.relu, "gelu": F.gelu, "silu": F.silu}[name]


both("matmul", [normal(3, 17, 40), normal(3, 40, 11)], torch.matmul)
for name in ("identity", "relu", "gelu", "silu"):
    both(f"linear.{name}", [normal(2, 13, 48), normal(23, 48, scale=0.15), normal(23)],
         lambda x, w, b: activation(name)(F.linear(x, w, b)))
both("feedForward.gelu",
     [normal(17, 32), normal(80, 32, scale=0.18), normal(80), normal(20, 80, scale=0.1), normal(20), normal(17, 20)],
     lambda x, w1, b1, w2, b2, r: F.linear(F.gelu(F.linear(x, w1, b1)), w2, b2) + r)

cases.write(GOLDEN, "generate_bfloat16.py", lambda first: "bfloat16")
