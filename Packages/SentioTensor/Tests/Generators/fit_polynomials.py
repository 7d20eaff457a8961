"""Fits the polynomials of Sources/CSentioTensorKernels/vector_math.h and prints them.

Each is a near-minimax fit: a weighted least-squares solution that is reweighted towards its largest
errors (Lawson's algorithm), in extended precision. Needs mpmath and numpy:
    python Tests/Generators/fit_polynomials.py
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 40


def fit(function, low, high, degree, weight=lambda x: 1.0, points=600, rounds=60):
    """Coefficients, lowest first, of a polynomial close to `function` on [low, high]."""
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * points))
             for i in range(points)]
    x = np.array([float(n) for n in nodes], dtype=np.longdouble)
    y = np.array([float(function(mp.mpf(float(n)))) for n in x], dtype=np.longdouble)
    w = np.array([float(weight(mp.mpf(float(n)))) for n in x], dtype=np.longdouble)
    scale = float(max(abs(low), abs(high)))
    columns = np.stack([(x / scale) ** k for k in range(degree + 1)], axis=1)
    lawson = np.full(points, 1.0 / points, dtype=np.longdouble)
    for _ in range(rounds):
        root = np.sqrt(lawson) * w
        a = (columns * root[:, None]).astype(np.float64)
        c = np.linalg.lstsq(a, (y * root).astype(np.float64), rcond=None)[0]
        error = np.abs(columns @ c.astype(np.longdouble) - y) * w
        lawson = lawson * (error + 1e-30)
        lawson /= lawson.sum()
    return [float(v / scale ** k) for k, v in enumerate(c)], float(error.max())


def show(name, coefficients, error):
    print(f"{name}: weighted error {error:.3e}")
    for value in coefficients:
        print(f"  {np.float32(value).item().hex()}f, // {value:.9g}")


half = mp.log(2) / 2
# exp(r) = 1 + r + r²·p(r)
show("exp", *fit(lambda r: (mp.exp(r) - 1 - r) / r ** 2 if abs(r) > 1e-9 else mp.mpf(1) / 2,
                 -half, half, 4, lambda r: r ** 2))
# log(1 + f) = f − f²/2 + f³·p(f) on [√½ − 1, √2 − 1]
show("log", *fit(lambda f: (mp.log(1 + f) - f + f ** 2 / 2) / f ** 3 if abs(f) > 1e-6 else mp.mpf(1) / 3,
                 mp.sqrt(mp.mpf(1) / 2) - 1, mp.sqrt(2) - 1, 7,
                 lambda f: abs(f ** 3 / mp.log(1 + f)) if abs(f) > 1e-9 else 0.0))
# tanh(x) = x + x·s·p(s), s = x², |x| ≤ 0.625
show("tanh", *fit(lambda s: (mp.tanh(mp.sqrt(s)) / mp.sqrt(s) - 1) / s, mp.mpf("1e-8"),
                  mp.mpf("0.390625"), 4, lambda s: s))
# erf(x) = x + x·p(s), |x| ≤ 0.921875
show("erf", *fit(lambda s: mp.erf(mp.sqrt(s)) / mp.sqrt(s) - 1, mp.mpf("1e-8"),
                 mp.mpf("0.921875") ** 2, 5))
# erfc(x) = exp(−x − x·q(x)) on [0.921875, 4]: erf = 1 − exp(…)
show("erf tail", *fit(lambda x: -(mp.log(mp.erfc(x)) + x) / x, mp.mpf("0.921875"), mp.mpf("4.0"), 6,
                      lambda x: x * mp.erfc(x)))
# 2^r = 1 + r·p(r), |r| ≤ ½
show("exp2", *fit(lambda r: (2 ** r - 1) / r if abs(r) > 1e-9 else mp.log(2), mp.mpf("-0.5"), mp.mpf("0.5"), 5,
                  lambda r: abs(r)))


def normal_tail(t):
    """The share of a normal distribution beyond t."""
    return mp.erfc(t / mp.sqrt(2)) / 2


# log₂ of it = −1 + t·p(t) on [0, 6]. What counts is GELU's absolute error, t times the share's; and a little the
# relative error, so that the far tail keeps its shape.
show("normal tail", *fit(lambda t: (mp.log(normal_tail(t), 2) + 1) / t, mp.mpf("1e-8"), mp.mpf("6.0"), 8,
                         lambda t: t * (mp.log(2) * t * normal_tail(t) / mp.mpf("4e-8") + 1000)))
