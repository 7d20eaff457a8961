"""Times PyTorch on the conditional GAN at the report's size, under the ids of AdversarialWorkloads.swift.

Run in an environment with torch, beside sentio-bench --filter model.gan:
    python Benchmarks/peers-gan.py [runs]
A batch of training is one update of the discriminator and two of the generator, with Adam and gradients clipped to a norm
of 1. Prints a line of JSON for each id: the median milliseconds, the runs, the peak of the process's memory.
"""
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
WIDTHS, FILTERS = [1024, 256, 128, 64], [32, 64, 128, 256]


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(102, WIDTHS[0] * 8 * 81)
        pairs = list(zip(WIDTHS, WIDTHS[1:] + [1]))
        self.upsampling = nn.ModuleList(
            [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=b == 1) for a, b in pairs])
        self.norm = nn.ModuleList([nn.BatchNorm2d(width) for width in WIDTHS[1:]])

    def forward(self, x):
        x = self.linear(x).reshape(-1, WIDTHS[0], 8, 81)
        for convolution, norm in zip(self.upsampling, self.norm):
            x = F.relu(norm(convolution(x)))
        return torch.tanh(self.upsampling[-1](x))[..., 2:1294]


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        pairs = list(zip([3] + FILTERS, FILTERS))
        self.conv = nn.ModuleList([nn.Conv2d(a, b, 4, 2, 1, bias=a == 3) for a, b in pairs])
        self.norm = nn.ModuleList([nn.BatchNorm2d(width) for width in FILTERS[1:]])
        self.head = nn.Linear(FILTERS[-1] * 8 * 80, 1)

    def forward(self, x, emotions):
        planes = emotions[:, :, None, None].expand(-1, -1, *x.shape[2:])
        x = F.leaky_relu(self.conv[0](torch.cat([x, planes], 1)), 0.2)
        for convolution, norm in zip(self.conv[1:], self.norm):
            x = F.leaky_relu(norm(convolution(x)), 0.2)
        return self.head(x.flatten(1))


def measure(name, run):
    run()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({
        "id": name, "ms": round(1000 * statistics.median(times), 2), "runs": RUNS,
        "peak_mib": round(peak), "torch": torch.__version__, "threads": torch.get_num_threads(),
    }), flush=True)


def training():
    generator, discriminator = Generator(), Discriminator()
    adam = lambda network: torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
    of_generator, of_discriminator = adam(generator), adam(discriminator)
    real = torch.rand(8, 1, 128, 1292) * 2 - 1
    emotions = torch.rand(8, 2) * 2 - 1
    noises = [torch.randn(8, 100) for _ in range(3)]
    bce = F.binary_cross_entropy_with_logits

    def update(optimizer, network, loss):
        optimizer.zero_grad()
        gradients = torch.autograd.grad(loss, list(network.parameters()))
        for parameter, gradient in zip(network.parameters(), gradients):
            parameter.grad = gradient
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    def run():
        with torch.no_grad():
            fake = generator(torch.cat([noises[0], emotions], 1))
        of_real, of_fake = discriminator(real, emotions), discriminator(fake, emotions)
        loss = (bce(of_real, torch.full_like(of_real, 0.9))
                + bce(of_fake, torch.zeros_like(of_fake))) / 2
        update(of_discriminator, discriminator, loss)
        for noise in noises[1:]:
            logits = discriminator(generator(torch.cat([noise, emotions], 1)), emotions)
            update(of_generator, generator, bce(logits, torch.ones_like(logits)))

    return run


def generation():
    generator = Generator().eval()
    x = torch.randn(1, 102)

    def run():
        with torch.inference_mode():
            generator(x)

    return run


torch.manual_seed(0)
measure("model.gan.generate.b1.f32", generation())
measure("model.gan.train.b8.f32", training())
