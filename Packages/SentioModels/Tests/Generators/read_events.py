"""Reads a folder of event files as TensorBoard does and prints what it shows, as JSON.

Usage: python read_events.py FOLDER      (in an environment with tensorboard)
"""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0})
events.Reload()
tags = events.Tags()
print(json.dumps({
    "scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags["scalars"]},
    "histograms": {tag: [[e.step, e.histogram_value.num, e.histogram_value.sum,
                          list(e.histogram_value.bucket)] for e in events.Histograms(tag)]
                   for tag in tags["histograms"]},
}))
