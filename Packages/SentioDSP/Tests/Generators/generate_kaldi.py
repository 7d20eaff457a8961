"""Golden files of the Kaldi filter bank and of AST's front end.

Run with torch, transformers, numpy and torchaudio's files installed (its compiled part is not used):
python generate_kaldi.py
"""

import importlib.util
import pathlib
import sys
import types

import numpy as np
import torch

from golden_files import GoldenFolder
import synthetic_signals as signals


def load_kaldi():
    """torchaudio.compliance.kaldi without torchaudio's compiled library, which it does not need.

    The module is left registered, so that transformers uses it too.
    """
    found = importlib.util.find_spec("torchaudio")
    root = pathlib.Path(found.origin).parent
    package = types.ModuleType("torchaudio")
    package.__spec__, package.__path__ = found, [str(root)]
    compliance = types.ModuleType("torchaudio.compliance")
    compliance.__path__ = [str(root / "compliance")]
    sys.modules["torchaudio"] = package
    sys.modules["torchaudio.compliance"] = package.compliance = compliance
    import torchaudio.compliance.kaldi as kaldi
    compliance.kaldi = kaldi
    return kaldi


def signal(kind, count, rate):
    return {
        "mixture": lambda: signals.mixture(count, rate),
        "noise": lambda: signals.noise(count),
        "clicks": lambda: signals.clicks(count, 997),
        "silence": lambda: signals.silence(count),
        "tone": lambda: signals.tones(count, rate, [(440.0, 0.5)]),
    }[kind]()


def main():
    kaldi = load_kaldi()
    folder = GoldenFolder("Kaldi", ["torchaudio", "torch", "transformers", "numpy"])

    def fbank(kind="mixture", count=8191, rate=16000, scale=1.0, **options):
        wave = torch.from_numpy(signal(kind, count, rate) * np.float32(scale))[None]
        values = kaldi.fbank(wave, sample_frequency=float(rate), **options)
        return {"signal": kind, "count": count, "rate": rate, "scale": scale, **options,
                "values": values.numpy()}

    files = {
        "defaults": [fbank(kind) for kind in ("mixture", "noise", "clicks", "silence", "tone")]
        + [fbank("mixture", 8191, scale=32768.0), fbank("noise", 400), fbank("noise", 399 + 161)],
        "rates": [fbank("mixture", n, rate, num_mel_bins=40) for rate, n in (
            (8000, 4001), (16000, 8001), (22050, 11027), (44100, 15001), (48000, 16003))],
        "windows": [fbank(window_type=w) for w in (
            "hanning", "hamming", "povey", "rectangular", "blackman")],
        "reflect": [fbank(snip_edges=False), fbank("noise", 400, snip_edges=False),
                    fbank("noise", 1000, snip_edges=False, frame_shift=25.0),
                    fbank("noise", 2000, snip_edges=False, frame_shift=40.0)],
        "energy": [fbank(use_energy=True), fbank(use_energy=True, htk_compat=True),
                   fbank(use_energy=True, raw_energy=False, energy_floor=0.0),
                   fbank("silence", use_energy=True), fbank("silence", use_energy=True, energy_floor=0.0)],
        "scales": [fbank(use_power=False), fbank(use_log_fbank=False),
                   fbank(use_power=False, use_log_fbank=False), fbank(subtract_mean=True)],
        "steps": [fbank(remove_dc_offset=False), fbank(preemphasis_coefficient=0.0),
                  fbank(preemphasis_coefficient=0.5), fbank(round_to_power_of_two=False),
                  fbank(frame_length=32.0, frame_shift=8.0)],
        "bands": [fbank(num_mel_bins=128), fbank(num_mel_bins=80, low_freq=0.0),
                  fbank(num_mel_bins=40, low_freq=300.0, high_freq=3400.0),
                  fbank(num_mel_bins=30, high_freq=-400.0)],
    }
    for name, cases in files.items():
        folder.write(name, cases)

    from transformers import ASTFeatureExtractor
    ast = []
    for kind, count, frames in (("mixture", 8191, 64), ("noise", 16000, 64), ("silence", 4000, 32)):
        extractor = ASTFeatureExtractor(max_length=frames)
        values = extractor(signal(kind, count, 16000), sampling_rate=16000)["input_values"][0]
        ast.append({"signal": kind, "count": count, "frames": frames, "values": np.asarray(values)})
    folder.write("ast", ast)
    folder.close()


main()
