"""Golden values of networks' front ends: librosa's spectrograms and coefficients, torch's resizing.

    python3 Tests/Generators/generate_front_ends.py

Writes Tests/SentioModelsTests/Golden/FrontEnd/front_ends.safetensors. Made with librosa 0.11, numpy 2, torch 2.13 and
safetensors. The signal is a formula of whole numbers, which the tests compute too, so that none is stored.
"""

from pathlib import Path

import librosa
import numpy as np
import torch
from safetensors.numpy import save_file

RATE = 22050
FFT = 2048
HOP = 512
ROOT = Path(__file__).resolve().parent.parent / "SentioModelsTests" / "Golden" / "FrontEnd"


def signal(count):
    """A sweep that folds, in three loudnesses of a fifth of a second each."""
    i = np.arange(count, dtype=np.int64)
    wave = (i * i * 31 + i * 1700) // 512 % 4096 - 2048
    loudness = 1 + (i // 4410) % 3
    return (wave * loudness / 16384).astype(np.float32)


def unit_levels(x):
    power = librosa.feature.melspectrogram(
        y=x, sr=RATE, n_fft=FFT, hop_length=HOP, n_mels=32, fmin=20, fmax=8000)
    levels = librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=80)
    return ((levels - levels.max()) / 80 + 1).astype(np.float32)


def picture(unit, height, width):
    x = torch.from_numpy(unit)[None, None]
    x = torch.nn.functional.interpolate(
        x, size=(height, width), mode="bilinear", align_corners=False, antialias=True)
    mean = torch.tensor([0.485, 0.456, 0.406])[None, :, None, None]
    deviation = torch.tensor([0.229, 0.224, 0.225])[None, :, None, None]
    return ((x.repeat(1, 3, 1, 1) - mean) / deviation)[0].numpy()


def steps(x, step, count):
    """Means over steps of 13 coefficients, centroid and loudness."""
    power = librosa.feature.melspectrogram(
        y=x, sr=RATE, n_fft=FFT, hop_length=HOP, n_mels=128, fmin=20, fmax=8000)
    rows = np.concatenate([
        librosa.feature.mfcc(S=librosa.power_to_db(power, top_db=80), n_mfcc=13),
        librosa.feature.spectral_centroid(y=x, sr=RATE, n_fft=FFT, hop_length=HOP,
                                          pad_mode="constant"),
        librosa.feature.rms(y=x, frame_length=FFT, hop_length=HOP, pad_mode="constant"),
    ])
    times = librosa.times_like(rows, sr=RATE, hop_length=HOP)
    return np.stack([
        rows[:, (times >= step * k) & (times < step * (k + 1))].mean(axis=1) for k in range(count)
    ]).astype(np.float32)


def segments(x, count, size):
    return np.concatenate([
        librosa.feature.mfcc(
            y=x[k * size:(k + 1) * size], sr=RATE, n_mfcc=13, n_fft=FFT, hop_length=HOP).T
        for k in range(count)
    ]).astype(np.float32)


def main():
    x = signal(26460)  # 1.2 s
    unit = unit_levels(librosa.util.fix_length(x, size=33075))  # 1.5 s
    tensors = {
        "unit": unit,
        "standardized": ((unit - unit.mean()) / unit.std()).astype(np.float32),
        "picture": picture(unit, 24, 20),
        "steps": steps(x, 0.25, 5),
        "segments": segments(x, 3, 8820),
    }
    ROOT.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: np.ascontiguousarray(value) for name, value in tensors.items()},
        ROOT / "front_ends.safetensors",
        metadata={"librosa": librosa.__version__, "torch": torch.__version__})
    for name, value in tensors.items():
        print(name, value.shape)


if __name__ == "__main__":
    main()
