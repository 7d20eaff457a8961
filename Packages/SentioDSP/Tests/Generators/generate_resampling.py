"""Golden files of resampling: soxr's HQ recipe on band-limited bursts.

Run with soxr and numpy installed: python generate_resampling.py
"""

import numpy as np
import soxr

from golden_files import GoldenFolder


def burst(count, rate, highest):
    """Three tones under a Gaussian envelope: nothing reaches the edges or the transition band."""
    n = np.arange(count)
    envelope = np.exp(-0.5 * ((n - count / 2) / (count / 14)) ** 2)
    tones = sum(
        a * np.sin(2 * np.pi * f * highest * n / rate + p)
        for f, a, p in ((0.11, 0.5, 0.0), (0.43, 0.25, 1.0), (0.83, 0.125, 2.0)))
    return (envelope * tones).astype(np.float32)


def main():
    folder = GoldenFolder("Resampling", ["soxr", "numpy"])
    cases = []
    for source, target, count in (
        (44100, 22050, 6001), (48000, 22050, 6002), (48000, 16000, 6003), (44100, 16000, 6000),
        (8000, 22050, 2001), (16000, 22050, 3001), (22050, 44100, 3001), (44100, 48000, 4001),
        (35467, 22050, 6001), (22050, 35467, 3001), (96000, 8000, 20000)):
        signal = burst(count, source, min(source, target) / 2)
        values = soxr.resample(signal, source, target, quality="HQ")
        values = values[: -(-count * target // source)]
        cases.append({"from": source, "to": target, "count": count, "values": values})
    folder.write("soxr-hq", cases)
    folder.close()


main()
