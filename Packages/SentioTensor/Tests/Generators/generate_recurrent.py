"""Makes the golden files of recurrent sequences from PyTorch, in double precision.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_recurrent.py
A case is named CELL.DIRECTIONS.OPTIONS.N-L-D-H. Its inputs are x, then with the option `start` the initial
hidden state (and an LSTM's cells), then each direction's weights and biases. Its result is the output, the
final state and an LSTM's final cells, one after the other. `regressor.safetensors` holds ten steps of training.
"""
import pathlib

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Recurrent"
cases = Cases(seed=20261123)
normal, case, put = cases.normal, cases.case, cases.put
FUNCTIONS = {"tanh": torch.rnn_tanh, "relu": torch.rnn_relu, "lstm": torch.lstm, "gru": torch.gru}
GATES = {"tanh": 1, "relu": 1, "lstm": 4, "gru": 3, "gruBefore": 3}


def states_of(tensor, directions, hidden):
    """[N, directions · H] -> [directions, N, H]"""
    return tensor.reshape(len(tensor), directions, hidden).transpose(0, 1)


def rows_of(states):
    return states.transpose(0, 1).reshape(states.shape[1], -1)


def torch_sequence(cell, x, start, weights, directions, lengths):
    """What torch.nn.RNN, LSTM and GRU call."""
    hidden, lstm = weights[1].shape[1], cell == "lstm"
    if start is None:
        start = [x.new_zeros(len(x), directions * hidden)] * (2 if lstm else 1)
    start = [states_of(s, directions, hidden) for s in start]
    has_bias, bidirectional = len(weights) == 4 * directions, directions == 2
    options = (has_bias, 1, 0.0, True, bidirectional)
    if lengths is None:
        out, *ends = FUNCTIONS[cell](x, start if lstm else start[0], weights, *options, True)
    else:
        pack = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        start = [s.index_select(1, pack.sorted_indices) for s in start]
        out, *ends = FUNCTIONS[cell](
            pack.data, pack.batch_sizes, start if lstm else start[0], weights, *options)
        out = PackedSequence(out, pack.batch_sizes, pack.sorted_indices, pack.unsorted_indices)
        out, _ = pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])
        ends = [e.index_select(1, pack.unsorted_indices) for e in ends]
    return out, [rows_of(e) for e in ends]


def gru_reset_first(x, start, weights, directions):
    """keras.layers.GRU(reset_after=False), with the gates in PyTorch's order."""
    hidden, outs, ends = weights[1].shape[1], [], []
    for d in range(directions):
        w_x, w_h, b_x, b_h = weights[4 * d:4 * d + 4]
        h = x.new_zeros(len(x), hidden) if start is None else start[0][:, d * hidden:(d + 1) * hidden]
        steps = range(x.shape[1]) if d == 0 else reversed(range(x.shape[1]))
        out = [None] * x.shape[1]
        for t in steps:
            x_r, x_z, x_n = (x[:, t] @ w_x.T + b_x + b_h).chunk(3, 1)
            w_r, w_z, w_n = w_h.chunk(3, 0)
            r, z = torch.sigmoid(x_r + h @ w_r.T), torch.sigmoid(x_z + h @ w_z.T)
            n = torch.tanh(x_n + (r * h) @ w_n.T)
            h = (1 - z) * n + z * h
            out[t] = h
        outs.append(torch.stack(out, 1))
        ends.append(h)
    return torch.cat(outs, 2), [torch.cat(ends, 1)]


def sequence(cell, directions, extents, start=False, lengths=None, bias=True):
    n, l, d, h = extents
    gates = GATES[cell]
    scale = np.float32(1 / np.sqrt(h))
    inputs = [normal(n, l, d)]
    if start:
        inputs += [normal(n, directions * h) for _ in range(2 if cell == "lstm" else 1)]
    first = len(inputs)
    for _ in range(directions):
        inputs += [normal(gates * h, d) * scale, normal(gates * h, h) * scale]
        if bias:
            inputs += [normal(gates * h) * scale, normal(gates * h) * scale]

    def function(x, *rest):
        rest = list(rest)
        before = rest[:first - 1] if start else None
        if cell == "gruBefore":
            out, ends = gru_reset_first(x, before, rest[first - 1:], directions)
        else:
            out, ends = torch_sequence(cell, x, before, rest[first - 1:], directions, lengths)
        return torch.cat([t.reshape(-1) for t in [out, *ends]])

    options = "-".join((["start"] if start else []) + (["lengths"] if lengths else []) + ([] if bias else ["noBias"]))
    name = f"{cell}.{'one' if directions == 1 else 'both'}.{options or 'plain'}.{n}-{l}-{d}-{h}"
    case(name, inputs, function)
    if lengths:
        put(f"{name}.lengths", np.array(lengths))


for cell in FUNCTIONS:
    for directions in (1, 2):
        sequence(cell, directions, (3, 5, 4, 7))
        sequence(cell, directions, (3, 5, 4, 7), start=True)
        sequence(cell, directions, (3, 5, 4, 7), start=True, lengths=[2, 5, 1])
    sequence(cell, 2, (1, 6, 3, 5), start=True)
    sequence(cell, 2, (4, 1, 3, 5), start=True)
    sequence(cell, 2, (3, 6, 4, 5), bias=False)
    # More steps than one product of inputs takes, and lengths on both sides of its end.
    sequence(cell, 2, (2, 70, 3, 5), lengths=[70, 66])
for directions in (1, 2):
    sequence("gruBefore", directions, (3, 5, 4, 7), start=True)
# More sequences than a block, more units than a panel, and neither a multiple.
sequence("lstm", 2, (19, 3, 5, 35), start=True)
sequence("gru", 1, (19, 3, 5, 35), start=True)
sequence("tanh", 1, (19, 3, 5, 81), start=True)

# ---------------------------------------------------------------- ten steps of training
n, l, d, h = 6, 9, 5, 7
x, y = normal(n, l, d), normal(n, 2)
weights = [normal(4 * h, d) * 0.3, normal(4 * h, h) * 0.3, normal(4 * h) * 0.3, normal(4 * h) * 0.3,
           normal(4 * h, d) * 0.3, normal(4 * h, h) * 0.3, normal(4 * h) * 0.3, normal(4 * h) * 0.3,
           normal(2, 2 * h) * 0.5, normal(2) * 0.5]
put("regressor.x", x)
put("regressor.y", y)
for i, w in enumerate(weights):
    put(f"regressor.weight.{i}", w)
parameters = [torch.nn.Parameter(torch.from_numpy(w).double()) for w in weights]
optimizer = torch.optim.SGD(parameters, lr=0.2, momentum=0.9)
losses = []
for step in range(10):
    optimizer.zero_grad()
    _, (end, _) = torch_sequence("lstm", torch.from_numpy(x).double(), None, parameters[:8], 2, None)
    prediction = torch.nn.functional.linear(end, parameters[8], parameters[9])
    loss = torch.nn.functional.mse_loss(prediction, torch.from_numpy(y).double())
    loss.backward()
    losses.append(loss.item())
    for i, p in enumerate(parameters):
        if step in (0, 9):
            put(f"regressor.gradient.{step}.{i}", p.grad.numpy())
    optimizer.step()
put("regressor.losses", np.array(losses))

cases.write(GOLDEN, "generate_recurrent.py", lambda first: first)
