"""Makes the golden files of batch, group and instance normalization from PyTorch and Keras.

Run in an environment with numpy, torch and keras:
    python Tests/Generators/generate_normalization.py
"""
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch
import torch.nn.functional as F

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Normalization"
cases = Cases(seed=20261122)
normal, positive, case, put = cases.normal, cases.positive, cases.case, cases.put

# Channels of few places and of many, some of them more than a chunk of the kernels.
shapes = {"vectors": (9, 5), "one": (6, 1), "short": (4, 3, 7), "strip": (3, 70, 5), "edge": (2, 3, 63),
          "plane": (3, 5, 8, 11), "chunks": (1, 3, 2100)}
for name, shape in shapes.items():
    channels = shape[1]
    spread = positive(*([1, channels] + [1] * (len(shape) - 2)))
    # Means far from 0 beside the deviation: a sum of squares alone would lose the variance.
    x = (normal(*shape) * spread + 5 * spread).astype(np.float32)
    gain, offset = positive(channels), normal(channels)
    mean, variance = normal(channels), positive(channels)
    small = len(shape) < 3 or shape[2] < 100
    case(f"batch.{name}", [x, gain, offset], lambda t, g, o: F.batch_norm(t, None, None, g, o, training=True))
    if small:
        m, v = torch.from_numpy(mean).double(), torch.from_numpy(variance).double()
        put(f"learned.{name}.mean", mean)
        put(f"learned.{name}.variance", variance)
        case(f"learned.{name}", [x, gain, offset], lambda t, g, o: F.batch_norm(t, m, v, g, o, eps=1e-3))
plain = normal(4, 3, 5)
case("batch.plain", [plain], lambda t: F.batch_norm(t, None, None, training=True))
case("batch.gain", [plain, positive(3)], lambda t, g: F.batch_norm(t, None, None, g, training=True))
case("batch.offset", [plain, normal(3)], lambda t, o: F.batch_norm(t, None, None, None, o, training=True))

for name, shape, groups in [("two", (3, 6, 4, 5), 2), ("one", (2, 5, 7), 1), ("all", (3, 4, 9), 4),
                            ("vectors", (5, 12), 3), ("chunks", (1, 4, 1100), 2)]:
    x = normal(*shape) * 2 + 3
    case(f"group.{name}.{groups}", [x, positive(shape[1]), normal(shape[1])],
         lambda t, g, o: F.group_norm(t, groups, g, o))
case("group.plain.3", [normal(2, 6, 5)], lambda t: F.group_norm(t, 3))
case("instance.planes", [normal(3, 4, 5, 6), positive(4), normal(4)],
     lambda t, g, o: F.instance_norm(t, weight=g, bias=o))

# What the two libraries have learned after three batches of unequal sizes.
batches = [normal(n, 3, 5) * 2 + 1 for n in (4, 2, 7)]
layer = torch.nn.BatchNorm1d(3, momentum=0.3, dtype=torch.float64)
other = keras.layers.BatchNormalization(axis=1, momentum=0.7, dtype="float64")
for i, batch in enumerate(batches):
    put(f"running.batch.{i}", batch)
    layer(torch.from_numpy(batch).double())
    other(torch.from_numpy(batch).double(), training=True)
put("running.pyTorch.mean", layer.running_mean.numpy())
put("running.pyTorch.variance", layer.running_var.numpy())
put("running.keras.mean", other.moving_mean.value.detach().numpy())
put("running.keras.variance", other.moving_variance.value.detach().numpy())

cases.write(GOLDEN, "generate_normalization.py",
            lambda first: "channels" if first in ("batch", "learned", "running") else "groups", keras=keras.__version__)
