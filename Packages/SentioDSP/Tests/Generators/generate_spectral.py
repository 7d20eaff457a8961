"""Golden files of the spectral features: librosa's results on synthetic signals.

Run with librosa 0.11 installed: python generate_spectral.py
"""

import warnings

import librosa
import numpy as np

from golden_files import GoldenFolder
from report_features import mel_levels, report164
from synthetic_signals import signal

warnings.simplefilter("ignore")
RATES = (8000, 16000, 22050, 44100, 48000)
# Every kind of signal at one rate, every rate with one kind, an odd length, one frame, and fewer
# samples than a window.
SIGNALS = [
    *((kind, 12001, 22050) for kind in ("noise", "tones", "silence", "clicks", "mixture")),
    *(("mixture", 9000, rate) for rate in RATES if rate != 22050),
    ("mixture", 300, 22050), ("noise", 1500, 22050), ("mixture", 1, 22050),
]


def cases(compute, signals=SIGNALS, **parameters):
    for kind, count, rate in signals:
        values = compute(signal(kind, count, rate), rate)
        yield {"kind": kind, "count": count, "rate": rate, "values": values, **parameters}


def windows(folder):
    import scipy.signal

    rows = []
    for name, spec in (("hann", "hann"), ("hamming", "hamming"), ("blackman", "blackman"),
                       ("blackmanHarris", "blackmanharris"), ("bartlett", "bartlett"),
                       ("kaiser", ("kaiser", 8.6)), ("rectangular", "boxcar")):
        for count in (1, 2, 15, 16):
            for periodic in (True, False):
                values = scipy.signal.get_window(spec, count, fftbins=periodic)
                rows.append({"name": name, "count": count, "periodic": periodic, "values": values})
    folder.write("windows", rows)


def transforms(folder):
    rows = []
    for length, hop, window_length, centered, padding in (
            (2048, 512, 2048, True, "constant"), (1024, 300, 1024, True, "reflect"),
            (512, 128, 400, True, "edge"), (400, 160, 400, False, "constant"),
            (441, 110, 441, True, "reflect"), (2048, 512, 2048, False, "constant")):
        for kind, count, rate in (("mixture", 6001, 22050), ("noise", 3000, 22050)):
            spectrum = librosa.stft(
                signal(kind, count, rate), n_fft=length, hop_length=hop, win_length=window_length,
                center=centered, pad_mode=padding).T[::3, ::7]
            rows.append({
                "kind": kind, "count": count, "rate": rate, "fftLength": length, "hop": hop,
                "windowLength": window_length, "centered": centered, "padding": padding,
                "values": np.stack([spectrum.real, spectrum.imag], -1)})
    folder.write("stft", rows)


def mel_filters(folder):
    for scale in ("slaney", "htk"):
        for norm in ("slaney", "unitPeak", "unitSum"):
            rows = []
            for rate, length, bands, low, high in (
                    (22050, 2048, 128, 20., 8000.), (16000, 400, 40, 0., 8000.),
                    (44100, 1024, 26, 133., 6855.)):
                weights = librosa.filters.mel(
                    sr=rate, n_fft=length, n_mels=bands, fmin=low, fmax=high, htk=scale == "htk",
                    norm={"slaney": "slaney", "unitPeak": None, "unitSum": 1}[norm])
                # Each row at the bins that it can touch: row sums, moments and every 11th bin.
                bins = np.arange(weights.shape[1])
                values = np.concatenate(
                    [weights.sum(1), weights @ bins / 1000, weights[:, ::11].ravel()])
                rows.append({"rate": rate, "fftLength": length, "bands": bands, "low": low,
                             "high": high, "values": values})
            folder.write(f"mel-filters-{scale}-{norm}", rows)


def levels(folder):
    rows = []
    powers = np.concatenate([[0, 1e-12, 1e-10, 1, 1e10], np.logspace(-9, 6, 32)]).astype(np.float32)
    for reference in (1.0, 0.25, "maximum"):
        for floor in (1e-10, 1e-5):
            for top in (None, 80.0, 30.0):
                rows.append({
                    "reference": 0.0 if reference == "maximum" else reference, "floor": floor,
                    "range": -1.0 if top is None else top,
                    "values": np.stack([powers, librosa.power_to_db(
                        powers, ref=np.max if reference == "maximum" else reference, amin=floor,
                        top_db=top)])})
    folder.write("power-to-db", rows)


def contrast(y, rate):
    return librosa.feature.spectral_contrast(y=y, sr=rate, n_bands=4 if rate == 8000 else 6).T


def flux(y, rate):
    """Not librosa's: the definition in the documentation, in double precision."""
    s = np.abs(librosa.stft(y)).astype(np.float64)
    total = s.sum(0)
    s = s / np.where(total < np.finfo(np.float32).tiny, 1, total)
    return np.concatenate([[0], np.sqrt((np.diff(s, axis=1) ** 2).sum(0))])


def chroma(y, rate):
    return librosa.feature.chroma_stft(y=y, sr=rate).T


def main():
    folder = GoldenFolder("Spectral", ["librosa", "numpy", "scipy"], seed=1)
    windows(folder)
    transforms(folder)
    mel_filters(folder)
    levels(folder)
    folder.write("mel-levels", [*cases(lambda y, sr: mel_levels(y, sr).T[::5])])
    folder.write("mel-reflect-htk", [*cases(
        lambda y, sr: librosa.feature.melspectrogram(
            y=y, sr=sr, n_fft=1024, hop_length=256, pad_mode="reflect", n_mels=40, fmin=0.,
            fmax=4000., htk=True, norm=None, power=1.).T[::5],
        [("noise", 12001, 22050), ("mixture", 9000, 48000)])])
    folder.write("mfcc", [*cases(
        lambda y, sr: librosa.feature.mfcc(S=mel_levels(y, sr), n_mfcc=13).T)])
    folder.write("mfcc-lifter-22", [*cases(
        lambda y, sr: librosa.feature.mfcc(S=mel_levels(y, sr), n_mfcc=20, lifter=22).T,
        [("mixture", 9000, 44100)])])
    feature = librosa.feature
    folder.write("centroid", [*cases(lambda y, sr: feature.spectral_centroid(y=y, sr=sr)[0])])
    folder.write("bandwidth", [*cases(lambda y, sr: feature.spectral_bandwidth(y=y, sr=sr)[0])])
    folder.write("rolloff", [*cases(lambda y, sr: feature.spectral_rolloff(y=y, sr=sr)[0])])
    folder.write("flatness", [*cases(lambda y, sr: feature.spectral_flatness(y=y)[0])])
    # The valleys between pure tones hold rounding noise only, in librosa as in any program.
    folder.write("contrast", [*cases(contrast, [s for s in SIGNALS if s[0] != "tones"])])
    folder.write("flux", [*cases(flux)])
    folder.write("rms", [*cases(lambda y, sr: feature.rms(S=np.abs(librosa.stft(y)))[0])])
    # A click's spectrum is flat, and its highest peaks are rounding noise: no tuning can be found.
    tuned = [s for s in SIGNALS if s[0] != "clicks"]
    folder.write("chroma", [*cases(chroma, tuned)])
    folder.write("chroma-tuned", [*cases(
        lambda y, sr: librosa.feature.chroma_stft(y=y, sr=sr, tuning=0.1).T)])
    folder.write("chroma-filters", [
        {"rate": rate, "fftLength": length, "tuning": tuning,
         "values": librosa.filters.chroma(sr=rate, n_fft=length, tuning=tuning)[:, ::5]}
        for rate, length, tuning in ((22050, 2048, 0.), (44100, 1024, 0.23), (8000, 512, -0.4))])
    folder.write("tuning", [*cases(
        lambda y, sr: [librosa.estimate_tuning(y=y, sr=sr),
                       librosa.estimate_tuning(S=np.abs(librosa.stft(y)) ** 2, sr=sr)], tuned)])
    folder.write("onset-strength", [*cases(
        lambda y, sr: librosa.onset.onset_strength(S=mel_levels(y, sr), sr=sr))])
    folder.write("report164", [*cases(report164, [
        ("mixture", 60000, 22050), ("noise", 12001, 22050), ("mixture", 40001, 44100),
        ("mixture", 40000, 48000), ("mixture", 30000, 16000), ("silence", 12001, 22050)])])
    folder.close()


main()
