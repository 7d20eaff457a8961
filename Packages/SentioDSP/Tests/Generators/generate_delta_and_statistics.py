"""Golden files of deltas over time and of statistics over time.

Run with librosa, scipy and numpy installed: python generate_delta_and_statistics.py
"""

import librosa
import numpy as np
import scipy.stats

from golden_files import GoldenFolder
import synthetic_signals as signals


def rows(count, frames):
    """Noise rows, the later ones steps and ramps upon it; row-major."""
    x = signals.noise(count * frames, 3).reshape(count, frames)
    ramp = np.arange(frames, dtype=np.float32) / np.float32(64)
    scale = np.float32(2) ** np.arange(count, dtype=np.float32)[:, None]
    return (x + ramp * np.float32(0.125)) * scale


def delta(frames, width, order, mode, **options):
    x = rows(5, frames)
    values = librosa.feature.delta(x, width=width, order=order, mode=mode, axis=-1, **options)
    return {"rows": 5, "frames": frames, "width": width, "order": order, "mode": mode, **options,
            "values": values}


def statistics(count, frames, offset, rate):
    x = rows(count, frames) + np.float32(offset)
    d = x.astype(np.float64)
    time = np.arange(frames) / rate
    columns = [d.mean(1), d.std(1), d.min(1), d.max(1)]
    columns += [np.quantile(d, q, axis=1) for q in (0, 0.1, 0.25, 0.5, 0.9, 1)]
    columns += [scipy.stats.skew(d, axis=1), scipy.stats.kurtosis(d, axis=1)]
    columns += [[scipy.stats.linregress(time, row).slope for row in d]]
    return {"rows": count, "frames": frames, "offset": offset, "rate": rate,
            "values": np.stack(columns, axis=1)}


def main():
    folder = GoldenFolder("Delta", ["librosa", "scipy", "numpy"])
    folder.write("interp", [delta(f, w, o, "interp") for f, w, o in (
        (40, 9, 1), (9, 9, 1), (41, 9, 2), (40, 5, 1), (12, 11, 3), (30, 3, 2), (60, 25, 4))])
    folder.write("nearest", [delta(f, w, o, "nearest") for f, w, o in (
        (40, 9, 1), (4, 9, 1), (1, 9, 1), (40, 9, 2))])
    folder.write("mirror", [delta(f, w, o, "mirror") for f, w, o in (
        (40, 9, 1), (4, 9, 1), (3, 9, 1), (40, 9, 2))])
    folder.write("wrap", [delta(f, w, o, "wrap") for f, w, o in (
        (40, 9, 1), (4, 9, 1), (40, 9, 2))])
    folder.write("constant", [delta(f, w, o, "constant", cval=c) for f, w, o, c in (
        (40, 9, 1, 0.0), (4, 9, 1, 0.0), (40, 9, 2, 1.5))])
    folder.close()

    folder = GoldenFolder("Statistics", ["scipy", "numpy"])
    folder.write("rows", [statistics(*c) for c in (
        (7, 100, 0, 43.07), (3, 2, 0, 1.0), (20, 1293, 0, 43.06640625), (4, 300, 1000, 100.0),
        (2, 3, 0, 10.0))])
    folder.close()


main()
