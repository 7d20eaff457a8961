"""Makes the golden files of optimizers and schedules by PyTorch.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_training.py
Optimizers: a network 5 → 7 → 3 with tanh learns 13 samples by mean squared error for 50 steps, under every rule,
decay and bound, in double precision, so that only our own roundings count. Of each case the losses before every step and the weights after steps 1, 10 and 50.
Schedules: the rate of each of 60 steps.
"""
import hashlib
import json
import pathlib

import numpy as np
import torch
from torch import nn
from torch.optim import lr_scheduler as lrs

SEED = 20261121
STEPS = 50
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioNNTests" / "Golden" / "Training"
GOLDEN.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(SEED)


def save(tensors, path):
    """Writes a safetensors file of single precision; a format of a dozen lines needs no library."""
    header, offset, data = {}, 0, b""
    for name in sorted(tensors):
        raw = np.ascontiguousarray(tensors[name], dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(np.shape(tensors[name])),
                        "data_offsets": [offset, offset + len(raw)]}
        offset, data = offset + len(raw), data + raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def normal(*shape, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


start = {"first.weight": normal(7, 5, scale=.6), "first.bias": normal(7, scale=.1),
         "second.weight": normal(3, 7, scale=.6), "second.bias": normal(3, scale=.1)}
x, y = normal(13, 5), np.tanh(normal(13, 3)) * 2
tensors = {"x": x, "y": y, **{f"start.{k}": v for k, v in start.items()}}


def network():
    weights = {k: nn.Parameter(torch.from_numpy(v.copy()).double()) for k, v in start.items()}

    def loss():
        h = torch.tanh(nn.functional.linear(torch.from_numpy(x).double(), weights["first.weight"], weights["first.bias"]))
        out = nn.functional.linear(h, weights["second.weight"], weights["second.bias"])
        return nn.functional.mse_loss(out, torch.from_numpy(y).double())
    return weights, loss


def case(name, make, clip=None, scheduler=None, average=None):
    weights, loss = network()
    optimizer = make(weights)
    schedule = scheduler(optimizer) if scheduler else None
    mean = None
    losses = []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        value = loss()
        value.backward()
        losses.append(value.item())
        if clip:
            clip(list(weights.values()))
        optimizer.step()
        if schedule:
            schedule.step()
        if average is not None:
            mean = {k: v.detach().clone() if mean is None else mean[k] + (1 - average) * (v.detach() - mean[k])
                    for k, v in weights.items()}
        if step in (1, 10, STEPS):
            for k, v in weights.items():
                tensors[f"{name}.{step}.{k}"] = v.detach().numpy().copy()
    tensors[f"{name}.losses"] = np.array(losses)
    if mean is not None:
        for k, v in mean.items():
            tensors[f"{name}.average.{k}"] = v.numpy()


def plain(kind, **settings):
    return lambda weights: kind(list(weights.values()), **settings)


def grouped(weights):
    return torch.optim.AdamW([
        {"params": [weights["first.weight"]], "lr": .002, "weight_decay": .1},
        {"params": [weights["second.weight"]], "weight_decay": .3},
        {"params": [weights["first.bias"]], "lr": .002, "weight_decay": 0.},
        {"params": [weights["second.bias"]], "weight_decay": 0.}], lr=.02)


sgd, rms, adam, adamw = torch.optim.SGD, torch.optim.RMSprop, torch.optim.Adam, torch.optim.AdamW
case("sgd", plain(sgd, lr=.1))
case("sgd.momentum", plain(sgd, lr=.05, momentum=.9))
case("sgd.nesterov", plain(sgd, lr=.05, momentum=.8, nesterov=True))
case("sgd.coupled", plain(sgd, lr=.05, momentum=.9, weight_decay=.1))
case("rmsprop", plain(rms, lr=.003))
case("rmsprop.momentum", plain(rms, lr=.003, alpha=.9, momentum=.7))
case("rmsprop.centered", plain(rms, lr=.003, alpha=.95, eps=1e-3, momentum=.5, centered=True, weight_decay=.05))
case("adam", plain(adam, lr=.02))
case("adam.coupled", plain(adam, lr=.02, betas=(.8, .99), eps=1e-6, weight_decay=.1))
case("adam.amsgrad", plain(adam, lr=.03, betas=(.9, .9), amsgrad=True))
case("adamw", plain(adamw, lr=.02, weight_decay=.2))
case("adamw.amsgrad", plain(adamw, lr=.02, weight_decay=.2, amsgrad=True))
case("adamw.groups", grouped)
case("adamw.cosine", plain(adamw, lr=.03, weight_decay=.2),
     scheduler=lambda o: lrs.SequentialLR(o, [lrs.LinearLR(o, .1, 1, 8), lrs.CosineAnnealingLR(o, 42, .001)], [8]))
case("adamw.average", plain(adamw, lr=.02, weight_decay=.1), average=.9)
case("sgd.clip-norm", plain(sgd, lr=.2, momentum=.5), clip=lambda p: nn.utils.clip_grad_norm_(p, .25))
case("sgd.clip-value", plain(sgd, lr=.2, momentum=.5), clip=lambda p: nn.utils.clip_grad_value_(p, .05))


def rates(name, make, steps=60, values=None):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=.3)
    schedule = make(optimizer)
    list_ = []
    for i in range(steps):
        list_.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step(*([values[i]] if values is not None else []))
    schedules[name] = list_


schedules = {}
rates("constant", lambda o: lrs.ConstantLR(o, 1.0))
rates("step", lambda o: lrs.StepLR(o, 7, .5))
rates("exponential", lambda o: lrs.ExponentialLR(o, .93))
rates("cosine", lambda o: lrs.CosineAnnealingLR(o, 60, .01))
rates("warmup-cosine", lambda o: lrs.SequentialLR(o, [lrs.LinearLR(o, .05, 1, 11), lrs.CosineAnnealingLR(o, 49)], [11]))
rates("warmup-exponential",
      lambda o: lrs.SequentialLR(o, [lrs.LinearLR(o, .25, 1, 5), lrs.ExponentialLR(o, .9)], [5]))
rates("one-cycle", lambda o: lrs.OneCycleLR(o, .3, total_steps=61, cycle_momentum=False))
rates("one-cycle.late", lambda o: lrs.OneCycleLR(
    o, .3, total_steps=61, pct_start=.45, div_factor=10, final_div_factor=100, cycle_momentum=False))
values = [float(v) for v in np.round(np.concatenate(
    [np.linspace(1, .6, 9), np.full(14, .61), np.linspace(.59, .4, 6), np.full(20, .4), .39 + np.zeros(11)]), 6)]
schedules["plateau.values"] = values
rates("plateau", lambda o: lrs.ReduceLROnPlateau(o, factor=.5, patience=4, threshold=1e-2, cooldown=2, min_lr=.03),
      values=values)
rates("plateau.higher", lambda o: lrs.ReduceLROnPlateau(o, mode="max", factor=.5, patience=3, threshold=1e-2),
      values=[1.2 - v for v in values])

save(tensors, GOLDEN / "optimizers.safetensors")
(GOLDEN / "schedules.json").write_text(json.dumps(schedules, indent=0, sort_keys=True) + "\n")
files = ["optimizers.safetensors", "schedules.json"]
manifest = {
    "generator": pathlib.Path(__file__).name, "seed": SEED, "torch": torch.__version__, "numpy": np.__version__,
    "sha256": {f: hashlib.sha256((GOLDEN / f).read_bytes()).hexdigest() for f in files},
}
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
