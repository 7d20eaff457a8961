"""Records ten steps of training a small convolutional network in PyTorch, in double precision.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_reproduction.py
Written are the initial weights .0 … .9, two batches that take turns, and of every step the loss; the gradients of the
first step and of the last, and the weights and running statistics after it.
"""
import pathlib

import torch
import torch.nn.functional as F

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Reproduction"
STEPS, RATE, MOMENTUM = 10, 0.05, 0.9
cases = Cases(seed=20261124)
put, normal = cases.put, cases.normal

# Convolution weight and bias, gain and offset of its normalization, twice; then the head.
shapes = [(4, 2, 3, 3), (4,), (4,), (4,), (6, 4, 3, 2), (6,), (6,), (6,), (3, 36), (3,)]
initial = [normal(*shape) * (0.3 if len(shape) > 1 else 0.1) for shape in shapes]
for index in (2, 6):
    initial[index] = initial[index] + 1
for index, value in enumerate(initial):
    put(f"initial.{index}", value)
batches = [(normal(8, 2, 12, 10), torch.tensor(labels))
           for labels in ([0, 1, 2, 0, 2, 1, 1, 0], [2, 2, 0, 1, 0, 1, 2, 0])]
for index, (x, labels) in enumerate(batches):
    put(f"batch.{index}", x)
    put(f"labels.{index}", labels.numpy())

weights = [torch.from_numpy(value).double().requires_grad_() for value in initial]
running = [(torch.zeros(c, dtype=torch.float64), torch.ones(c, dtype=torch.float64)) for c in (4, 6)]
optimizer = torch.optim.SGD(weights, lr=RATE, momentum=MOMENTUM)
losses = []
for step in range(STEPS):
    x, labels = batches[step % 2]
    w = weights
    h = F.conv2d(torch.from_numpy(x).double(), w[0], w[1], padding=1)
    h = F.max_pool2d(F.relu(F.batch_norm(h, *running[0], w[2], w[3], training=True)), 2)
    h = F.conv2d(h, w[4], w[5], padding=(1, 0))
    h = F.avg_pool2d(F.relu(F.batch_norm(h, *running[1], w[6], w[7], training=True)), 2, ceil_mode=False)
    loss = F.cross_entropy(F.linear(h.flatten(1), w[8], w[9]), labels)
    optimizer.zero_grad()
    loss.backward()
    losses.append(loss.item())
    if step in (0, STEPS - 1):
        for index, weight in enumerate(weights):
            put(f"gradient.{step}.{index}", weight.grad.numpy())
    optimizer.step()
put("losses", losses)
for index, weight in enumerate(weights):
    put(f"final.{index}", weight.detach().numpy())
for index, (mean, variance) in enumerate(running):
    put(f"running.mean.{index}", mean.numpy())
    put(f"running.variance.{index}", variance.numpy())
print(losses)
cases.write(GOLDEN, "generate_reproduction.py", lambda first: "network")
