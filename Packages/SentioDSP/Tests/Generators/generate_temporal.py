"""Golden files of frame-wise loudness, zero crossings and energy entropy.

Run with librosa, scipy, numpy and pyAudioAnalysis's files installed: python generate_temporal.py
"""

import importlib.util
import pathlib

import librosa
import numpy as np

from golden_files import GoldenFolder
import synthetic_signals as signals


def load_energy_entropy():
    """pyAudioAnalysis's function alone: its module imports plotting and file formats that it does not need."""
    found = importlib.util.find_spec("pyAudioAnalysis")
    path = pathlib.Path(found.submodule_search_locations[0]) / "ShortTermFeatures.py"
    source = path.read_text()
    start = source.index("def energy_entropy")
    end = source.index("\ndef ", start)
    namespace = {"np": np, "eps": np.finfo(np.float64).eps}
    exec(source[start:end], namespace)
    return namespace["energy_entropy"]


def signal(kind, count, rate):
    return {
        "mixture": lambda: signals.mixture(count, rate),
        "noise": lambda: signals.noise(count),
        "clicks": lambda: signals.clicks(count, 997),
        "silence": lambda: signals.silence(count),
        "tone": lambda: signals.tones(count, rate, [(440.0, 0.5)]),
    }[kind]()


def main():
    folder = GoldenFolder("Temporal", ["librosa", "numpy", "pyAudioAnalysis"])
    energy_entropy = load_energy_entropy()

    def case(kind, count, rate, frame=2048, hop=512, center=True, blocks=10, threshold=1e-10,
             zero_pos=True):
        y = signal(kind, count, rate)
        options = {"frame_length": frame, "hop_length": hop, "center": center}
        rms = librosa.feature.rms(y=y, **options)[0]
        zcr = librosa.feature.zero_crossing_rate(
            y, **options, threshold=threshold, zero_pos=zero_pos)[0]
        padded = np.pad(y, frame // 2) if center else y
        framed = librosa.util.frame(padded, frame_length=frame, hop_length=hop)
        entropy = [energy_entropy(f.astype(np.float64), blocks) for f in framed.T]
        return {"signal": kind, "count": count, "rate": rate, **options, "blocks": blocks,
                "threshold": threshold, "zero_pos": zero_pos,
                "values": np.stack([rms, zcr, entropy], axis=1)}

    folder.write("signals", [case(kind, 22051, 22050) for kind in (
        "mixture", "noise", "clicks", "silence", "tone")])
    folder.write("rates", [case("mixture", n, rate) for rate, n in (
        (8000, 9001), (16000, 16001), (22050, 22050), (44100, 44101), (48000, 47999))])
    folder.write("framing", [
        case("mixture", 8193, 22050, center=False), case("mixture", 2048, 22050, center=False),
        case("mixture", 8193, 22050, frame=1001, hop=333), case("noise", 1, 22050),
        case("noise", 2, 22050), case("noise", 100, 22050), case("mixture", 5000, 22050, 400, 160),
        case("mixture", 5000, 22050, 2048, 512, True, 7), case("noise", 5000, 22050, 30, 7, True, 1)])
    folder.write("crossings", [
        case("tone", 8193, 22050, threshold=0.1), case("clicks", 8193, 22050, zero_pos=False),
        case("silence", 3000, 22050, zero_pos=False),
        case("tone", 8193, 22050, threshold=0.25, zero_pos=False),
        case("noise", 8193, 22050, threshold=0.0)])
    folder.close()


main()
