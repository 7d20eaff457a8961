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
    "ast-published": ("publishedAudioEmotion", SPECTROGRAM, []),
    "ast-emotion": ("audioEmotion", {"spectrogramSize": {"height": 16, "width": 40}, "patchSize": 8,
                                     "transformer": TRANSFORMER}, []),
    "mobilevit": ("mobileViT", MOBILE, ["--input-shape", "3,64,96"]),
    "mobilevit-stretched": ("mobileClassifier", MOBILE, ["--input-shape", "3,72,88"]),
    "student": ("mobileStudent", PICTURE, []),
    "crnn": ("crnn", {"features": 5, "frames": 24, **RECURRENT}, []),
    "crnn-mel": ("spectrogramCRNN", {"mels": 6, "frames": 60, **RECURRENT}, []),
    "sequence": ("sequenceEmotion", {"features": 9, "steps": 12, "filters": [6, 5], "units": 4, "layers": 2},
                 []),
    "genre-mlp": ("genreMLP", {"frames": 14, "units": [16, 12]}, []),
    "genre-cnn": ("genreCNN", {"frames": 21, "filters": [4, 5, 6], "denseUnits": 8}, []),
    "genre-lstm": ("genreRecurrent", {"frames": 14, "units": 7, "denseUnits": 8, "cell": "lstm"}, []),
    "genre-gru": ("genreRecurrent", {"frames": 14, "units": 7, "denseUnits": 8, "cell": "gru"}, []),
    "genre-rnn": ("genreRecurrent", {"frames": 14, "units": 7, "denseUnits": 8, "cell": "rnn"}, []),
    "sequence-class": ("sequenceClassifier", {"features": 5, "stack": {"units": 6, "isBidirectional": True}}, []),
    "sequence-residual": ("sequenceClassifier", {"features": 6, "stack": {"cell": "gru", "units": 6, "layers": 3,
                          "isResidual": True}}, ["--input-shape", "17,6"]),
    "sequence-mean": ("sequenceClassifier", {"features": 5, "readout": "mean", "stack": {"cell": "rnn", "units": 6}},
                      []),
    "sequence-attention": ("sequenceClassifier", {"features": 5, "readout": "attention", "stack": {"units": 6}}, []),
    "sequence-labels": ("sequenceLabeler", {"features": 5, "stack": {"cell": "gru", "units": 6, "layers": 2,
                        "isBidirectional": True}}, []),
    "sequence-next": ("sequenceGenerator", {"vocabulary": 9, "embedding": 5, "stack": {"units": 6}}, []),
    "generator": ("spectrogramGenerator", {"mels": 16, "frames": 29, "noise": 10, "gridChannels": 6,
                                           "filters": [5, 4, 3]}, []),
    "discriminator": ("spectrogramDiscriminator", {"mels": 16, "frames": 29, "filters": [4, 5, 6, 7]}, []),
}
# With the front end in the file.
SOUND = {
    "sound-picture": ("mobileStudent", PICTURE),
    "sound-spectrogram": ("audioEmotion", CASES["ast-emotion"][1]),
    "sound-filter-bank": ("audioClassifier", SPECTROGRAM),
}
# With lengths as a second input: the outputs are those of the sequences alone.
LENGTHS = {
    "lengths-sequence": ("sequenceEmotion", CASES["sequence"][1]),
    "lengths-crnn": ("crnn", CASES["crnn"][1]),
    "lengths-genre": ("genreRecurrent", CASES["genre-lstm"][1]),
    "lengths-class": ("sequenceClassifier", CASES["sequence-class"][1]),
}
# Linear layers in 8-bit integers.
INTEGERS = {"integers-student": ("mobileStudent", {**PICTURE, "transformer": {**TRANSFORMER, "features": 64, "innerFeatures": 128}}),
            "integers-crnn": ("crnn", {"features": 5, "frames": 24, **RECURRENT, "denseUnits": 64})}
FULL = {
    "student-full": ("mobileStudent", {}, []),
    "crnn-full": ("crnn", {}, []),
}


def spectrogram(samples, mel, picture):
    """The report's front end for a network's input, by the definitions, in double precision."""
    length, hop = 2048, 512
    padded = np.pad(samples.astype(np.float64), [(0, 0), (length // 2, length // 2)])
    starts = range(0, padded.shape[1] - length + 1, hop)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    frames = np.stack([padded[:, start:start + length] for start in starts], axis=1) * window
    mel = mel if mel.shape[1] == length // 2 + 1 else mel.T
    levels = 10 * np.log10(np.maximum(np.abs(np.fft.rfft(frames)) ** 2 @ mel.T, 1e-10)).transpose(0, 2, 1)
    unit = np.maximum(0, (levels - levels.max(axis=(1, 2), keepdims=True)) / 80 + 1)[:, None]
    if picture is None:
        mean, deviation = (f(unit, axis=(2, 3), keepdims=True) for f in (np.mean, np.std))
        return (unit - mean) / deviation
    resized = torch.nn.functional.interpolate(
        torch.from_numpy(unit), (picture["height"], picture["width"]), mode="bilinear", antialias=True).numpy()
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    return (resized - mean[:, None, None]) / deviation[:, None, None]


def filter_bank(samples, mel):
    """Kaldi's filter bank as the audio spectrogram transformer takes it, by the definitions, in double precision."""
    length, hop, bins = 400, 160, 257
    starts = range(0, samples.shape[1] - length + 1, hop)
    frames = np.stack([samples[:, start:start + length] for start in starts], axis=1).astype(np.float64)
    frames -= frames.mean(axis=2, keepdims=True)
    frames -= 0.97 * np.concatenate([frames[..., :1], frames[..., :-1]], axis=2)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1))
    mel = mel if mel.shape[1] == bins else mel.T
    power = np.abs(np.fft.rfft(frames * window, 512)) ** 2 @ mel.T
    return (np.log(np.maximum(power, np.finfo(np.float32).eps)) + 4.2677393) / (2 * 4.5689974)


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

    def compare(self, case, kind, ours, theirs, tolerance=TOLERANCE):
        scale = np.abs(ours).max()
        error = np.abs(ours - theirs).max() / scale if ours.shape == theirs.shape else np.inf
        if not error <= tolerance:
            self.failures.append(f"{case}: {kind} differs by {error:.2e} of {scale:.3g}")
        return error

    @staticmethod
    def session(path):
        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 3
        return onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])

    def computed(self, file, x):
        """What the tool computes for an input."""
        np.save(self.work / "x.npy", x.astype(np.float32))
        self.run("model", "run", file, "--input", self.work / "x.npy", "--output", self.work / "y.npy")
        return np.load(self.work / "y.npy")

    def verify_sound(self, case, network, settings):
        """Samples of sound through the file's own front end, beside the network on an input that NumPy made."""
        file, graph, script = (self.work / f"{case}.{kind}" for kind in ("sentio", "onnx", "pt"))
        self.run("model", "make", "--network", network, "--settings", json.dumps(settings), "--front-end",
                 "--output", file)
        for kind, path in (("onnx", graph), ("torchscript", script)):
            self.run("export", file, "--format", kind, "--embed-front-end", "--output", path)
        onnx.checker.check_model(str(graph), full_check=True)
        tables = {table.name.removesuffix(":transposed"): onnx.numpy_helper.to_array(table)
                  for table in onnx.load(str(graph)).graph.initializer if table.name.startswith("front_end")}
        mel = tables["front_end.mel"].astype(np.float64)
        session = self.session(graph)
        count = session.get_inputs()[0].shape[1]
        time_ = np.arange(count) / 22050
        samples = np.stack([0.3 * np.sin(2 * np.pi * 440 * time_ * (1 + time_)),
                            0.1 * self.random.normal(size=count)]).astype(np.float32)
        if "front_end.frames" in tables:
            x = filter_bank(samples, mel)
        else:
            x = spectrogram(samples, mel, settings.get("imageSize"))
        ours = self.computed(file, x)
        theirs = session.run(None, {"samples": samples})[0]
        errors = [self.compare(case, "onnx", ours, theirs, 1e-3)]
        with torch.inference_mode():
            theirs = torch.jit.load(str(script)).eval()(torch.from_numpy(samples)).numpy()
        errors.append(self.compare(case, "torch", ours, theirs, 1e-3))
        silence = session.run(None, {"samples": 0 * samples})[0]
        if not np.isfinite(silence).all():
            self.failures.append(f"{case}: silence gives {silence}")
        print(f"{case:20} onnx {errors[0]:.1e} torch {errors[1]:.1e}  {graph.stat().st_size >> 10} KiB", flush=True)

    def verify_lengths(self, case, network, settings):
        """A batch of sequences of several lengths, beside each of them alone."""
        file, graph = self.work / f"{case}.sentio", self.work / f"{case}.onnx"
        self.run("model", "make", "--network", network, "--settings", json.dumps(settings), "--output", file)
        self.run("export", file, "--format", "onnx", "--lengths", "--output", graph)
        onnx.checker.check_model(str(graph), full_check=True)
        session = self.session(graph)
        _, frames, features = session.get_inputs()[0].shape
        lengths = np.array([frames, frames - 8, 4], np.int64)
        x = self.random.normal(size=[3, frames, features]).astype(np.float32)
        found = session.run(None, {"input": x, "lengths": lengths})[0]
        # What stands behind the end of a sequence counts for nothing.
        alone = [self.computed(file, x[i:i + 1, :n]) for i, n in enumerate(lengths)]
        if found.ndim > 2:
            # Outputs of steps that do not count are 0.
            alone = [np.pad(y, [(0, 0), (0, found.shape[1] - y.shape[1]), (0, 0)]) for y in alone]
        alone = np.concatenate(alone)
        error = self.compare(case, "onnx", alone, found)
        print(f"{case:20} onnx {error:.1e}", flush=True)

    def verify_integers(self, case, network, settings):
        """A network in 8-bit integers: the same numbers but where a sum's order moves one over the edge of a step."""
        file, small, graph, script = (self.work / f"{case}.{kind}" for kind in ("sentio", "8.sentio", "onnx", "pt"))
        self.run("model", "make", "--network", network, "--settings", json.dumps(settings), "--output", file)
        self.run("export", file, "--format", "onnx", "--output", graph)
        shape, floats = self.session(graph).get_inputs()[0].shape[1:], graph.stat().st_size
        x = self.random.normal(size=[32, *shape]).astype(np.float32)
        np.save(self.work / "calibration.npy", x)
        self.run("model", "quantize", file, "--calibration", self.work / "calibration.npy", "--output", small)
        self.run("export", small, "--format", "onnx", "--output", graph)
        self.run("export", small, "--format", "torchscript", "--output", script)
        onnx.checker.check_model(str(graph), full_check=True)
        self.run("model", "verify", graph)
        ours, single = self.computed(small, x), self.computed(file, x)
        errors = [self.compare(case, "onnx", ours, self.session(graph).run(None, {"input": x})[0], 1e-2)]
        with torch.inference_mode():
            theirs = torch.jit.load(str(script)).eval()(torch.from_numpy(x)).numpy()
        errors.append(self.compare(case, "torch", ours, theirs, 1e-2))
        rounding = np.abs(ours - single).max() / np.abs(single).max()
        if graph.stat().st_size >= floats:
            self.failures.append(f"{case}: {graph.stat().st_size} bytes, in single precision {floats}")
        print(f"{case:20} onnx {errors[0]:.1e} torch {errors[1]:.1e} (rounding itself {rounding:.1e})  "
              f"{graph.stat().st_size >> 10} KiB of {floats >> 10}", flush=True)

    def verify(self, case, network, settings, options):
        file = self.work / f"{case}.sentio"
        sizes = ["--network", network] + (["--settings", json.dumps(settings)] if settings else [])
        self.run("model", "make", *sizes, "--output", file)
        script = self.work / f"{case}.pt"
        # In the network's own size: for another one the file would hold position embeddings of that size, too.
        self.run("export", file, "--format", "torchscript", "--output", script)

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

        sessions = [self.session(path) for path in (graph, newest)]
        module = torch.jit.load(str(script)).eval()
        shape = sessions[0].get_inputs()[0].shape[1:]
        worst = {"onnx": 0.0, "onnx 21": 0.0, "torch": 0.0}
        for batch in (3, 1):
            x = self.random.normal(size=[batch, *shape]).astype(np.float32)
            if "vocabulary" in settings:
                x = self.random.integers(settings["vocabulary"], size=x.shape).astype(np.float32)
            ours = self.computed(file, x)
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
        for table, check in ((SOUND, verifier.verify_sound), (LENGTHS, verifier.verify_lengths),
                             (INTEGERS, verifier.verify_integers)):
            for case, (network, settings) in table.items():
                if (not options.only or case in options.only) and network in known:
                    check(case, network, settings)
    print(f"{time.monotonic() - start:.0f} s")
    for failure in verifier.failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if verifier.failures else 0)


if __name__ == "__main__":
    main()
