"""Makes the golden file of the convolutional recurrent networks from torch.nn, in double precision.

Run in an environment with numpy, torch and safetensors:
    python Tests/Generators/generate_crnn.py
Of each case: the module's state `.state.KEY`, the input `.x`, the output `.out`, the gradient that arrives at it
`.arriving`, the gradient of the input `.d`, those of the parameters `.gradient.KEY`, and, in training, the buffers that
the step leaves `.after.KEY`. A case with lengths has `.lengths`, and each of its sequences is computed alone. The axes of
a tensor have extents of their own.
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
from torch.nn import functional as F

SEED = 20261121
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioModelsTests" / "Golden" / "Recurrent"
GOLDEN.mkdir(parents=True, exist_ok=True)
torch.manual_seed(SEED)
torch.set_num_threads(1)
tensors = {}


class Block(nn.Module):
    def __init__(self, channels, filters, pool):
        super().__init__()
        self.conv = nn.Conv1d(channels, filters, 3, padding=1)
        self.norm = nn.BatchNorm1d(filters)
        self.pool = pool

    def forward(self, x):
        return F.max_pool1d(F.relu(self.norm(self.conv(x))), self.pool)


class CRNN(nn.Module):
    """5 features, filters 3, 4, 6, units 3 and 2, dense 7; no dropout, which draws other numbers."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(5, 3, 2), Block(3, 4, 2), Block(4, 6, 1)])
        self.lstm1 = nn.LSTM(6, 3, batch_first=True, bidirectional=True)
        self.lstm2 = nn.LSTM(6, 2, batch_first=True, bidirectional=True)
        self.dense, self.head = nn.Linear(4, 7), nn.Linear(7, 2)

    def forward(self, x):
        x = x.transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        x, _ = self.lstm1(x.transpose(1, 2))
        _, (h, _) = self.lstm2(x)
        return torch.tanh(self.head(F.relu(self.dense(torch.cat([h[0], h[1]], 1)))))


class SpectrogramCRNN(nn.Module):
    """7 mel bands, filters 3, 4, 5, units 3 and 2, dense 6."""

    def __init__(self):
        super().__init__()
        self.conv = nn.ModuleList([nn.Conv1d(7, 3, 3), nn.Conv1d(3, 4, 3), nn.Conv1d(4, 5, 3)])
        self.lstm1 = nn.LSTM(5, 3, batch_first=True, bidirectional=True)
        self.lstm2 = nn.LSTM(6, 2, batch_first=True, bidirectional=True)
        self.dense, self.head = nn.Linear(4, 6), nn.Linear(6, 2)

    def forward(self, x):
        for convolution in self.conv:
            x = F.max_pool1d(F.relu(convolution(x)), 2)
        x, _ = self.lstm1(x.transpose(1, 2))
        _, (h, _) = self.lstm2(x)
        return torch.tanh(self.head(F.relu(self.dense(torch.cat([h[0], h[1]], 1)))))


class GenreCNN(nn.Module):
    """Segments of 22 x 13, filters 2, 3, 4, dense 5, 6 genres; Keras's `same` pooling is spelled out."""

    def __init__(self):
        super().__init__()
        self.conv = nn.ModuleList([nn.Conv2d(1, 2, 3), nn.Conv2d(2, 3, 3), nn.Conv2d(3, 4, 2)])
        self.dense, self.head = nn.Linear(3 * 1 * 4, 5), nn.Linear(5, 6)

    @staticmethod
    def pool(x):
        sides = []
        for extent in (x.shape[3], x.shape[2]):
            missing = max(0, (-(-extent // 2) - 1) * 2 + 3 - extent)
            sides += [missing // 2, missing - missing // 2]
        return F.max_pool2d(F.pad(x, sides, value=-torch.inf), 3, 2)

    def forward(self, x):
        x = x.unsqueeze(1)
        x = self.pool(F.relu(self.conv[0](x)))
        x = self.pool(F.relu(self.conv[1](x)))
        x = F.relu(self.conv[2](x)).permute(0, 2, 3, 1).flatten(1)
        return self.head(F.relu(self.dense(x)))


def case(name, module, shape, training=False, lengths=None):
    x = torch.randn(*shape)
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
    leaf = x.double().requires_grad_()
    if lengths is None:
        out = module(leaf)
    else:
        out = torch.cat([module(leaf[i:i + 1, :length]) for i, length in enumerate(lengths)])
        put("lengths", torch.tensor(lengths))
    arriving = torch.randn(*out.shape)
    parameters = dict(module.named_parameters())
    gradients = torch.autograd.grad(out, [leaf] + list(parameters.values()), arriving.double())
    put("x", x)
    put("d", gradients[0])
    for (key, _), gradient in zip(parameters.items(), gradients[1:]):
        put(f"gradient.{key}", gradient)
    put("arriving", arriving)
    put("out", out)
    if training:
        for key, value in module.named_buffers():
            put(f"after.{key}", value)


case("crnn", CRNN(), (3, 16, 5))
case("crnnTraining", CRNN(), (4, 18, 5), training=True)
case("crnnLengths", CRNN(), (3, 16, 5), lengths=[8, 16, 4])
case("spectrogram", SpectrogramCRNN(), (3, 7, 41))
case("genreCNN", GenreCNN(), (4, 22, 13))

path = GOLDEN / "recurrent.safetensors"
safetensors.numpy.save_file(tensors, path)
manifest = {
    "generator": "Tests/Generators/generate_crnn.py",
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
print({k: v.shape for k, v in tensors.items() if k.startswith("genreCNN")}, path.stat().st_size)
