#!/usr/bin/env python3
"""Checkpoints of random weights as transformers writes them, with inputs and outputs of the same networks.

Usage: generate_transformers.py   (needs torch, transformers, safetensors, pillow)
Writes Tests/SentioModelsTests/Golden/Transformers: a folder for each checkpoint (config.json and weights, one of
them in parts, and preprocessor_config.json where there is a processor), results.safetensors with
`<checkpoint>.<case>.input` and `.output`, and MANIFEST.json. The case `processed` is what a processor makes of a gray
picture in 256 levels (from 0 to 1), or of a signal.
"""
import hashlib
import json
import os
import shutil

import safetensors.torch
import torch
import transformers

SEED = 20261121
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "SentioModelsTests", "Golden", "Transformers")


def disturb(network):
    """Every weight random: zeros and ones, as they start, would hide one that is forgotten."""
    generator = torch.Generator().manual_seed(SEED)
    for name, tensor in network.state_dict().items():
        if not tensor.is_floating_point():
            continue
        noise = torch.randn(tensor.shape, generator=generator)
        if name.endswith("running_var"):
            tensor.copy_(1 + 0.3 * noise.abs())
        elif name.endswith("running_mean"):
            tensor.copy_(0.2 * noise)
        else:
            tensor.add_(0.15 * noise)


def outputs(network, x, **options):
    with torch.no_grad():
        result = network.eval()(x, **options)
    return result.logits if hasattr(result, "logits") else result.last_hidden_state


torch.manual_seed(SEED)
small = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40)
square = transformers.ViTConfig(image_size=24, patch_size=8, num_channels=3, **small)
vision = transformers.ViTConfig(image_size=(24, 40), patch_size=8, num_channels=3, num_labels=5, **small)
audio = transformers.ASTConfig(
    patch_size=8, frequency_stride=5, time_stride=6, max_length=37, num_mel_bins=29, num_labels=4, **small)
mobile = transformers.MobileViTConfig(
    image_size=64, hidden_sizes=[12, 16, 20], neck_hidden_sizes=[8, 8, 12, 16, 20, 24, 40], expand_ratio=2.0,
    num_attention_heads=4, num_labels=6)

networks = {
    "vit-model": transformers.ViTModel(square),
    "vit-classifier": transformers.ViTForImageClassification(vision),
    "ast-model": transformers.ASTModel(audio),
    "ast-classifier": transformers.ASTForAudioClassification(audio),
    "mobilevit-classifier": transformers.MobileViTForImageClassification(mobile),
}
generator = torch.Generator().manual_seed(SEED + 1)
draw = lambda *shape: torch.randn(*shape, generator=generator)
cases = {
    "vit-model": {"plain": (draw(2, 3, 24, 24), {}), "resized": (draw(1, 3, 40, 32), {"interpolate_pos_encoding": True})},
    "vit-classifier": {"plain": (draw(2, 3, 24, 40), {})},
    "ast-model": {"plain": (draw(2, 37, 29), {})},
    "ast-classifier": {"plain": (draw(3, 37, 29), {})},
    "mobilevit-classifier": {"plain": (draw(2, 3, 64, 64), {}), "stretched": (draw(1, 3, 72, 104), {})},
}

# Means and deviations that differ, so that one channel's are not taken for another's.
processors = {
    "vit-classifier": transformers.ViTImageProcessor(
        size={"height": 24, "width": 40}, image_mean=[0.5, 0.4, 0.3], image_std=[0.5, 0.25, 0.2]),
    "mobilevit-classifier": transformers.MobileViTImageProcessor(
        size={"shortest_edge": 72}, crop_size={"height": 64, "width": 64}),
    "ast-classifier": transformers.ASTFeatureExtractor(
        num_mel_bins=29, max_length=37, mean=-3.5, std=4.25),
}


def processed(name, processor):
    if name == "ast-classifier":
        # 0.3 s: 28 frames, and padding behind them.
        x = 0.2 * draw(4800)
        return x, processor(x.numpy(), sampling_rate=16000, return_tensors="pt")["input_values"]
    height, width = (24, 40) if name == "vit-classifier" else (64, 64)
    levels = torch.randint(0, 256, (height, width), generator=generator, dtype=torch.uint8)
    picture = levels.numpy()[..., None].repeat(3, axis=2)
    size = {} if name == "vit-classifier" else {"do_resize": False}
    return levels / 255, processor(picture, return_tensors="pt", **size)["pixel_values"]


if os.path.exists(FOLDER):
    shutil.rmtree(FOLDER)
os.makedirs(FOLDER)
results = {}
for name, network in networks.items():
    disturb(network)
    for case, (x, options) in cases[name].items():
        results[f"{name}.{case}.input"] = x
        results[f"{name}.{case}.output"] = outputs(network, x, **options).contiguous()
    network.save_pretrained(os.path.join(FOLDER, name))
    if name in processors:
        processors[name].save_pretrained(os.path.join(FOLDER, name))
        x, y = processed(name, processors[name])
        results[f"{name}.processed.input"], results[f"{name}.processed.output"] = x, y.contiguous().float()
networks["vit-classifier"].save_pretrained(os.path.join(FOLDER, "vit-classifier-parts"), max_shard_size="20KB")
safetensors.torch.save_file(results, os.path.join(FOLDER, "results.safetensors"))

files = {}
for folder, _, names in os.walk(FOLDER):
    for file in sorted(names):
        path = os.path.join(folder, file)
        with open(path, "rb") as stream:
            files[os.path.relpath(path, FOLDER)] = hashlib.sha256(stream.read()).hexdigest()
manifest = {
    "generator": os.path.basename(__file__), "seed": SEED,
    "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    "files": dict(sorted(files.items())),
}
with open(os.path.join(FOLDER, "MANIFEST.json"), "w") as stream:
    json.dump(manifest, stream, indent=1)
    stream.write("\n")
