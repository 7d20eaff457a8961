"""Makes the golden file of the sequence models from torch.nn, in double precision.

Run in an environment with numpy, torch and safetensors:
    python Tests/Generators/generate_sequences.py
Of each case: the module's state `.state.KEY`, the input `.x` with `.lengths`, the targets `.targets` (rows padded with -1)
where there are some, the output `.out`, the gradient that arrives at it `.arriving`, and the gradients of the parameters
`.gradient.KEY`. Each source is computed alone, so that nothing can depend on padding. The axes of a tensor have extents of
their own.
"""
import hashlib
import json
import pathlib
import platform

import numpy as np
import safetensors
import safetensors.numpy
import torch
from torch import nn

SEED = 20261128
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioModelsTests" / "Golden" / "Sequence"
GOLDEN.mkdir(parents=True, exist_ok=True)
torch.manual_seed(SEED)
torch.set_num_threads(1)
tensors = {}


class Attention(nn.Module):
    def __init__(self, query, key, units):
        super().__init__()
        self.query = nn.Linear(query, units, bias=False)
        self.key = nn.Linear(key, units)
        self.score = nn.Linear(units, 1, bias=False)

    def forward(self, queries, keys):
        hidden = torch.tanh(self.query(queries).unsqueeze(2) + self.key(keys).unsqueeze(1))
        return torch.softmax(self.score(hidden).squeeze(3), dim=2) @ keys


class Bridge(nn.Module):
    def __init__(self, units, has_cell):
        super().__init__()
        self.hidden = nn.Linear(2 * units, units)
        if has_cell:
            self.cell = nn.Linear(2 * units, units)


class Translator(nn.Module):
    """An encoder in one or both directions, its states as the decoder's first, and attention of the decoder's new state."""

    def __init__(self, kind, vocabulary, embedding, features, targets, target_embedding, units, layers, both, attention):
        super().__init__()
        self.units, self.layers, self.both, self.targets = units, layers, both, targets
        if vocabulary:
            self.source = nn.Embedding(vocabulary, embedding)
        width = embedding if vocabulary else features
        self.encoder = kind(width, units, num_layers=layers, batch_first=True, bidirectional=both)
        if both:
            self.bridge = nn.ModuleList([Bridge(units, kind is nn.LSTM) for _ in range(layers)])
        self.target = nn.Embedding(targets + 2, target_embedding)
        self.decoder = kind(target_embedding, units, num_layers=layers, batch_first=True)
        if attention:
            outputs = 2 * units if both else units
            self.attention = Attention(units, outputs, attention)
            self.combine = nn.Linear(units + outputs, units)
        self.head = nn.Linear(units, targets + 1)

    def joined(self, states, name):
        """[2·layers, 1, H] to [layers, 1, H]."""
        rows = []
        for layer in range(self.layers):
            both = torch.cat([states[2 * layer], states[2 * layer + 1]], dim=1)
            row = getattr(self.bridge[layer], name)(both)
            rows.append(torch.tanh(row) if name == "hidden" else row)
        return torch.stack(rows)

    def forward(self, x, inputs):
        steps, states = self.encoder(self.source(x) if hasattr(self, "source") else x)
        if self.both:
            states = (
                (self.joined(states[0], "hidden"), self.joined(states[1], "cell"))
                if isinstance(states, tuple)
                else self.joined(states, "hidden")
            )
        hidden, _ = self.decoder(self.target(inputs), states)
        if hasattr(self, "attention"):
            hidden = torch.tanh(self.combine(torch.cat([hidden, self.attention(hidden, steps)], dim=2)))
        return self.head(hidden)


class Residual(nn.Module):
    """Layers whose inputs are added where the features agree, one nn.GRU each, under the keys of a stack of them."""

    def __init__(self, features, units, layers, outputs, labels):
        super().__init__()
        self.recurrent = nn.GRU(features, units, num_layers=layers, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * units, outputs)
        self.features, self.units, self.layers, self.labels = features, units, layers, labels

    def forward(self, x):
        for layer in range(self.layers):
            one = nn.GRU(x.shape[2], self.units, batch_first=True, bidirectional=True).double()
            names = [name for name, _ in self.recurrent.named_parameters() if f"_l{layer}" in name]
            weights = {n.replace(f"_l{layer}", "_l0"): getattr(self.recurrent, n) for n in names}
            y, _ = torch.func.functional_call(one, weights, (x,))
            x = y + x if y.shape == x.shape else y
        if self.labels:
            return self.head(x)
        return self.head(torch.cat([x[:, -1, : self.units], x[:, 0, self.units :]], dim=1))


def put(name, key, value):
    array = value.detach().numpy().astype("<f4")
    tensors[f"{name}.{key}"] = np.ascontiguousarray(array).reshape(array.shape)


def finish(name, module, out):
    arriving = torch.randn(*out.shape)
    parameters = dict(module.named_parameters())
    gradients = torch.autograd.grad(out, list(parameters.values()), arriving.double())
    for key, gradient in zip(parameters, gradients):
        put(name, f"gradient.{key}", gradient)
    put(name, "arriving", arriving)
    put(name, "out", out)


def prepare(name, module):
    for key, value in module.state_dict().items():
        value.add_(torch.randn_like(value) * 0.1)
        put(name, f"state.{key}", value)
    return module.double()


def translation(name, module, x, lengths, targets):
    prepare(name, module)
    longest = max(len(t) for t in targets) + 1
    start, end = module.targets + 1, module.targets
    inputs = torch.tensor([[start] + t + [end] * (longest - 1 - len(t)) for t in targets])
    source = x if x.dtype == torch.long else x.double()
    out = torch.cat([module(source[i : i + 1, :n], inputs[i : i + 1]) for i, n in enumerate(lengths)])
    put(name, "x", x.float())
    put(name, "lengths", torch.tensor(lengths).float())
    put(name, "targets", torch.tensor([t + [-1] * (longest - 1 - len(t)) for t in targets]).float())
    finish(name, module, out)


def plain(name, module, x, lengths):
    prepare(name, module)
    out = [module(x[i : i + 1, :n].double()) for i, n in enumerate(lengths)]
    if module.labels:
        # Steps that do not count have the head's bias.
        longest = x.shape[1]
        out = [
            torch.cat([row, module.head.bias.expand(1, longest - row.shape[1], -1)], dim=1) for row in out
        ]
    put(name, "x", x)
    put(name, "lengths", torch.tensor(lengths).float())
    finish(name, module, torch.cat(out))


translation(
    "attentive",
    Translator(nn.LSTM, 7, 5, 0, 6, 4, 3, 2, True, 8),
    torch.tensor([[3, 0, 6, 2, 5], [1, 4, 0, 0, 0], [6, 6, 2, 1, 0]]), [5, 2, 4],
    [[2, 0], [5, 1, 3, 4], [0]],
)
translation(
    "plain",
    Translator(nn.GRU, 0, 0, 5, 4, 6, 3, 1, False, 0),
    torch.randn(2, 7, 5), [4, 7], [[3, 1, 0], [2]],
)
plain("residualLabels", Residual(6, 3, 3, 4, True), torch.randn(2, 5, 6), [3, 5])
plain("residualLast", Residual(5, 3, 2, 4, False), torch.randn(3, 6, 5), [4, 6, 1])

path = GOLDEN / "sequence.safetensors"
safetensors.numpy.save_file(tensors, path)
manifest = {
    "generator": "Tests/Generators/generate_sequences.py",
    "seed": SEED,
    "versions": {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "safetensors": safetensors.__version__,
    },
    "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
}
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")
print({k: v.shape for k, v in tensors.items() if k.startswith("attentive")}, path.stat().st_size)
