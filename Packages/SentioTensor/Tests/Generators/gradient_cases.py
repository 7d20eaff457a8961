"""Cases of an operation with its gradients, from PyTorch's automatic differentiation in double precision.

Of each case: inputs .0, .1, …, the result .out, the gradient that arrives at it .arriving, and the
gradients of the inputs .gradient.0, … All axes of a tensor have extents of their own.
"""
import hashlib
import json

import numpy as np
import torch

from safetensors_format import save


class Cases:
    def __init__(self, seed):
        self.seed = seed
        self.rng = np.random.default_rng(seed)
        self.tensors = {}

    def normal(self, *shape):
        return self.rng.standard_normal(shape).astype(np.float32)

    def positive(self, *shape):
        return (self.rng.random(shape) * 2 + 0.25).astype(np.float32)

    def put(self, name, value):
        assert name not in self.tensors, name
        self.tensors[name] = np.asarray(value, dtype="<f4", order="C")

    def case(self, name, inputs, function):
        leaves = [torch.from_numpy(np.asarray(x)).double().requires_grad_() for x in inputs]
        out = function(*leaves)
        arriving = torch.from_numpy(self.normal(*out.shape)) if out.dim() else torch.tensor(1.0)
        gradients = torch.autograd.grad(out, leaves, arriving.double(), allow_unused=True)
        for i, (x, g) in enumerate(zip(inputs, gradients)):
            self.put(f"{name}.{i}", x)
            self.put(f"{name}.gradient.{i}", np.zeros_like(x) if g is None else g.numpy())
        self.put(f"{name}.arriving", arriving.numpy())
        self.put(f"{name}.out", out.detach().numpy())

    def write(self, folder, generator, family_of, **versions):
        """One file for each family that `family_of` names for the first word of a case."""
        folder.mkdir(parents=True, exist_ok=True)
        families = {}
        for key, value in self.tensors.items():
            families.setdefault(family_of(key.split(".")[0]), {})[key] = value
        hashes = {}
        for family, members in families.items():
            path = folder / f"{family}.safetensors"
            save(path, members)
            hashes[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        manifest = {
            "generator": generator, "seed": self.seed, "numpy": np.__version__,
            "torch": torch.__version__, **versions, "sha256": hashes,
        }
        (folder / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
