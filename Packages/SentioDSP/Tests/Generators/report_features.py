"""The report's 164 features by librosa 0.11."""

import librosa
import numpy as np

MEL = dict(n_mels=128, fmin=20., fmax=8000.)


def mel_levels(y, rate):
    return librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=rate, **MEL))


def report_rows(y, rate):
    """The 41 rows of the report's feature set."""
    s = np.abs(librosa.stft(y))
    mel = mel_levels(y, rate)
    zcr = librosa.feature.zero_crossing_rate(y)
    rms = librosa.feature.rms(y=y)
    return np.concatenate([
        librosa.feature.mfcc(S=mel, n_mfcc=13), librosa.feature.spectral_centroid(S=s, sr=rate),
        librosa.feature.spectral_rolloff(S=s, sr=rate),
        librosa.feature.spectral_bandwidth(S=s, sr=rate),
        librosa.feature.spectral_contrast(S=s, sr=rate), zcr, rms, librosa.feature.delta(zcr),
        librosa.feature.delta(rms), energy_entropy(y)[None],
        librosa.onset.onset_strength(S=mel, sr=rate)[None],
        librosa.feature.chroma_stft(S=s**2, sr=rate)])


def energy_entropy(y):
    """pyAudioAnalysis's definition on librosa's frames: ten blocks, in bits."""
    frames = librosa.util.frame(np.pad(y, 1024), frame_length=2048, hop_length=512)
    power = frames.astype(np.float64) ** 2
    eps = np.finfo(float).eps
    blocks = power[:2040].reshape(10, 204, -1).sum(1)
    share = blocks / (power.sum(0) + eps)
    return -(share * np.log2(share + eps)).sum(0)


def report164(y, rate):
    rows = report_rows(y, rate)
    return np.stack([rows.mean(1), rows.std(1), rows.min(1), rows.max(1)], 1).ravel()
