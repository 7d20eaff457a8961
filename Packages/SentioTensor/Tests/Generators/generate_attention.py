"""Makes the golden files of attention from PyTorch, in double precision.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_attention.py
attention.safetensors, sequences.safetensors: of each case query, key, value, where there are any mask (1 lets a pair count) and bias, the
result .out, the gradient that arrives at it .arriving, and the gradients .gradient.query and so on. Heads that lie
side by side are in .qkv instead.
block.safetensors: a block of a transformer (norm before attention and before the perceptron), its weights, its
gradients at the start, and the losses of ten steps of gradient descent with momentum.
"""
import hashlib
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from safetensors_format import save

SEED = 20261121
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Attention"
GOLDEN.mkdir(exist_ok=True)
rng = np.random.default_rng(SEED)
tensors = {}


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def put(key, value):
    tensors[key] = np.asarray(value, dtype="<f4", order="C")


def differentiated(name, inputs, function):
    leaves = {key: torch.from_numpy(value).double().requires_grad_() for key, value in inputs.items()}
    out = function(**leaves)
    arriving = normal(*out.shape)
    gradients = torch.autograd.grad(out, list(leaves.values()), torch.from_numpy(arriving).double())
    for (key, value), gradient in zip(inputs.items(), gradients):
        put(f"{name}.{key}", value)
        put(f"{name}.gradient.{key}", gradient.numpy())
    put(f"{name}.arriving", arriving)
    put(f"{name}.out", out.detach().numpy())


def case(name, batch, length, keys, depth, value_depth=None, mask=None, bias=None, **options):
    inputs = {
        "query": normal(*batch, length, depth), "key": normal(*batch, keys, depth),
        "value": normal(*batch, keys, value_depth or depth),
    }
    if bias is not None:
        inputs["bias"] = bias
    allowed = None
    if mask is not None:
        put(f"{name}.mask", mask)
        allowed = torch.from_numpy(mask != 0)

    def attention(query, key, value, bias=None):
        if bias is None:
            return F.scaled_dot_product_attention(query, key, value, attn_mask=allowed, **options)
        added = bias if allowed is None else bias.masked_fill(~allowed, -math.inf)
        return F.scaled_dot_product_attention(query, key, value, attn_mask=added, **options)

    differentiated(name, inputs, attention)


def some(*shape):
    """A mask that leaves the first key to everyone."""
    mask = (rng.random(shape) < 0.6).astype(np.float32)
    mask[..., 0] = 1
    return mask


case("plain", (2, 3), 7, 11, 20, 13)
case("vectors", (2,), 17, 19, 16, 32)
case("matrix", (), 5, 9, 4)
case("oneQuery", (3, 2), 1, 37, 8)
case("oneKey", (3, 2), 5, 1, 8)
case("oneFeature", (2, 3), 6, 5, 1, 4)
case("scaled", (2, 3), 7, 11, 20, scale=0.7)
case("causal", (2, 3), 13, 13, 6, is_causal=True)
case("causal.wide", (2, 3), 7, 18, 6, 5, is_causal=True)
case("causal.tall", (2, 3), 18, 7, 6, 5, is_causal=True)
case("mask.pairs", (2, 3), 7, 11, 5, mask=some(2, 1, 7, 11))
case("mask.rows", (2, 3), 7, 11, 5, mask=some(7, 11))
case("mask.keys", (2, 3), 7, 11, 5, mask=some(2, 1, 1, 11))
case("bias.full", (2, 3), 7, 11, 5, bias=normal(2, 3, 7, 11))
case("bias.heads", (2, 3), 7, 11, 5, bias=normal(3, 7, 11))
case("bias.keys", (2, 3), 7, 11, 5, bias=normal(2, 1, 1, 11))
case("bias.rows", (2, 3), 7, 11, 5, bias=normal(3, 7, 1))
case("bias.mask", (2, 3), 7, 11, 5, bias=normal(3, 7, 11), mask=some(2, 1, 7, 11))
# Several blocks of queries and of keys, and what is left of them.
case("long", (1,), 61, 277, 12, 7)
case("long.causal", (1,), 101, 270, 5, 3, is_causal=True)
case("long.mask", (1,), 50, 300, 4, mask=some(1, 1, 300))


def heads(name, sequences, tokens, count, depth, **options):
    def attention(qkv):
        parts = qkv.reshape(sequences, tokens, 3, count, depth).permute(2, 0, 3, 1, 4)
        out = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], **options)
        return out.transpose(1, 2).reshape(sequences, tokens, count * depth)

    differentiated(name, {"qkv": normal(sequences, tokens, 3 * count * depth)}, attention)


heads("heads", 2, 19, 3, 10)
heads("heads.causal", 2, 19, 3, 16, is_causal=True)
for name, is_large in (("attention", False), ("sequences", True)):
    save(GOLDEN / f"{name}.safetensors",
         {key: value for key, value in tensors.items() if key.startswith(("long", "heads", "vectors")) == is_large})

tensors = {}
N, L, FEATURES, HEADS, HIDDEN, STEPS, RATE, MOMENTUM = 3, 11, 12, 2, 30, 10, 0.05, 0.9
shapes = {
    "norm1.gain": (FEATURES,), "norm1.offset": (FEATURES,), "qkv.weight": (3 * FEATURES, FEATURES),
    "qkv.bias": (3 * FEATURES,), "out.weight": (FEATURES, FEATURES), "out.bias": (FEATURES,),
    "norm2.gain": (FEATURES,), "norm2.offset": (FEATURES,), "up.weight": (HIDDEN, FEATURES), "up.bias": (HIDDEN,),
    "down.weight": (FEATURES, HIDDEN), "down.bias": (FEATURES,),
}
start = {key: normal(*shape) * 0.4 + (1 if key.endswith("gain") else 0) for key, shape in shapes.items()}
x, target = normal(N, L, FEATURES), normal(N, L, FEATURES)
present = np.ones((N, L), np.float32)
present[1, 8:] = 0
present[2, 5:] = 0


def block(p, x):
    h = F.layer_norm(x, [FEATURES], p["norm1.gain"], p["norm1.offset"])
    parts = F.linear(h, p["qkv.weight"], p["qkv.bias"]).reshape(N, L, 3, HEADS, FEATURES // HEADS)
    parts = parts.permute(2, 0, 3, 1, 4)
    mask = torch.from_numpy(present != 0).reshape(N, 1, 1, L)
    h = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=mask)
    x = x + F.linear(h.transpose(1, 2).reshape(N, L, FEATURES), p["out.weight"], p["out.bias"])
    h = F.layer_norm(x, [FEATURES], p["norm2.gain"], p["norm2.offset"])
    return x + F.linear(F.gelu(F.linear(h, p["up.weight"], p["up.bias"])), p["down.weight"], p["down.bias"])


parameters = {key: torch.from_numpy(value.astype(np.float32)).double().requires_grad_() for key, value in start.items()}
optimizer = torch.optim.SGD(parameters.values(), lr=RATE, momentum=MOMENTUM)
inputs, targets = torch.from_numpy(x).double(), torch.from_numpy(target).double()
losses = []
for step in range(STEPS):
    optimizer.zero_grad()
    loss = F.mse_loss(block(parameters, inputs), targets)
    loss.backward()
    losses.append(loss.item())
    if step == 0:
        for key, value in parameters.items():
            put(f"weight.{key}", value.detach().numpy())
            put(f"gradient.{key}", value.grad.numpy())
    optimizer.step()
for key, value in parameters.items():
    put(f"trained.{key}", value.detach().numpy())
put("x", x)
put("target", target)
put("present", present)
put("losses", losses)
save(GOLDEN / "block.safetensors", tensors)

manifest = {
    "generator": "generate_attention.py", "seed": SEED, "numpy": np.__version__, "torch": torch.__version__,
    "sha256": {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(GOLDEN.glob("*.safetensors"))
    },
}
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
