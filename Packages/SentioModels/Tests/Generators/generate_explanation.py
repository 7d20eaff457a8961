#!/usr/bin/env python3
"""Attention rollouts of the committed checkpoints: transformers' attention, multiplied by NumPy.

Usage: generate_explanation.py   (needs torch, transformers, safetensors, numpy; after generate_transformers.py)
Writes Tests/SentioModelsTests/Golden/Explanation/rollout.json: for each case of vit-model the product of all blocks
and its first row, and the versions.
"""
import json
import os

import numpy
import safetensors.torch
import torch
import transformers

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "SentioModelsTests", "Golden")
CHECKPOINT = os.path.join(GOLDEN, "Transformers", "vit-model")


def rollout(maps, fuse):
    """Abnar and Zuidema's recursion, in double precision."""
    product = numpy.eye(maps[0].shape[-1])
    for heads in maps:
        mixed = 0.5 * fuse(heads.astype(numpy.float64), axis=0) + 0.5 * numpy.eye(len(product))
        product = (mixed / mixed.sum(-1, keepdims=True)) @ product
    return product


inputs = safetensors.torch.load_file(os.path.join(GOLDEN, "Transformers", "results.safetensors"))
network = transformers.ViTModel.from_pretrained(CHECKPOINT, attn_implementation="eager").eval()
cases = {}
for case, options in (("plain", {}), ("resized", {"interpolate_pos_encoding": True})):
    with torch.no_grad():
        found = network(inputs[f"vit-model.{case}.input"], output_attentions=True, **options).attentions
    for name, fuse in (("mean", numpy.mean), ("maximum", numpy.max), ("minimum", numpy.min)):
        products = [rollout([block[row].numpy() for block in found], fuse) for row in range(len(found[0]))]
        cases[f"{case}.{name}"] = [[round(float(x), 9) for x in product.ravel()] for product in products]

os.makedirs(os.path.join(GOLDEN, "Explanation"), exist_ok=True)
with open(os.path.join(GOLDEN, "Explanation", "rollout.json"), "w") as stream:
    json.dump({
        "generator": os.path.basename(__file__),
        "versions": {"numpy": numpy.__version__, "torch": torch.__version__,
                     "transformers": transformers.__version__},
        "cases": cases}, stream)
    stream.write("\n")
