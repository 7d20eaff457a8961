"""Makes the golden file of what PyTorch does with NaN and infinities, values and gradients.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_non_finite.py
Where Sentio deliberately does otherwise, NonFiniteTests.swift says what and the case is left out here.
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "NonFinite"
cases = Cases(seed=20261124)
normal, case = cases.normal, cases.case
nan, inf = np.nan, np.inf

rows = {"nan": [1, nan, 2, 0.5], "up": [1, inf, 2, 0.5], "down": [1, -inf, 2, 0.5], "both": [inf, 1, -inf, 0.5],
        "ups": [inf, inf, 1, 0.5], "downs": [-inf, -inf, -inf, -inf], "nanUp": [inf, 1, nan, 0.5]}
for name, row in rows.items():
    x = np.array([row, [3, -1, 0.25, 2]], np.float32)
    case(f"sum.{name}", [x], lambda t: t.sum(1))
    case(f"mean.{name}", [x], lambda t: t.mean(1))
    case(f"variance.{name}", [x], lambda t: t.var(1, correction=0))
    case(f"max.{name}", [x], lambda t: t.amax(1))
    case(f"min.{name}", [x], lambda t: t.amin(1))
    case(f"logSumExp.{name}", [x], lambda t: t.logsumexp(1))
    case(f"norm.{name}", [x], lambda t: torch.linalg.vector_norm(t, dim=1))
    case(f"softmax.{name}", [x], lambda t: torch.softmax(t, 1))
    case(f"logSoftmax.{name}", [x], lambda t: torch.log_softmax(t, 1))
    case(f"cumulativeSum.{name}", [x], lambda t: t.cumsum(1))
    case(f"sorted.{name}", [x], lambda t: t.sort(dim=1, stable=True).values)
    if not name.endswith("s"):  # of equals PyTorch takes any
        case(f"top.{name}", [x], lambda t: t.topk(2, 1).values)
    case(f"gathered.{name}", [x], lambda t: t.index_select(1, torch.tensor([1, 1, 0])))
    case(f"padded.{name}", [x], lambda t: F.pad(t, (1, 0)))
    case(f"concatenate.{name}", [x, normal(2, 3)], lambda a, b: torch.cat([a, b], 1))
    other = normal(2, 4)
    case(f"add.{name}", [x, other], torch.add)
    case(f"subtract.{name}", [x, other], torch.sub)
    case(f"multiply.{name}", [x, other], torch.mul)
    case(f"divide.{name}", [x, other], torch.div)
    case(f"divideBy.{name}", [other, x], torch.div)
    case(f"select.{name}", [x, other], lambda a, b: torch.where(a > 0.25, a, b))
    case(f"matmul.{name}", [x, normal(4, 3)], torch.matmul)
    case(f"linear.{name}", [x, normal(3, 4), normal(3)], lambda a, w, b: F.linear(a, w, b))
    case(f"layerNorm.{name}", [x, normal(4), normal(4)], lambda t, g, o: F.layer_norm(t, [4], g, o))
    case(f"group.{name}", [x], lambda t: F.group_norm(t, 2))
    case(f"embedding.{name}", [x], lambda t: F.embedding(torch.tensor([0, 1, 0]), t))
    for reduction in ("mean", "sum"):
        case(f"mse.{name}.{reduction}", [x, other], lambda p, t: F.mse_loss(p, t, reduction=reduction))
        if "nan" not in name:  # whose gradient is 0 there
            case(f"mae.{name}.{reduction}", [x, other], lambda p, t: F.l1_loss(p, t, reduction=reduction))
        case(f"huber.{name}.{reduction}", [x, other], lambda p, t: F.huber_loss(p, t, reduction=reduction))
        unit = 1 / (1 + np.exp(-other))
        if name not in ("down", "downs", "both"):  # NaN for -infinity
            case(f"bce.{name}.{reduction}", [x, unit],
                 lambda p, t: F.binary_cross_entropy_with_logits(p, t, reduction=reduction))
        case(f"crossEntropy.{name}.{reduction}", [x],
             lambda p: F.cross_entropy(p, torch.tensor([0, 2]), reduction=reduction))

cases.write(GOLDEN, "generate_non_finite.py", lambda first: "cases")
