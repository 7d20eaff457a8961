"""Files of torch.save with which the reader of PyTorch's archives is tested.

Writes SentioInterchangeTests/Golden/*.pth and values.json, the values that the files' tensors have, row-major, as float32.

    generate_state_dictionaries.py [folder]      torch 2.13, seed 7
"""

import collections
import json
import pathlib
import sys

import numpy
import torch

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent
                      / "SentioInterchangeTests" / "Golden")
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(7)
values = {}


def save(name, content, tensors, **options):
    torch.save(content, folder / name, **options)
    values[name] = {key: {"shape": list(value.shape),
                          "values": value.detach().to(torch.float32).reshape(-1).tolist()}
                    for key, value in tensors.items()}


# Every element type, and a single number.
types = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
         torch.int8, torch.uint8]
state = collections.OrderedDict()
for dtype in types:
    state[f"layer.{str(dtype).split('.')[1]}"] = (3 * torch.randn(2, 3)).abs().to(dtype)
state["layer.bool"] = torch.tensor([True, False, True])
state["layer.count"] = torch.tensor(41)
save("types.pth", state, state)

# Views: transposed, sliced, with a step, several of one storage, and one that is empty.
base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
views = {"base": base, "transposed": base.t(), "rows": base[1:3], "columns": base[:, 2:5], "step": base[::2, ::3],
         "permuted": base.reshape(2, 2, 6).permute(2, 0, 1), "empty": base[:0]}
save("views.pth", views, views)

# A module's own dictionary, inside of what training scripts save; parameters, and a newer protocol.
module = torch.nn.Sequential(collections.OrderedDict(
    hidden=torch.nn.Linear(3, 4), norm=torch.nn.BatchNorm1d(4), lstm=torch.nn.LSTM(4, 2, bidirectional=True)))
state = module.state_dict()
checkpoint = {"epoch": 3, "rate": 1e-3, "name": "small", "done": False, "nothing": None, "history": [1.5, (2, 3)],
              "state_dict": state, "ema": {"hidden.weight": 2 * state["hidden.weight"]}}
save("checkpoint.pth", checkpoint, state)
save("protocol4.pth", dict(module.named_parameters()), dict(module.named_parameters()), pickle_protocol=4)

# What is refused: the format before 1.6, a whole module, a NumPy number, an expanded tensor.
torch.save(state, folder / "old.pth", _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(2, 2), folder / "module.pth")
torch.save({"loss": numpy.float64(0.5), "weight": torch.ones(2)}, folder / "numpy.pth")
torch.save({"wide": torch.ones(1).expand(1000)}, folder / "expanded.pth")

(folder / "values.json").write_text(json.dumps(
    {"torch": torch.__version__, "seed": 7, "files": values}, separators=(",", ":")) + "\n")
