"""Makes the golden values of the Gaussian process from scikit-learn.

Run in an environment with numpy and scikit-learn:
    python Tests/Generators/generate_search.py
Values are standardized by `normalize_y` (population deviation), the kernel is Matérn's with nu = 5/2 at a fixed length, the
noise is added to the diagonal.
"""
import hashlib
import json
import pathlib
import platform

import numpy as np
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

SEED = 20261128
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioModelsTests" / "Golden" / "Search"
GOLDEN.mkdir(parents=True, exist_ok=True)
generator = np.random.default_rng(SEED)
points = generator.random((9, 3))
values = np.sin(4 * points[:, 0]) + points[:, 1] ** 2 - 3 * points[:, 2] + 7
queries = np.concatenate([generator.random((5, 3)), points[:2]])
cases = []
for length, noise in [(0.3, 1e-3), (0.9, 0.05)]:
    process = GaussianProcessRegressor(Matern(length, nu=2.5), alpha=noise, optimizer=None, normalize_y=True)
    process.fit(points, values)
    mean, deviation = process.predict(queries, return_std=True)
    cases.append(
        {
            "length": length,
            "noise": noise,
            "logLikelihood": float(process.log_marginal_likelihood_value_),
            "mean": mean.tolist(),
            "deviation": deviation.tolist(),
        }
    )
path = GOLDEN / "process.json"
path.write_text(
    json.dumps(
        {"points": points.tolist(), "values": values.tolist(), "queries": queries.tolist(), "cases": cases}, indent=1
    )
    + "\n"
)
manifest = {
    "generator": "Tests/Generators/generate_search.py",
    "seed": SEED,
    "versions": {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
}
(GOLDEN / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")
print(cases[0])
