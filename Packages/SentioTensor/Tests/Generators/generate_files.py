"""Makes the golden files of the file formats: what NumPy and safetensors themselves write.

Run in an environment with numpy and safetensors:
    python Tests/Generators/generate_files.py
"""
import hashlib
import json
import pathlib
import zipfile

import numpy as np
import safetensors
from safetensors.numpy import save_file

SEED = 20261121
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden"
FILES = GOLDEN / "Files"
FILES.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(SEED)

# Every array is the ramp 0, 1, 2, … in its own shape, so that the tests need no second file.
ramp = np.arange(2 * 3 * 4, dtype=np.float64).reshape(2, 3, 4)


def npy(name, array, version=None):
    with open(FILES / f"{name}.npy", "wb") as handle:
        np.lib.format.write_array(handle, array, version=version)


npy("f4", ramp.astype("<f4"))
npy("f8_fortran", np.asfortranarray(ramp))
npy("f4_big_fortran", np.asfortranarray(ramp.astype(">f4")))
npy("f2", ramp.astype("<f2"))
npy("i2_big", ramp.astype(">i2"))
npy("u8", ramp.astype("<u8"))
npy("b1", (ramp % 2 == 1))
npy("i8_version2", ramp.astype("<i8"), (2, 0))
npy("f4_version3", ramp.astype("<f4"), (3, 0))
npy("scalar", np.float64(42.5).reshape(()))
npy("vector", np.arange(5, dtype="<i4"))
npy("empty", np.zeros((0, 3), "<f4"))
npy("complex", ramp.astype("<c8"))
npy("structured", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))


parts = {"a": ramp.astype("<f4"), "b": np.arange(5, dtype="<i8"), "folder/c": np.float64(42.5).reshape(())}
np.savez(FILES / "stored.npz", **parts)
# Long and repetitive, so that blocks have codes of their own and copies reach far; and noise, which is stored.
long = (np.arange(60_000) % 251).astype("<f4")
noise = rng.integers(0, 256, 3000, dtype="u1")
np.savez_compressed(FILES / "deflated.npz", **parts, long=long, noise=noise)
# The records of archives above 4 GiB, for a small one.
limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
zipfile.ZIP64_LIMIT = zipfile.ZIP_FILECOUNT_LIMIT = 1
np.savez(FILES / "wide.npz", **parts)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits
with zipfile.ZipFile(FILES / "bzip2.npz", "w", zipfile.ZIP_BZIP2) as archive:
    archive.writestr(zipfile.ZipInfo("a.npy"), (FILES / "f4.npy").read_bytes(), zipfile.ZIP_BZIP2)

tensors = {
    "b.float": ramp.astype("<f4"),
    "a.double": ramp,
    "c.half": ramp.astype("<f2"),
    "d.long": ramp.astype("<i8"),
    "e.byte": ramp.astype("<u1"),
    "f.bool": (ramp % 2 == 1),
    "g.scalar": np.array(42.5, "<f4"),
    "h.empty": np.zeros((0, 3), "<f4"),
}
save_file(tensors, FILES / "reference.safetensors", metadata={"format": "np", "über": "\"x\"\n\\"})

manifest = {
    "generator": "generate_files.py",
    "seed": SEED,
    "numpy": np.__version__,
    "safetensors": safetensors.__version__,
    "sha256": {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(FILES.iterdir())
        if path.name != "MANIFEST.json"
    },
}
(FILES / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
