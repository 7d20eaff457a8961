"""The extended feature set by librosa 0.11 and numpy: see `FeatureSet.extended`."""

import librosa
import numpy as np

from report_features import mel_levels, report_rows

# Krumhansl and Kessler's probe-tone profiles, from C.
MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
MINOR = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]
PULSE_SECONDS = [0.12, 0.24, 0.38, 0.6, 0.95, 1.5, 2.3]
MODULATION_HERTZ = [0.25, 1, 2, 4, 8, 16]


def parts(rows, count):
    """Means over `count` runs of rows."""
    edges = [index * len(rows) // count for index in range(count + 1)]
    return np.stack([rows[a:b].mean(0) for a, b in zip(edges, edges[1:])])


def triads(chroma):
    length = np.linalg.norm(chroma, axis=0)
    unit = chroma / np.where(length > 0, length, 1)
    best = []
    for chord in ((0, 4, 7), (0, 3, 7), (0, 3, 6), (0, 4, 8)):
        best.append(np.max([sum(np.roll(unit, -root, axis=0)[n] for n in chord)
                            for root in range(12)], axis=0) / np.sqrt(3))
    return np.stack(best + [best[0] - best[1]])


def key(chroma):
    profile = chroma.mean(1).astype(float)
    total = profile.sum()
    if total > 0:
        profile = profile / total

    def fit(template, tonic):
        turned = np.roll(profile, -tonic)
        return np.corrcoef(template, turned)[0, 1] if np.ptp(turned) > 0 else 0

    fits = np.array([[fit(t, tonic) for tonic in range(12)] for t in (MAJOR, MINOR)])
    major, minor = fits.max(1)
    return [*np.roll(profile, -(fits.argmax() % 12)), major, minor, major - minor,
            max(major, minor)]


def pulse(onset, rate):
    centered = onset.astype(float) - onset.mean(dtype=float)
    power = (centered ** 2).sum()
    lags = [round(s * rate) for s in PULSE_SECONDS]
    values = np.array([(centered[lag:] * centered[:-lag or None]).sum() if lag < len(onset) else 0
                       for lag in range(lags[-1] + 1)]) / (power if power > 0 else 1)
    bands = [values[a:b] for a, b in zip(lags, lags[1:])]
    beats = values[lags[2]:lags[5]]
    inner = onset[1:-1]
    onsets = ((inner > onset[:-2]) & (inner >= onset[2:])
              & (inner > onset.mean(dtype=float) + 1)).sum() if len(onset) > 2 else 0
    return ([b.max() for b in bands] + [b.mean() for b in bands]
            + [beats.max(), onsets * rate / len(onset)])


def modulation(levels, rate):
    count = levels.shape[1]
    window = np.hanning(count + 2)[1:-1]
    length = 1 << int(np.ceil(np.log2(max(count, 2))))
    tapered = (levels - levels.mean(1, keepdims=True)) * window
    spectrum = np.abs(np.fft.rfft(tapered, length, axis=1)) ** 2
    spectrum *= 2 / (length * (window ** 2).sum())
    hertz = np.arange(length // 2 + 1) * rate / length
    edges = MODULATION_HERTZ + [np.inf]
    return [10 * np.log10(1e-2 + part[(hertz >= a) & (hertz < b)].sum())
            for part in spectrum for a, b in zip(edges, edges[1:])]


def extended_rows(y, rate):
    levels = mel_levels(y, rate).astype(float)
    base = report_rows(y, rate).astype(float)
    rises = np.pad(np.maximum(np.diff(levels, axis=1), 0), ((0, 0), (1, 0)))
    return np.concatenate([base, parts(levels, 16), parts(rises, 8), triads(base[29:41])])


def extended(y, rate):
    rows = extended_rows(y, rate)
    frame_rate = rate / 512
    change = np.diff(rows, axis=1).std(1) if rows.shape[1] > 1 else np.zeros(len(rows))
    rms = rows[24]
    columns = [np.stack([rows.mean(1), rows.std(1), change], 1).ravel(),
               key(rows[29:41]), modulation(parts(mel_levels(y, rate).astype(float), 8), frame_rate),
               pulse(rows[28], frame_rate), [(rms < rms.mean()).mean()]]
    return np.concatenate(columns)
