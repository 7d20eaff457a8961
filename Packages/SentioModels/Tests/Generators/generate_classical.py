#!/usr/bin/env python3
"""Golden values of the classical models, by scikit-learn and XGBoost.

Usage: generate_classical.py [GOLDEN_FOLDER]   (default: ../SentioClassicalTests/Golden beside this file)
Writes JSON files and MANIFEST.json with their SHA-256, the versions and the seed.
"""
import hashlib, json, os, sys

import numpy as np
import sklearn
import xgboost as xgb
from sklearn.feature_selection import f_regression
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

SEED = 20261121
folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "SentioClassicalTests", "Golden")
rng = np.random.default_rng(SEED)
written = {}


def flat(a):
    return [float(repr(float(v))) if np.asarray(a).dtype != np.float32 else float(str(v)) for v in np.asarray(a).ravel()]


def save(name, value):
    text = json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n"
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)
    written[name] = hashlib.sha256(text.encode()).hexdigest()


def table(n, d, outputs=2, noise=.3):
    """Features of very different means and spreads, as audio features are; smooth, partly non-linear labels."""
    z = rng.standard_normal((n, d))
    z[:, 1:] += .4 * z[:, :-1]
    x = (z * 10.0 ** rng.uniform(-2, 3, d) + 10.0 ** rng.uniform(-1, 4, d)).astype(np.float32)
    s = (x - x.mean(0, dtype=np.float64)) / x.std(0, dtype=np.float64)
    w = rng.standard_normal((d, outputs)) / np.sqrt(d)
    y = np.tanh(s @ w + .3 * np.sin(2 * s[:, :outputs]) + noise * rng.standard_normal((n, outputs)))
    return x, y


# ---- one table for the linear and the kernel models
n, d = 90, 7
x, y = table(n + 20, d)
train, test = slice(0, n), slice(n, n + 20)
x64 = x.astype(np.float64)
scaler = StandardScaler().fit(x64[train])
xs = scaler.transform(x64)
alphas = [.001, .01, .1, 1., 10., 100.]
case = {"columns": d, "outputs": 2, "train_x": flat(x[train]), "test_x": flat(x[test]),
        "train_y": flat(y[train]), "test_y": flat(y[test])}

ridge = []
for alpha in alphas:
    m = Ridge(alpha=alpha, solver="cholesky").fit(x64[train], y[train])
    s = Ridge(alpha=alpha, solver="cholesky").fit(xs[train], y[train])
    o = Ridge(alpha=alpha, solver="cholesky", fit_intercept=False).fit(xs[train], y[train])
    folds = KFold(5)
    ridge.append({
        "alpha": alpha, "coef": flat(m.coef_), "intercept": flat(m.intercept_),
        "scaled_coef": flat(s.coef_), "scaled_intercept": flat(s.intercept_),
        "scaled_predictions": flat(s.predict(xs[test])), "origin_coef": flat(o.coef_),
        "cv_r2": flat(cross_val_score(Ridge(alpha=alpha, solver="cholesky"), x64[train], y[train], cv=folds, scoring="r2")),
        "cv_r2_scaled": flat(cross_val_score(make_pipeline(StandardScaler(), Ridge(alpha=alpha, solver="cholesky")),
                                             x64[train], y[train], cv=folds, scoring="r2"))})
wide = slice(0, 5)
w = Ridge(alpha=.5, solver="cholesky").fit(x64[wide], y[wide])
save("linear.json", {
    "table": case, "ridge": ridge,
    "wide": {"rows": 5, "alpha": .5, "coef": flat(w.coef_), "intercept": flat(w.intercept_)},
    "scaler_mean": flat(scaler.mean_), "scaler_scale": flat(scaler.scale_),
    "f_statistics": [flat(f_regression(x64[train], y[train][:, k])[0]) for k in range(2)]})

svr = []
for c, epsilon, gamma in [(10., .1, "scale"), (1., .05, "scale"), (100., .01, .01), (.1, .2, "auto"), (10., .0, .5)]:
    models = [SVR(C=c, epsilon=epsilon, gamma=gamma).fit(xs[train], y[train][:, k]) for k in range(2)]
    scores = [cross_val_score(make_pipeline(StandardScaler(), SVR(C=c, epsilon=epsilon, gamma=gamma)),
                              x64[train], y[train][:, k], cv=KFold(5), scoring="r2") for k in range(2)]
    svr.append({"c": c, "epsilon": epsilon, "gamma": gamma if isinstance(gamma, str) else str(gamma),
                "resolved": float(models[0]._gamma), "vectors": [int(len(m.support_)) for m in models],
                "predictions": flat(np.stack([m.predict(xs[test]) for m in models], 1)),
                "cv_r2": flat(np.mean(scores, 0))})
save("kernel.json", {"table": case, "svr": svr})

# ---- trees
x, y = table(700, 9, noise=.2)
train, test = slice(0, 500), slice(500, 700)
case = {"columns": 9, "outputs": 2, "train_x": flat(x[train]), "test_x": flat(x[test]),
        "train_y": flat(y[train].astype(np.float32)), "test_y": flat(y[test].astype(np.float32))}
report = dict(n_estimators=200, max_depth=6, learning_rate=.05, reg_alpha=.1, reg_lambda=1.,
              min_child_weight=3, gamma=.1, n_jobs=1)
whole, sampled = [], []
for k in range(2):
    m = xgb.XGBRegressor(**report).fit(x[train], y[train][:, k])
    whole.append(m.predict(x[test]))
    sampled.append(float(np.mean([
        r2_score(y[test][:, k], xgb.XGBRegressor(**report, subsample=.8, colsample_bytree=.8, random_state=s)
                 .fit(x[train], y[train][:, k]).predict(x[test])) for s in range(10)])))
save("trees.json", {"table": case, "whole_predictions": flat(np.stack(whole, 1)),
                    "whole_r2": [float(r2_score(y[test][:, k], whole[k])) for k in range(2)],
                    "sampled_r2_mean_of_10_seeds": sampled})

small = xgb.XGBRegressor(n_estimators=12, max_depth=5, learning_rate=.3, n_jobs=1).fit(x[train], y[train][:, 0])
booster = small.get_booster()
contributions = booster.predict(xgb.DMatrix(x[test][:10]), pred_contribs=True)
save("explanation.json", {
    "columns": 9, "x": flat(x[test][:10]), "predictions": flat(small.predict(x[test][:10])),
    "contributions": flat(contributions),
    "importance": {k: booster.get_score(importance_type=k) for k in ("gain", "total_gain", "weight", "cover")},
    "model": json.loads(bytes(booster.save_raw("json")))})

with open(os.path.join(folder, "MANIFEST.json"), "w") as f:
    json.dump({"generator": os.path.basename(__file__), "seed": SEED, "sha256": written,
               "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "xgboost": xgb.__version__}},
              f, indent=2, sort_keys=True)
    f.write("\n")
