"""Exports networks with the tool and computes them with ONNX Runtime and PyTorch: outputs must be ours.

For every network: a file of random weights is made and exported; PyTorch loads the TorchScript, and its state
dictionary, with every parameter and every running statistic drawn anew, is saved, imported, and exported again. What the
tool computes for random input is then compared with ONNX Runtime's and PyTorch's outputs, for batches of 3 and 1.

    verify_exports.py --tool Examples/.build/release/sentio [--full] [--only crnn]

Needs numpy, onnx, onnxruntime and torch. Measured with onnx 1.23, onnxruntime 1.28, torch 2.13.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime
import torch

# The largest difference over the largest output: what the sums' order alone makes of single precision.
TOLERANCE = 1e-4

TRANSFORMER = {"features": 24, "layers": 2, "heads": 4, "innerFeatures": 40}
PICTURE = {"imageSize": {"height": 32, "width": 48}, "patchSize": 8, "transformer": TRANSFORMER}
SPECTROGRAM = {"mels": 16, "frames": 40, "patchSize": 6, "stride": {"height": 4, "width": 5},
               "transformer": TRANSFORMER}
MOBILE = {"features": [16, 24, 32], "widths": [8, 8, 16, 16, 24, 24, 32], "depths": [1, 1, 1],
          "expansion": 2}
RECURRENT = {"filters": [12, 10, 8], "units": [7, 6], "denseUnits": 9}

# name: network, settings, further arguments of the export.
CASES = {
    "vit": ("visionTransformer", PICTURE, []),
    "vit-classifier": ("visionClassifier", PICTURE, []),
    "vit-emotion": ("visionEmotion", PICTURE, []),
    "vit-wide": ("visionEmotion", PICTURE, ["--input-shape", "3,40,72"]),
    "ast": ("audioTransformer", SPECTROGRAM, []),
    "ast-classifier": ("audioClassifier", SPECTROGRAM, []),
    "ast-emotion": ("audioEmotion", {"spectrogramSize": {"height": 16, "width": 40}, "patchSize": 8,
                                     "transformer": TRANSFORMER}, []),
    "mobilevit": ("mobileViT", MOBILE, ["--input-shape", "3,64,96"]),
    "mobilevit-stretched": ("mobileClassifier", MOBILE, ["--input-shape", "3,72,88"]),
    "student": ("mobileStudent", PICTURE, []),
    "crnn": ("crnn", {"features": 5, "frames": 24, **RECURRENT}, []),
    "crnn-mel": ("spectrogramCRNN", {"mels": 6, "frames": 60, **RECURRENT}, []),
    "genre-mlp": ("genreMLP", {"frames": 14, "units": [16, 12]}, []),
    "genre-cnn": ("genreCNN", {"frames": 21, "filters": [4, 5, 6], "denseUnits": 8}, []),
    "genre-lstm": ("genreRecurrent", {"frames": 14, "units": 7, "denseUnits": 8, "cell": "lstm"}, []),
    "genre-gru": ("genreRecurrent", {"frames": 14, "units": 7, "denseUnits": 8, "cell": "gru"}, []),
    "genre-rnn": ("genreRecurrent", {"frames": 14, "units": 7, "denseUnits": 8, "cell": "rnn"}, []),
}
FULL = {
    "student-full": ("mobileStudent", {}, []),
    "crnn-full": ("crnn", {}, []),
}


class Verifier:
    def __init__(self, tool, work):
        self.tool, self.work = tool, work
        self.random = np.random.default_rng(20261128)
        self.failures = []

    def run(self, *arguments):
        result = subprocess.run([self.tool, *map(str, arguments)], capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"sentio {' '.join(map(str, arguments))}: {result.stderr.strip()}")
        return result.stdout

    def names(self):
        """The networks that this build of the tool knows."""
        return self.run("model", "make", "--help")

    def redrawn(self, state):
        """Every number of a state dictionary drawn anew, so that no transposed or forgotten one goes unseen."""
        result = {}
        for name, value in state.items():
            if name.endswith("num_batches_tracked"):
                result[name] = value
                continue
            noise = torch.from_numpy(self.random.normal(size=tuple(value.shape)).astype(np.float32))
            if name.endswith("running_var"):
                result[name] = 0.5 + noise.abs()
            elif value.ndim > 1 and not name.startswith("embeddings.position"):
                fan = value[0].numel() if value.shape[0] > 1 else value.shape[-1]
                result[name] = noise / max(fan, 1) ** 0.5
            elif name.endswith("weight"):
                result[name] = 1 + 0.3 * noise
            else:
                result[name] = 0.3 * noise
        return result

    def compare(self, case, kind, ours, theirs):
        scale = np.abs(ours).max()
        error = np.abs(ours - theirs).max() / scale if ours.shape == theirs.shape else np.inf
        if not error <= TOLERANCE:
            self.failures.append(f"{case}: {kind} differs by {error:.2e} of {scale:.3g}")
        return error

    def verify(self, case, network, settings, options):
        file = self.work / f"{case}.sentio"
        sizes = ["--network", network] + (["--settings", json.dumps(settings)] if settings else [])
        self.run("model", "make", *sizes, "--output", file)
        script = self.work / f"{case}.pt"
        self.run("export", file, "--format", "torchscript", "--output", script, *options)

        # Through PyTorch: names and shapes of the state dictionary are the network's own.
        state = self.redrawn(torch.jit.load(str(script)).state_dict())
        saved = self.work / f"{case}.pth"
        torch.save(state, saved)
        self.run("model", "import", saved, *sizes, "--output", file)
        assert "sound" in self.run("model", "verify", file)

        self.run("export", file, "--format", "torchscript", "--output", script, *options)
        graph = self.work / f"{case}.onnx"
        self.run("export", file, "--format", "onnx", "--output", graph, *options)
        newest = self.work / f"{case}.21.onnx"
        self.run("export", file, "--format", "onnx", "--opset", 21, "--output", newest, *options)
        for path in (graph, newest):
            onnx.checker.check_model(str(path), full_check=True)
            self.run("model", "verify", path)
        self.run("model", "verify", script)

        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 3
        sessions = [onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
                    for path in (graph, newest)]
        module = torch.jit.load(str(script)).eval()
        shape = sessions[0].get_inputs()[0].shape[1:]
        worst = {"onnx": 0.0, "onnx 21": 0.0, "torch": 0.0}
        for batch in (3, 1):
            x = self.random.normal(size=[batch, *shape]).astype(np.float32)
            np.save(self.work / "x.npy", x)
            self.run("model", "run", file, "--input", self.work / "x.npy", "--output", self.work / "y.npy")
            ours = np.load(self.work / "y.npy")
            for kind, session in zip(("onnx", "onnx 21"), sessions):
                theirs = session.run(None, {"input": x})[0]
                worst[kind] = max(worst[kind], self.compare(case, kind, ours, theirs))
            with torch.inference_mode():
                theirs = module(torch.from_numpy(x)).numpy()
            worst["torch"] = max(worst["torch"], self.compare(case, "torch", ours, theirs))
        sizes = " ".join(f"{kind} {error:.1e}" for kind, error in worst.items())
        print(f"{case:20} {sizes}  {graph.stat().st_size >> 10} KiB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--full", action="store_true", help="two networks of the report's sizes too")
    parser.add_argument("--only", action="append", help="this case alone")
    options = parser.parse_args()
    torch.set_num_threads(2)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        verifier = Verifier(options.tool, pathlib.Path(folder))
        known = verifier.names()
        cases = {**CASES, **(FULL if options.full else {})}
        for case, (network, settings, more) in cases.items():
            if options.only and case not in options.only:
                continue
            if network not in known:
                print(f"{case:20} skipped: this tool has no {network}")
                continue
            verifier.verify(case, network, settings, more)
    print(f"{time.monotonic() - start:.0f} s")
    for failure in verifier.failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if verifier.failures else 0)


if __name__ == "__main__":
    main()
