"""Makes the golden files of the layers from torch.nn, in double precision.

Run in an environment with numpy, torch and safetensors:
    python Tests/Generators/generate_layers.py
Of each case: the module's state `.state.KEY`, the inputs `.0`, `.1`, …, the output `.out`, the gradient that arrives
at it `.arriving`, the gradients of the inputs `.d.0`, …, those of the parameters `.gradient.KEY`, and, of a module in
training, the buffers that it leaves `.after.KEY`. The axes of a tensor have extents of their own.
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
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

SEED = 20261121
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioNNTests" / "Golden" / "Layers"
GOLDEN.mkdir(parents=True, exist_ok=True)
torch.manual_seed(SEED)
torch.set_num_threads(1)
files = {}


def case(family, name, module, shapes, call=None, training=False, scale=1.0):
    """Records what a module makes of normal inputs, and all gradients."""
    tensors = files.setdefault(family, {})
    inputs = [torch.randn(*shape) * scale for shape in shapes]
    # Parameters and running statistics off their starts, so that each of them counts.
    for key, value in module.state_dict().items():
        if "running_mean" in key:
            value.copy_(torch.randn_like(value) * 0.3)
        elif "running_var" in key:
            value.copy_(torch.rand_like(value) + 0.5)
        elif value.is_floating_point():
            value.add_(torch.randn_like(value) * 0.1)
    module.train(training)

    def put(key, value):
        array = value.detach().numpy().astype("<f4")
        tensors[f"{name}.{key}"] = np.ascontiguousarray(array).reshape(array.shape)

    for key, value in module.state_dict().items():
        put(f"state.{key}", value)
    module.double()
    leaves = [x.double().requires_grad_() for x in inputs]
    out = (call or (lambda m, *x: m(*x)))(module, *leaves)
    arriving = torch.randn(*out.shape)
    parameters = dict(module.named_parameters())
    gradients = torch.autograd.grad(
        out, leaves + list(parameters.values()), arriving.double(), allow_unused=True)
    for i, x in enumerate(inputs):
        put(str(i), x)
        put(f"d.{i}", gradients[i])
    for (key, parameter), gradient in zip(parameters.items(), gradients[len(leaves):]):
        put(f"gradient.{key}", torch.zeros_like(parameter) if gradient is None else gradient)
    put("arriving", arriving)
    put("out", out)
    if training:
        for key, value in module.named_buffers():
            put(f"after.{key}", value)


def sequential(*layers):
    return nn.Sequential(*layers)


# Linear, embeddings, activations, containers
case("basic", "linear", nn.Linear(5, 3), [(2, 4, 5)])
case("basic", "linearGELU", sequential(nn.Linear(5, 3, bias=False), nn.GELU()), [(4, 5)])
case("basic", "prelu", nn.PReLU(3), [(2, 3, 5)])
case("basic", "preluOne", nn.PReLU(), [(2, 3, 5)])
INDICES = torch.tensor([[3, 0, 1], [5, 5, 0]])


class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(7, 4, padding_idx=0)

    def forward(self, x):
        return self.table(INDICES) * x


case("basic", "embedding", Table(), [(2, 3, 4)])
case("basic", "mlp", sequential(nn.Linear(6, 5), nn.ReLU(), nn.BatchNorm1d(5), nn.Linear(5, 2)), [(9, 6)], training=True)
for name, activation in {
        "leakyReLU": nn.LeakyReLU(0.3), "elu": nn.ELU(0.7), "softplus": nn.Softplus(), "relu6": nn.ReLU6(),
        "hardSwish": nn.Hardswish(), "softmax": nn.Softmax(1), "logSoftmax": nn.LogSoftmax(-1)}.items():
    case("basic", f"activation.{name}", activation, [(3, 5, 4)], scale=3)

# Normalization
case("normalization", "layerNorm", nn.LayerNorm(7), [(2, 3, 7)])
case("normalization", "layerNormEpsilon", nn.LayerNorm(7, eps=1e-3, bias=False), [(3, 7)])
case("normalization", "groupNorm", nn.GroupNorm(3, 6), [(2, 6, 5)])
case("normalization", "batchNorm1D", nn.BatchNorm1d(4), [(3, 4, 5)], training=True)
case("normalization", "batchNorm1DRows", nn.BatchNorm1d(4, momentum=0.3, eps=1e-3), [(6, 4)], training=True)
case("normalization", "batchNorm2D", nn.BatchNorm2d(3), [(2, 3, 4, 5)], training=True)
case("normalization", "batchNormInference", nn.BatchNorm2d(3), [(2, 3, 4, 5)])
case("normalization", "batchNormPlain", nn.BatchNorm1d(4, affine=False), [(3, 4, 5)], training=True)

# Convolution, transposed convolution and pooling
case("convolution", "conv1D", nn.Conv1d(4, 6, 3, stride=2, dilation=2, groups=2, padding=3), [(2, 4, 11)])
case("convolution", "conv1DSame", nn.Conv1d(3, 5, 4, padding="same", bias=False), [(2, 3, 9)])
case("convolution", "conv1DReLU", sequential(nn.Conv1d(3, 5, 3), nn.ReLU()), [(2, 3, 8)])
case("convolution", "conv1DCausal", sequential(nn.ConstantPad1d((4, 0), 0.0), nn.Conv1d(3, 5, 3, dilation=2)), [(2, 3, 8)])
case("convolution", "conv1DSameStride", sequential(nn.ConstantPad1d((0, 1), 0.0), nn.Conv1d(3, 5, 3, stride=2)), [(2, 3, 8)])
case("convolution", "conv2D", nn.Conv2d(3, 4, (3, 2), stride=(2, 1), dilation=(1, 2), padding=(1, 2)), [(2, 3, 7, 6)])
case("convolution", "depthwise2D", nn.Conv2d(3, 6, 3, groups=3, padding=1), [(2, 3, 5, 4)])


class Separable(nn.Module):
    def __init__(self):
        super().__init__()
        self.depthwise = nn.Conv1d(3, 6, 3, groups=3, padding="same", bias=False)
        self.pointwise = nn.Conv1d(6, 5, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


case("convolution", "separable1D", Separable(), [(2, 3, 7)])


class MultiScale(nn.ModuleList):
    def forward(self, x):
        return torch.cat([layer(x).relu() for layer in self], 1)


case("convolution", "multiScale", MultiScale([nn.Conv1d(4, 3, k, padding="same") for k in (3, 5, 7)]), [(2, 4, 10)])
case("spatial", "transposed1D", nn.ConvTranspose1d(4, 6, 4, stride=3, padding=1, output_padding=1, groups=2), [(2, 4, 5)])
case("spatial", "transposed2D", nn.ConvTranspose2d(3, 2, 4, stride=2, padding=1), [(2, 3, 4, 5)])


class Patches(nn.Module):
    def __init__(self):
        super().__init__()
        self.projection = nn.Conv2d(2, 5, (3, 2), stride=(2, 2))

    def forward(self, x):
        return self.projection(x).flatten(2).transpose(1, 2)


case("convolution", "patches", Patches(), [(2, 2, 7, 6)])
case("spatial", "maxPool1D", nn.MaxPool1d(3, stride=2, padding=1), [(2, 3, 9)])
case("spatial", "averagePool1D", nn.AvgPool1d(3, padding=1), [(2, 3, 9)])
case("spatial", "maxPool2D", nn.MaxPool2d((2, 3), ceil_mode=True), [(2, 3, 5, 7)])
case("spatial", "averagePool2D", nn.AvgPool2d(2, padding=1, count_include_pad=False), [(2, 3, 5, 7)])
case("spatial", "adaptivePool2D", nn.AdaptiveAvgPool2d((2, 3)), [(2, 3, 5, 7)])
case("spatial", "adaptivePool1D", nn.AdaptiveMaxPool1d(2), [(2, 3, 5)])
case("spatial", "globalAverage", sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), [(2, 3, 5, 4)])
case("spatial", "globalMaximum", sequential(nn.AdaptiveMaxPool1d(1), nn.Flatten()), [(2, 3, 5)])

# Recurrent layers
LENGTHS = [5, 2, 7]


def first(module, x):
    return module(x)[0]


def last(module, x):
    return torch.cat(list(module(x)[1][0][-2:]), 1)


def packed(module, x):
    sequence = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    return pad_packed_sequence(module(sequence)[0], batch_first=True, total_length=x.shape[1])[0]


case("recurrent", "rnn", nn.RNN(4, 5, num_layers=2, batch_first=True, nonlinearity="relu"), [(2, 6, 4)], first)
case("recurrent", "lstm", nn.LSTM(4, 5, num_layers=2, bidirectional=True, batch_first=True), [(2, 6, 4)], first)
case("recurrent", "lstmLast", nn.LSTM(4, 5, bidirectional=True, batch_first=True), [(2, 6, 4)], last)
case("recurrent", "lstmPacked", nn.LSTM(4, 5, num_layers=2, bidirectional=True, batch_first=True), [(3, 7, 4)], packed)
case("recurrent", "gru", nn.GRU(4, 5, bidirectional=True, batch_first=True), [(2, 6, 4)], first)
case("recurrent", "gruNoBias", nn.GRU(4, 5, bias=False, batch_first=True), [(2, 6, 4)], first)

# Attention
PADDING = torch.tensor([[False] * 5, [False, False, False, True, True]])
case("attention", "self", nn.MultiheadAttention(6, 3, batch_first=True), [(2, 5, 6)], lambda m, x: m(x, x, x)[0])
case("attention", "causal", nn.MultiheadAttention(6, 3, batch_first=True, bias=False), [(2, 5, 6)],
     lambda m, x: m(x, x, x, attn_mask=torch.triu(torch.ones(5, 5, dtype=torch.bool), 1))[0])
case("attention", "cross", nn.MultiheadAttention(6, 2, batch_first=True), [(2, 4, 6), (2, 5, 6)],
     lambda m, q, k: m(q, k, k, key_padding_mask=PADDING)[0])
case("attention", "map", nn.MultiheadAttention(6, 2, batch_first=True), [(2, 4, 6), (2, 5, 6)],
     lambda m, q, k: m(q, k, k, key_padding_mask=PADDING, average_attn_weights=False)[1])


class Additive(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(4, 7, bias=False)
        self.key = nn.Linear(6, 7)
        self.score = nn.Linear(7, 1, bias=False)

    def forward(self, q, k):
        scores = self.score(torch.tanh(self.query(q)[:, :, None] + self.key(k)[:, None]))[..., 0]
        return scores.masked_fill(PADDING[:, None], -torch.inf).softmax(-1) @ k


case("attention", "additive", Additive(), [(2, 3, 4), (2, 5, 6)])


class Pooling(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(6, 7)
        self.score = nn.Linear(7, 1, bias=False)

    def forward(self, x):
        scores = self.score(torch.tanh(self.hidden(x)))[..., 0]
        return (scores.masked_fill(PADDING, -torch.inf).softmax(-1)[..., None] * x).sum(1)


case("attention", "pooling", Pooling(), [(2, 5, 6)])

manifest = {
    "generator": "Tests/Generators/generate_layers.py", "seed": SEED,
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__,
                 "safetensors": safetensors.__version__},
    "files": {},
}
for family, tensors in sorted(files.items()):
    path = GOLDEN / f"{family}.safetensors"
    safetensors.numpy.save_file(tensors, path)
    manifest["files"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")
