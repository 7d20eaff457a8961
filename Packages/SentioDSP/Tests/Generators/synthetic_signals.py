"""The signals of `SyntheticSignals.swift`, bit for bit, so that golden files hold only results."""

import numpy as np


def noise(count, seed=1):
    values = np.empty(count, dtype=np.float32)
    state = seed
    for i in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        values[i] = np.float32((state >> 40) - 0x800000) / np.float32(0x800000)
    return values


def tones(count, sample_rate, partials):
    n = np.arange(count, dtype=np.float64)
    total = np.zeros(count)
    for frequency, amplitude in partials:
        total = total + amplitude * np.sin(2 * np.pi * frequency * n / sample_rate)
    return (np.rint(total * 1048576) / 1048576).astype(np.float32)


def clicks(count, period):
    return (np.arange(count) % period == 0).astype(np.float32)


def silence(count):
    return np.zeros(count, dtype=np.float32)


def mixture(count, sample_rate):
    chord = tones(count, sample_rate, [
        (110, 0.25), (220, 0.125), (277.25, 0.125), (331, 0.125), (1760, 0.0625)])
    n = np.arange(count)
    swell = ((n % 16384).astype(np.float32) / np.float32(16384)).astype(np.float32)
    click = np.where(n % 11025 == 100, np.float32(0.5), np.float32(0))
    return chord * swell + noise(count, 7) * np.float32(0.015625) + click


def signal(kind, count, rate):
    """The signal that a golden case names, as `SignalCase.swift` makes it."""
    return {
        "noise": lambda: noise(count),
        "tones": lambda: tones(count, rate, [(443.7, .5), (1318.9, .25), (0.21 * rate, .125)]),
        "clicks": lambda: clicks(count, 4410),
        "silence": lambda: silence(count),
        "mixture": lambda: mixture(count, rate),
    }[kind]()
