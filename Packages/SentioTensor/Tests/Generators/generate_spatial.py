"""Makes the golden files of pooling, resizing, unfolding, padding, depthwise and transposed convolution from PyTorch.

Run in an environment with numpy and torch:
    python Tests/Generators/generate_spatial.py
A case's name says its parameters: `max2d.k3x2.s2x1.p1x0.d1x1.r0` pools by kernels of 3 × 2.
"""
import itertools
import pathlib

import torch
import torch.nn.functional as F

from gradient_cases import Cases

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "SentioTensorTests" / "Golden" / "Spatial"
cases = Cases(seed=20261123)
normal, case = cases.normal, cases.case


def words(**parameters):
    return ".".join(k + "x".join(map(str, v if isinstance(v, tuple) else (v,))) for k, v in parameters.items())


def same_sides(n, k, s):
    total = max(0, (-(-n // s) - 1) * s + k - n)
    return total // 2, total - total // 2


# Pooling: kernel × stride × padding × dilation, floor and ceiling.
for k, s, p, d in [(1, 1, 0, 1), (2, 2, 0, 1), (3, 1, 1, 1), (3, 2, 1, 1), (3, 3, 0, 2), (4, 3, 2, 1), (2, 1, 1, 3)]:
    for rounds in (0, 1):
        x = normal(2, 3, 11)
        case("max1d." + words(k=k, s=s, p=p, d=d, r=rounds), [x],
             lambda t: F.max_pool1d(t, k, s, p, d, ceil_mode=bool(rounds)))
        if d == 1:
            for counts in (0, 1):
                case("average1d." + words(k=k, s=s, p=p, r=rounds, c=counts), [x],
                     lambda t: F.avg_pool1d(t, k, s, p, ceil_mode=bool(rounds), count_include_pad=bool(counts)))
for k, s, p, d in [((2, 2), (2, 2), (0, 0), (1, 1)), ((3, 3), (2, 2), (1, 1), (1, 1)), ((3, 2), (1, 3), (1, 0), (1, 1)),
                   ((2, 5), (2, 1), (1, 2), (1, 1)), ((3, 2), (2, 1), (1, 1), (2, 3)), ((7, 9), (1, 1), (0, 0), (1, 1))]:
    for rounds in (0, 1):
        x = normal(2, 3, 7, 9)
        case("max2d." + words(k=k, s=s, p=p, d=d, r=rounds), [x],
             lambda t: F.max_pool2d(t, k, s, p, d, ceil_mode=bool(rounds)))
        if d == (1, 1):
            for counts in (0, 1):
                case("average2d." + words(k=k, s=s, p=p, r=rounds, c=counts), [x],
                     lambda t: F.avg_pool2d(t, k, s, p, ceil_mode=bool(rounds), count_include_pad=bool(counts)))
case("max2d." + words(k=(3, 3), s=(2, 2), p=(1, 1), d=(1, 1), r=0) + ".wide", [normal(1, 2, 5, 67)],
     lambda t: F.max_pool2d(t, 3, 2, 1))
case("max1d." + words(k=1, s=1, p=0, d=1, r=0) + ".one", [normal(2, 3, 1)], lambda t: F.max_pool1d(t, 1))
for k, s in [((2, 3), (2, 2)), ((3, 4), (1, 3)), ((2, 2), (3, 3))]:
    x = normal(2, 3, 7, 10)
    top, bottom = same_sides(7, k[0], s[0])
    left, right = same_sides(10, k[1], s[1])
    sides = (left, right, top, bottom)
    case("sameMax2d." + words(k=k, s=s), [x], lambda t: F.max_pool2d(F.pad(t, sides, value=-torch.inf), k, s))
    case("sameAverage2d." + words(k=k, s=s), [x], lambda t: F.avg_pool2d(F.pad(t, sides), k, s)
         / F.avg_pool2d(F.pad(torch.ones_like(t), sides), k, s))
for n, m in [(11, 4), (5, 5), (4, 7), (1, 3), (9, 1)]:
    x = normal(2, 3, n)
    case("adaptiveAverage1d." + words(o=m) + f".n{n}", [x], lambda t: F.adaptive_avg_pool1d(t, m))
    case("adaptiveMax1d." + words(o=m) + f".n{n}", [x], lambda t: F.adaptive_max_pool1d(t, m))
for size in [(2, 3), (7, 9), (1, 1), (8, 4)]:
    x = normal(2, 3, 7, 9)
    case("adaptiveAverage2d." + words(o=size), [x], lambda t: F.adaptive_avg_pool2d(t, size))
    case("adaptiveMax2d." + words(o=size), [x], lambda t: F.adaptive_max_pool2d(t, size))
case("globalAverage.signal", [normal(2, 3, 7)], lambda t: t.mean(2))
case("globalAverage.image", [normal(2, 3, 7, 5)], lambda t: t.mean((2, 3)))
case("globalMax.image", [normal(2, 3, 7, 5)], lambda t: t.amax((2, 3)))

# Resizing: larger, smaller, equal, from one element and to one.
for n, m in [(5, 9), (9, 4), (7, 7), (1, 6), (6, 1), (4, 13)]:
    x = normal(2, 3, n)
    tag = words(o=m) + f".n{n}"
    case(f"linear1d.{tag}", [x], lambda t: F.interpolate(t, m, mode="linear"))
    case(f"linear1d.{tag}.corners", [x], lambda t: F.interpolate(t, m, mode="linear", align_corners=True))
    case(f"nearest1d.{tag}", [x], lambda t: F.interpolate(t, m, mode="nearest"))
for n, m in [((5, 7), (9, 11)), ((9, 11), (4, 3)), ((5, 7), (5, 7)), ((5, 8), (13, 3)), ((1, 4), (3, 1)), ((3, 2), (1, 9))]:
    x = normal(2, 3, *n)
    tag = words(o=m, n=n)
    case(f"nearest2d.{tag}", [x], lambda t: F.interpolate(t, m, mode="nearest"))
    for ours, theirs in [("linear2d", "bilinear"), ("cubic2d", "bicubic")]:
        case(f"{ours}.{tag}", [x], lambda t: F.interpolate(t, m, mode=theirs))
        case(f"{ours}.{tag}.corners", [x], lambda t: F.interpolate(t, m, mode=theirs, align_corners=True))
        case(f"{ours}.{tag}.antialiased", [x], lambda t: F.interpolate(t, m, mode=theirs, antialias=True))

# Columns and padding.
for k, s, p, d in [((2, 3), (1, 1), (0, 0), (1, 1)), ((3, 2), (2, 1), (1, 2), (1, 1)), ((2, 2), (3, 2), (1, 0), (2, 3)),
                   ((7, 1), (1, 4), (0, 0), (1, 1))]:
    tag = words(k=k, s=s, p=p, d=d)
    x = normal(2, 3, 7, 8)
    case(f"unfold.{tag}", [x], lambda t: F.unfold(t, k, d, p, s))
    columns = F.unfold(torch.from_numpy(x), k, d, p, s).shape
    case(f"fold.{tag}", [normal(*columns)], lambda t: F.fold(t, (7, 8), k, d, p, s))
for mode in ("reflect", "replicate", "circular"):
    case(f"pad.{mode}.signal", [normal(2, 3, 5)], lambda t: F.pad(t, (4, 2), mode=mode))
    case(f"pad.{mode}.image", [normal(2, 3, 5, 4)], lambda t: F.pad(t, (3, 1, 0, 2), mode=mode))

# Depthwise: kernel × stride × padding × dilation × multiplier, rows around the width of a vector.
for (k, s, p, d), m in itertools.product(
        [(3, 1, 1, 1), (5, 2, 2, 1), (4, 3, 0, 2), (1, 1, 0, 1), (7, 1, 6, 1)], (1, 2)):
    case("depthwise1d." + words(k=k, s=s, p=p, d=d, m=m), [normal(2, 3, 19), normal(3 * m, 1, k), normal(3 * m)],
         lambda t, w, b: F.conv1d(t, w, b, s, p, d, groups=3))
for i, ((k, s, p, d), m) in enumerate(itertools.product(
        [((3, 3), (1, 1), (1, 1), (1, 1)), ((3, 3), (2, 2), (1, 1), (1, 1)), ((5, 5), (1, 1), (2, 2), (1, 1)),
         ((3, 3), (1, 1), (2, 3), (2, 3)), ((2, 4), (1, 3), (0, 2), (1, 1)), ((3, 3), (2, 1), (0, 4), (1, 1)),
         ((7, 6), (1, 1), (3, 3), (1, 1)), ((3, 3), (1, 1), (0, 0), (1, 1))], (1, 2))):
    width = (14, 17, 5, 33)[i % 4]
    case("depthwise2d." + words(k=k, s=s, p=p, d=d, m=m) + f".n{width}",
         [normal(2, 3, 7, width), normal(3 * m, 1, *k), normal(3 * m)],
         lambda t, w, b: F.conv2d(t, w, b, s, p, d, groups=3))
case("depthwise2d." + words(k=(3, 3), s=(1, 1), p=(1, 1), d=(1, 1), m=1) + ".plain",
     [normal(1, 4, 1, 6), normal(4, 1, 3, 3)], lambda t, w: F.conv2d(t, w, None, 1, 1, 1, groups=4))
for s, p in [((1, 1), (1, 1)), ((2, 1), (0, 2))]:
    case("separable2d." + words(s=s, p=p), [normal(2, 3, 7, 9), normal(6, 1, 3, 4), normal(5, 6, 1, 1), normal(5)],
         lambda t, w, v, b: F.conv2d(F.conv2d(t, w, None, s, p, groups=3), v, b))
case("separable1d." + words(s=2, p=3), [normal(2, 3, 17), normal(6, 1, 4), normal(5, 6, 1), normal(5)],
     lambda t, w, v, b: F.conv1d(F.conv1d(t, w, None, 2, 3, groups=3), v, b))

# Transposed: kernel × stride × padding × output padding × dilation × groups.
for (k, s, p, o, d), g in itertools.product(
        [(3, 1, 0, 0, 1), (4, 2, 1, 0, 1), (3, 2, 1, 1, 1), (2, 3, 0, 2, 1), (3, 3, 2, 0, 2), (5, 2, 3, 1, 3), (1, 1, 0, 0, 1)],
        (1, 2)):
    case("transposed1d." + words(k=k, s=s, p=p, o=o, d=d, g=g), [normal(2, 4, 7), normal(4, 3, k), normal(3 * g)],
         lambda t, w, b: F.conv_transpose1d(t, w, b, s, p, o, g, d))
for (k, s, p, o, d), g in itertools.product(
        [((4, 4), (2, 2), (1, 1), (0, 0), (1, 1)), ((3, 3), (2, 2), (1, 1), (1, 1), (1, 1)),
         ((2, 3), (1, 2), (0, 1), (0, 1), (1, 1)), ((3, 2), (3, 1), (2, 1), (2, 0), (1, 2)),
         ((2, 5), (3, 2), (0, 2), (1, 1), (2, 1)), ((3, 3), (1, 1), (1, 1), (0, 0), (1, 1))], (1, 2)):
    case("transposed2d." + words(k=k, s=s, p=p, o=o, d=d, g=g),
         [normal(2, 4, 5, 6), normal(4, 3, *k), normal(3 * g)],
         lambda t, w, b: F.conv_transpose2d(t, w, b, s, p, o, g, d))
case("transposed2d." + words(k=(4, 4), s=(2, 2), p=(1, 1), o=(0, 0), d=(1, 1), g=1) + ".plain",
     [normal(1, 3, 6, 23), normal(3, 2, 4, 4)], lambda t, w: F.conv_transpose2d(t, w, None, 2, 1))

resizing = {"linear1d", "nearest1d", "nearest2d", "linear2d", "cubic2d"}
families = {"unfold": "columns", "fold": "columns", "pad": "columns", "depthwise1d": "depthwise",
            "depthwise2d": "depthwise", "separable1d": "depthwise", "separable2d": "depthwise",
            "transposed1d": "transposed", "transposed2d": "transposed"}
cases.write(GOLDEN, "generate_spatial.py",
            lambda first: "resizing" if first in resizing else families.get(first, "pooling"))
