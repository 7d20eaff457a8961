"""Makes the golden file of the conditional GAN from torch.nn, in double precision.

Run in an environment with numpy, torch and safetensors:
    python Tests/Generators/generate_adversarial.py
One batch of training as Sentio defines it: one update of the discriminator, two of the generator, Adam 2e-4 (0.5, 0.999),
gradients clipped to a norm of 1. `before.KEY` and `after.KEY` are the states of both networks, `discriminator.…`,
`generator0.…` and `generator1.…` the losses, logits and gradients of the updates, in their order; `inference.…` the outputs
of both networks in inference before them. `emotions.safetensors` has one update of each network with the terms that make
them heed the emotion: a mismatch of 0.4, a reading of 0.7, an emotion's gain of 3.
"""
import copy
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

SEED = 20261128
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioModelsTests" / "Golden" / "Adversarial"
GOLDEN.mkdir(parents=True, exist_ok=True)
torch.manual_seed(SEED)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
MELS, FRAMES, NOISE, BATCH = 32, 37, 3, 4
GRID = (2, 3)
WIDTHS, FILTERS = [6, 5, 4, 3], [2, 4, 5, 6]
tensors = {}


class Generator(nn.Module):
    def __init__(self, gain=1):
        super().__init__()
        self.gain = gain
        self.linear = nn.Linear(NOISE + 2, WIDTHS[0] * GRID[0] * GRID[1])
        pairs = list(zip(WIDTHS, WIDTHS[1:] + [1]))
        self.upsampling = nn.ModuleList(
            [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=b == 1) for a, b in pairs])
        self.norm = nn.ModuleList([nn.BatchNorm2d(width) for width in WIDTHS[1:]])

    def forward(self, noise, emotions):
        x = self.linear(torch.cat([noise, emotions * self.gain], 1)).reshape(-1, WIDTHS[0], *GRID)
        for convolution, norm in zip(self.upsampling, self.norm):
            x = F.relu(norm(convolution(x)))
        x = torch.tanh(self.upsampling[-1](x))
        before = (x.shape[3] - FRAMES) // 2
        return x[..., before:before + FRAMES]


class Discriminator(nn.Module):
    def __init__(self, reads=False):
        super().__init__()
        pairs = list(zip([3] + FILTERS, FILTERS))
        self.conv = nn.ModuleList([nn.Conv2d(a, b, 4, 2, 1, bias=a == 3) for a, b in pairs])
        self.norm = nn.ModuleList([nn.BatchNorm2d(width) for width in FILTERS[1:]])
        self.head = nn.Linear(FILTERS[-1] * (MELS // 16) * (FRAMES // 16), 1)
        if reads:
            self.emotion = nn.Linear(FILTERS[-1] * (MELS // 16), 2)

    def convolved(self, x, emotions):
        planes = emotions[:, :, None, None].expand(-1, -1, *x.shape[2:])
        x = F.leaky_relu(self.conv[0](torch.cat([x, planes], 1)), 0.2)
        for convolution, norm in zip(self.conv[1:], self.norm):
            x = F.leaky_relu(norm(convolution(x)), 0.2)
        return x

    def forward(self, x, emotions):
        return self.head(self.convolved(x, emotions).flatten(1))

    def reading(self, x, emotions):
        x = self.convolved(x, emotions)
        return self.head(x.flatten(1)), self.emotion(x.mean(3).flatten(1))


def put(key, value):
    array = value.detach().numpy().astype("<f4")
    tensors[key] = np.ascontiguousarray(array).reshape(array.shape)


def unsettle(network):
    # Parameters and running statistics off their starts and in single precision, so that each of them counts.
    for key, value in network.state_dict().items():
        if "running_mean" in key:
            value.copy_(torch.randn_like(value) * 0.3)
        elif "running_var" in key:
            value.copy_(torch.rand_like(value) + 0.5)
        elif value.is_floating_point():
            value.add_(torch.randn_like(value) * 0.1)
        if value.is_floating_point():
            value.copy_(value.float().double())


generator, discriminator = Generator(), Discriminator()
unsettle(generator)
unsettle(discriminator)


def states(word):
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        for key, value in network.state_dict().items():
            put(f"{word}.{name}.{key}", value)


states("before")
single = lambda *shape: torch.randn(*shape).float().double()
real = torch.tanh(single(BATCH, 1, MELS, FRAMES)).float().double()
emotions = (torch.rand(BATCH, 2) * 2 - 1).float().double()
noises = [single(BATCH, NOISE) for _ in range(3)]
put("real", real)
put("emotions", emotions)
for index, noise in enumerate(noises):
    put(f"noise{index}", noise)

generator.eval(), discriminator.eval()
clips = generator(noises[0], emotions)
put("inference.generator", clips)
put("inference.discriminator", discriminator(clips, emotions))
generator.train(), discriminator.train()

adam = lambda network: torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
optimizers = {"generator": adam(generator), "discriminator": adam(discriminator)}
bce = F.binary_cross_entropy_with_logits


def update(word, name, network, loss):
    optimizer = optimizers[name]
    optimizer.zero_grad()
    loss.backward()
    put(f"{word}.loss", loss)
    for key, parameter in network.named_parameters():
        put(f"{word}.gradient.{key}", parameter.grad)
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    put(f"{word}.norm", norm)
    optimizer.step()


fake = generator(noises[0], emotions).detach()
put("discriminator.fake", fake)
of_real, of_fake = discriminator(real, emotions), discriminator(fake, emotions)
put("discriminator.real", of_real)
put("discriminator.synthetic", of_fake)
loss = (bce(of_real, torch.full_like(of_real, 0.9)) + bce(of_fake, torch.zeros_like(of_fake))) / 2
update("discriminator", "discriminator", discriminator, loss)

for index in range(2):
    # The generator's updates leave the discriminator's running statistics alone.
    judge = copy.deepcopy(discriminator)
    logits = judge(generator(noises[1 + index], emotions), emotions)
    put(f"generator{index}.synthetic", logits)
    update(f"generator{index}", "generator", generator, bce(logits, torch.ones_like(logits)))
states("after")

path = GOLDEN / "adversarial.safetensors"
safetensors.numpy.save_file(tensors, path)
first = tensors

# The emotion's terms: one update of the discriminator and one of the generator, gradients before clipping.
tensors = {}
torch.manual_seed(SEED + 1)
MISMATCH, READING = 0.4, 0.7
generator, discriminator = Generator(gain=3), Discriminator(reads=True)
unsettle(generator)
unsettle(discriminator)
states("before")
real = torch.tanh(single(BATCH, 1, MELS, FRAMES)).float().double()
emotions = (torch.rand(BATCH, 2) * 2 - 1).float().double()
noises = [single(BATCH, NOISE) for _ in range(2)]
put("real", real)
put("emotions", emotions)
for index, noise in enumerate(noises):
    put(f"noise{index}", noise)
# Each clip is given its neighbour's emotion.
others = emotions.roll(-1, 0)


def gradients(word, network, judging, reading):
    network.zero_grad()
    (judging + READING * reading).backward()
    put(f"{word}.loss", judging)
    put(f"{word}.reading", reading)
    for key, parameter in network.named_parameters():
        put(f"{word}.gradient.{key}", parameter.grad)


fake = generator(noises[0], emotions).detach()
put("discriminator.fake", fake)
of_real, of_fake = discriminator(real, emotions), discriminator(fake, emotions)
of_wrong, read = discriminator.reading(real, others)
put("discriminator.real", of_real)
put("discriminator.synthetic", of_fake)
zeros = torch.zeros_like(of_fake)
judging = (bce(of_real, torch.full_like(of_real, 0.9)) + (1 - MISMATCH) * bce(of_fake, zeros)
           + MISMATCH * bce(of_wrong, zeros)) / 2
gradients("discriminator", discriminator, judging, F.mse_loss(read, emotions))
judge = copy.deepcopy(discriminator)
clips = generator(noises[1], emotions)
logits = judge(clips, emotions)
put("generator.synthetic", logits)
_, read = judge.reading(clips, others)
gradients("generator", generator, bce(logits, torch.ones_like(logits)), F.mse_loss(read, emotions))
second = GOLDEN / "emotions.safetensors"
safetensors.numpy.save_file(tensors, second)
tensors = first
manifest = {
    "generator": "Tests/Generators/generate_adversarial.py",
    "seed": SEED,
    "versions": {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "safetensors": safetensors.__version__,
    },
    "files": {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, second)
    },
}
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")
print({k: v.item() for k, v in tensors.items() if k.endswith("loss") or k.endswith("norm")},
      path.stat().st_size, second.stat().st_size)
