"""Golden files of harmonic-percussive separation: librosa's masks of small matrices of magnitudes.

The magnitudes are absolute values of the noise of `synthetic_signals.py`, with lines along both axes.
Run with librosa and numpy installed: python generate_separation.py
"""

import librosa
import numpy as np

from golden_files import GoldenFolder
import synthetic_signals as signals


def magnitudes(bins, frames):
    s = np.abs(signals.noise(bins * frames, 3)).reshape(frames, bins)
    s[:, ::7] += 2
    s[::9, :] += 1
    s[frames // 2:frames // 2 + 3, : bins // 2] = 0
    return np.ascontiguousarray(s.T)


def main():
    folder = GoldenFolder("Separation", ["librosa", "numpy"])
    cases = []
    for bins, frames, harmonic, percussive, power, margins in (
        (65, 70, 31, 31, 2.0, (1.0, 1.0)), (33, 40, 31, 31, 2.0, (1.0, 5.0)),
        (40, 33, 17, 5, 1.0, (2.0, 1.5)), (16, 16, 31, 31, 3.5, (1.0, 1.0)),
        (20, 7, 31, 63, 2.0, (1.0, 1.0)), (1, 50, 9, 31, 2.0, (1.0, 1.0)),
        (50, 1, 31, 9, 2.0, (3.0, 3.0)), (30, 48, 31, 31, float("inf"), (1.0, 1.0))):
        masks = librosa.decompose.hpss(
            magnitudes(bins, frames), kernel_size=(harmonic, percussive), power=power,
            margin=margins, mask=True)
        # Frame-major: [part, frames, bins].
        values = np.stack([np.asarray(m, dtype=np.float32).T for m in masks])
        case = {"bins": bins, "frames": frames, "harmonic": harmonic, "percussive": percussive,
                "margins": margins, "values": values}
        if np.isfinite(power):
            case["power"] = power
        cases.append(case)
    folder.write("hpss-masks", cases)

    rate = 22050
    stft = librosa.stft(signals.mixture(9000, rate), n_fft=512, hop_length=256)
    parts = librosa.decompose.hpss(stft)
    values = np.stack([np.ascontiguousarray(p.T).view(np.float32) for p in parts])
    folder.write("hpss-parts", [{"count": 9000, "rate": rate, "kind": "mixture", "values": values}])
    folder.close()


main()
