"""Writes golden files: `<name>.json` lists the cases, `<name>.f32` holds their values end to end.

Each case is a dict of its parameters plus `values`, an array that is stored as little-endian
float32; its shape is recorded under `shape`. A folder's `MANIFEST.json` names the generator, the
upstream versions, the seed and the SHA-256 of every file.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys

import numpy as np

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioDSPTests" / "Golden"


class GoldenFolder:
    def __init__(self, name, packages, seed=None):
        self.path = GOLDEN / name
        self.path.mkdir(parents=True, exist_ok=True)
        self.manifest = {
            "generator": pathlib.Path(sys.argv[0]).name,
            "python": sys.version.split()[0],
            "upstream": {p: importlib.metadata.version(p) for p in packages},
            "seed": seed,
            "files": {},
        }

    def write(self, name, cases):
        described = []
        blob = b""
        for case in cases:
            values = np.ascontiguousarray(case.pop("values"), dtype="<f4")
            described.append({**case, "shape": list(values.shape)})
            blob += values.tobytes()
        text = json.dumps(described, indent=1, sort_keys=True) + "\n"
        for suffix, data in ((".json", text.encode()), (".f32", blob)):
            (self.path / (name + suffix)).write_bytes(data)
            self.manifest["files"][name + suffix] = hashlib.sha256(data).hexdigest()

    def close(self):
        text = json.dumps(self.manifest, indent=1, sort_keys=True) + "\n"
        (self.path / "MANIFEST.json").write_text(text)
