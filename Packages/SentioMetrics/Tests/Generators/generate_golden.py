"""Writes the golden files of SentioMetrics beside this script's package tests.

    pip install numpy scipy scikit-learn statsmodels
    python generate_golden.py

Every file holds its inputs and what the reference library makes of them. MANIFEST.json records
the seed, the library versions and the SHA-256 of each file.
"""
import hashlib
import json
import pathlib

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import special, stats
from sklearn import metrics
from sklearn.covariance import LedoitWolf
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

SEED = 20261121
OUT = pathlib.Path(__file__).resolve().parent.parent / "SentioMetricsTests" / "Golden"


def concordance(p, t):
    covariance = ((p - p.mean()) * (t - t.mean())).mean()
    return 2 * covariance / (p.var() + t.var() + (p.mean() - t.mean()) ** 2)


def regression_cases(random):
    truth = random.normal(size=174)
    yield "songs", 0.7 * truth + 0.5 * random.normal(size=174) + 0.1, truth
    yield "ties", random.integers(1, 6, 60).astype(float), random.integers(1, 9, 60).astype(float)
    yield "three", np.array([1.0, 2.0, 4.0]), np.array([2.0, 1.5, 5.0])
    yield "unrelated", random.normal(size=50), random.normal(size=50)
    yield "opposed", -truth[:80] + 0.1 * random.normal(size=80), truth[:80]
    yield "offset", truth[:40] + 1000.5, truth[:40] * 2 + 1000
    yield "strong", truth[:100] + 0.01 * random.normal(size=100), truth[:100]


def regression(random):
    out = []
    for name, p, t in regression_cases(random):
        pearson, spearman = stats.pearsonr(p, t), stats.spearmanr(p, t)
        out.append({
            "name": name, "prediction": p.tolist(), "truth": t.tolist(),
            "metrics": {
                "concordanceCorrelation": concordance(p, t),
                "pearsonCorrelation": pearson.statistic,
                "spearmanCorrelation": spearman.statistic,
                "kendallCorrelation": stats.kendalltau(p, t).statistic,
                "coefficientOfDetermination": metrics.r2_score(t, p),
                "meanSquaredError": metrics.mean_squared_error(t, p),
                "rootMeanSquaredError": metrics.root_mean_squared_error(t, p),
                "meanAbsoluteError": metrics.mean_absolute_error(t, p),
                "meanError": (p - t).mean(),
                "predictionSlope": stats.linregress(t, p).slope,
            },
            "pearsonProbability": pearson.pvalue, "spearmanProbability": spearman.pvalue,
            "predictionRanks": stats.rankdata(p).tolist()})
    return out


def classification(random):
    out = []
    # Class 3 of the second case never occurs; class 4 of the third occurs in predictions only.
    for classes, truth_classes in ((2, [0, 1]), (5, [0, 1, 2, 4]), (5, [0, 1, 2, 3]), (10, range(10))):
        truth = random.choice(list(truth_classes), 200)
        scores = random.normal(size=(200, classes))
        scores[np.arange(200), truth] += 1.0
        if classes == 5 and 3 not in truth_classes:
            scores[:, 3] -= 50
        prediction = scores.argmax(1)
        labels = list(range(classes))
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            truth, prediction, labels=labels, zero_division=0)
        out.append({
            "classCount": classes, "truth": truth.tolist(), "prediction": prediction.tolist(),
            "scores": scores.tolist(),
            "confusion": metrics.confusion_matrix(truth, prediction, labels=labels).ravel().tolist(),
            "accuracy": metrics.accuracy_score(truth, prediction),
            "balancedAccuracy": metrics.balanced_accuracy_score(truth, prediction),
            "macro": metrics.f1_score(truth, prediction, average="macro", zero_division=0),
            "micro": metrics.f1_score(truth, prediction, average="micro", zero_division=0),
            "weighted": metrics.f1_score(truth, prediction, average="weighted", zero_division=0),
            "kappa": metrics.cohen_kappa_score(truth, prediction),
            "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(),
            "top2": (metrics.top_k_accuracy_score(truth, scores, k=2, labels=labels)
                     if classes > 2 else 1.0)})
    return out


def hypothesis_tests(random):
    tables = []
    for both, first, second, neither in (
            (40, 3, 12, 5), (100, 40, 25, 9), (0, 1, 0, 0), (10, 200, 260, 30), (3, 0, 14, 2), (5, 6, 7, 1)):
        table = [[both, first], [second, neither]]
        tables.append({
            "counts": [both, first, second, neither], "exact": mcnemar(table, exact=True).pvalue,
            "corrected": mcnemar(table, exact=False, correction=True).pvalue,
            "correctedStatistic": mcnemar(table, exact=False, correction=True).statistic,
            "plain": mcnemar(table, exact=False, correction=False).pvalue,
            "plainStatistic": mcnemar(table, exact=False, correction=False).statistic})
    holm = []
    for p in ([0.01, 0.04, 0.03, 0.005], [0.5, 0.9, 0.2], [0.001] * 4, random.uniform(0, 0.2, 15).tolist()):
        holm.append({"raw": p, "corrected": multipletests(p, method="holm")[1].tolist()})
    two = []
    for m, n, shift in ((5, 7, 0.0), (30, 40, 0.5), (174, 320, 0.4), (50, 50, 0.1), (60, 200, 2.0), (1, 3, 0.0)):
        x, y = random.normal(size=m), random.normal(size=n) + shift
        exact = stats.ks_2samp(x, y, method="exact")
        two.append({
            "first": x.tolist(), "second": y.tolist(), "statistic": exact.statistic,
            "exact": exact.pvalue,
            "limit": special.kolmogorov(np.sqrt(m * n / (m + n)) * exact.statistic)})
    tied = stats.ks_2samp([1, 2, 2, 3], [2, 3, 3, 4, 5], method="exact")
    two.append({
        "first": [1.0, 2, 2, 3], "second": [2.0, 3, 3, 4, 5], "statistic": tied.statistic,
        "exact": tied.pvalue, "limit": special.kolmogorov(np.sqrt(20 / 9) * tied.statistic)})
    one = []
    for n in (10, 100, 500):
        x = random.uniform(size=n) ** 1.2
        result = stats.ks_1samp(x, stats.uniform.cdf, method="asymp")
        one.append({"sample": x.tolist(), "statistic": result.statistic, "probability": result.pvalue})
    return {"mcnemar": tables, "holm": holm, "kolmogorovTwo": two, "kolmogorovOne": one}


class Replicates:
    """What scipy.stats.bootstrap reads of an earlier result."""

    def __init__(self, values):
        self.bootstrap_distribution = values


def bootstrap(random):
    intervals = []
    for count, resamples in ((30, 999), (12, 400)):
        sample = random.exponential(size=count)
        replicates = sample[random.integers(0, count, (resamples, count))].mean(1)
        for level in (0.9, 0.95):
            result = stats.bootstrap(
                (sample,), np.mean, confidence_level=level, n_resamples=0, method="BCa",
                bootstrap_result=Replicates(replicates))
            corrected = result.confidence_interval
            plain = np.percentile(replicates, [50 * (1 - level), 50 * (1 + level)])
            intervals.append({
                "estimate": sample.mean(), "replicates": replicates.tolist(), "level": level,
                "leaveOneOut": [np.delete(sample, i).mean() for i in range(count)],
                "percentile": plain.tolist(), "corrected": [corrected.low, corrected.high],
                "standardError": result.standard_error})
    truth = random.normal(size=174)
    prediction = 0.7 * truth + 0.5 * random.normal(size=174)
    values = np.concatenate([
        [concordance(prediction[i], truth[i]) for i in random.integers(0, 174, (10000, 174))]
        for _ in range(10)])
    limits = np.percentile(values, [2.5, 97.5])
    return {"intervals": intervals, "concordance": {
        "prediction": prediction.tolist(), "truth": truth.tolist(), "limits": limits.tolist(),
        "mean": values.mean(), "standardError": values.std(ddof=1)}}


def stability(reference, new, bins):
    edges = np.unique(np.quantile(reference, np.arange(1, bins) / bins))
    a, b = (np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1)
            for x in (reference, new))
    kept = a + b > 0
    p, q = (np.maximum(x[kept], 0.5) / x.sum() for x in (a, b))
    return ((q - p) * np.log(q / p)).sum()


def diagnostics(random):
    truth = random.uniform(-1, 1, (60, 2))
    errors = random.multivariate_normal([0.05, -0.1], [[0.05, 0.02], [0.02, 0.03]], 60)
    prediction = 0.6 * truth + errors
    gaps = prediction - truth
    covariance = np.cov(gaps.T)
    values, vectors = np.linalg.eigh(covariance)
    inside = np.einsum("ni,ij,nj->n", gaps - gaps.mean(0), np.linalg.inv(covariance), gaps - gaps.mean(0))
    reaches, extreme_errors = [], []
    for group in range(3):
        chosen = np.abs(truth) > 0.7
        rows = chosen[:, group] if group < 2 else chosen.any(1)
        if group < 2:
            along, far, size = np.sign(truth[:, group]) * prediction[:, group], np.abs(truth[:, group]), np.abs(gaps[:, group])
        else:
            far = np.linalg.norm(truth, axis=1)
            along, size = (prediction * truth).sum(1) / far, np.abs(gaps).mean(1)
        reaches.append(along[rows].sum() / far[rows].sum())
        extreme_errors.append([size[rows].mean(), size[~rows].mean()])
    slopes = [stats.linregress(truth[:, i], prediction[:, i]).slope for i in range(2)]
    spreads = (prediction.std(0) / truth.std(0)).tolist()

    width = 6
    mixing = random.normal(size=(width, width))
    reference = random.normal(size=(80, width)) @ mixing + 3
    new = random.normal(size=(30, width)) @ mixing + 3
    new[:, 1] += 2.5 * reference[:, 1].std()
    mean, scale = reference.mean(0), reference.std(0)
    shape = LedoitWolf().fit((reference - mean) / scale)
    held = np.empty(80)
    for fold in range(5):
        out = np.arange(80) % 5 == fold
        m, s = reference[~out].mean(0), reference[~out].std(0)
        held[out] = LedoitWolf().fit((reference[~out] - m) / s).mahalanobis((reference[out] - m) / s)
    distances = shape.mahalanobis((new - mean) / scale)
    bound = np.quantile(held, 0.975)
    beyond = int((distances > bound).sum())
    tests = [stats.ks_2samp(reference[:, i], new[:, i], method="exact") for i in range(width)]
    return {
        "truth": truth.tolist(), "prediction": prediction.tolist(),
        "ellipse": {
            "bias": gaps.mean(0).tolist(), "covariance": covariance.tolist(),
            "deviations": np.sqrt(values[::-1]).tolist(),
            "angle": np.arctan(vectors[1, 1] / vectors[0, 1]),
            "factor": np.sqrt(stats.chi2.ppf(0.8, 2)), "inside": (inside <= stats.chi2.ppf(0.8, 2)).mean()},
        "conservatism": {"slopes": slopes, "spreads": spreads, "reaches": reaches, "errors": extreme_errors},
        "drift": {
            "width": width, "reference": reference.ravel().tolist(), "new": new.ravel().tolist(),
            "shrinkage": shape.shrinkage_, "distances": distances.tolist(), "bound": bound,
            "probability": stats.binom.sf(beyond - 1, 30, 0.025), "ratio": distances.mean() / held.mean(),
            "stability": [stability(reference[:, i], new[:, i], 10) for i in range(width)],
            "tied": stability(np.round(reference[:, 0]), np.round(new[:, 0]), 10),
            "statistics": [t.statistic for t in tests],
            "corrected": multipletests([t.pvalue for t in tests], method="holm")[1].tolist(),
            "shifts": ((new.mean(0) - mean) / scale).tolist()}}


def tracks(random):
    songs = []
    for count in (40, 25, 60, 33, 18, 50, 45, 30):
        truth = random.normal(size=2) * 0.3 + np.cumsum(random.normal(size=(count, 2)) * 0.04, axis=0)
        songs.append((0.7 * truth + random.normal(size=2) * 0.1 + random.normal(size=(count, 2)) * 0.05, truth))
    pooled, drawn = [], np.empty((4000, 2))
    p, t = (np.concatenate([song[part] for song in songs]) for part in (0, 1))
    for dimension in range(2):
        pooled.append([concordance(p[:, dimension], t[:, dimension]),
                       np.sqrt(((p - t)[:, dimension] ** 2).mean())])
    for draw in range(4000):
        chosen = [songs[i] for i in random.integers(0, len(songs), len(songs))]
        a, b = (np.concatenate([song[part] for song in chosen]) for part in (0, 1))
        drawn[draw] = [concordance(a[:, i], b[:, i]) for i in range(2)]
    return {
        "songs": [{"prediction": a.tolist(), "truth": b.tolist()} for a, b in songs], "pooled": pooled,
        "within": [np.mean([concordance(a[:, i], b[:, i]) for a, b in songs]) for i in range(2)],
        "limits": np.percentile(drawn.mean(1), [2.5, 97.5]).tolist()}


def main():
    OUT.mkdir(exist_ok=True)
    hashes = {}
    for name, make in (
            ("regression", regression), ("classification", classification),
            ("hypothesis_tests", hypothesis_tests), ("bootstrap", bootstrap),
            ("diagnostics", diagnostics), ("tracks", tracks)):
        # A generator per file, so that a change to one file leaves the others as they are.
        random = np.random.default_rng([SEED, len(hashes)])
        data = json.dumps(make(random), default=float).encode()
        (OUT / f"{name}.json").write_bytes(data)
        hashes[f"{name}.json"] = hashlib.sha256(data).hexdigest()
    manifest = {
        "generator": "Tests/Generators/generate_golden.py", "seed": SEED,
        "versions": {
            "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
            "statsmodels": statsmodels.__version__},
        "sha256": hashes}
    (OUT / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
