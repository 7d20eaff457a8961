#!/usr/bin/env python3
"""Checkpoints of random weights as transformers writes them, with inputs and outputs of the same networks.

Usage: generate_transformers.py   (needs torch, transformers, safetensors)
Writes Tests/SentioModelsTests/Golden/Transformers: a folder for each checkpoint (config.json and weights, one of
them in parts), results.safetensors with `<checkpoint>.<case>.input` and `.output`, and MANIFEST.json.
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
