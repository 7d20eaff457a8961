#!/usr/bin/env python3
"""Times our benchmark rows and the peers' in turn, id by id, and prints median ratios.

The host is shared and its speed drifts, so a figure is only worth what stands beside it: for each
id, every round runs ours and then the peers', and the ratio (peer seconds / our seconds, so more
than 1 means that ours is faster) is taken within the round. The median over the rounds is quoted.

With --memory it compares peak resident memory instead: each id once, on both sides in a process of its
own. An id that has several peers runs them in one process, and is not compared.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--ours", required=True, help="the sentio-bench executable")
parser.add_argument("--peers", required=True, help="folder with setup.sh and bench_peers.py")
parser.add_argument("--filter", nargs="*", default=[], help="parts of ids")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--seconds", type=float, default=1.5, help="per id, side and round")
parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
parser.add_argument(
    "--memory", action="store_true", help="peak resident memory of each id's process, not time")
arguments = parser.parse_args()

script = os.path.join(arguments.peers, "bench_peers.py")
if not os.path.exists(script):
    sys.exit(f"compare-peers: no bench_peers.py in {arguments.peers}; say where with PEERS=folder")
interpreter = subprocess.run(
    ["bash", os.path.join(arguments.peers, "setup.sh")],
    check=True, stdout=subprocess.PIPE, text=True).stdout.strip().splitlines()[-1]


def lines(command):
    """The JSON objects that a command prints, one a line."""
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


listed = subprocess.run(
    [arguments.ours, "--list"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
theirs = {
    line.split()[0]
    for line in subprocess.run(
        [interpreter, script, "--list"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.splitlines() if line.strip()
}
ids = [
    id for id in listed
    if id in theirs and (not arguments.filter or any(part in id for part in arguments.filter))
]
if not ids:
    sys.exit("compare-peers: no id of ours matches the filter and has a peer")


def peak(command):
    """The JSON objects that a command prints, and the most bytes that its process held."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    rows = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return rows, usage.ru_maxrss * 1024


def compare_memory():
    """Prints peak memory beside the peers', id by id."""
    _, bare = peak([interpreter, "-c", "import torch"])
    print(f"{'id':40} {'ours':>9} {'peer':>9}  {'ratio':>6}  peer's name")
    for id in ids:
        (ours,), mine = peak(
            [arguments.ours, "--filter", "=" + id, "--seconds", str(arguments.seconds)])
        rows, theirs = peak(
            [interpreter, script, "--filter", id, "--seconds", str(arguments.seconds),
             "--threads", str(arguments.threads)])
        names = {row["peer"] for row in rows if row["id"] == id}
        if len(names) != 1 or len(rows) != 1 or any("error" in row for row in rows):
            print(f"{id:40} {mine / 1e6:6.0f} MB {'':>9}  {'':>6}  {' and '.join(sorted(names))}")
            continue
        print(
            f"{id:40} {mine / 1e6:6.0f} MB {theirs / 1e6:6.0f} MB  {theirs / mine:5.2f}x"
            f"  {names.pop()}", flush=True)
    print(f"Python with PyTorch and nothing else: {bare / 1e6:.0f} MB")


if arguments.memory:
    compare_memory()
    sys.exit(0)

print(f"{'id':40} {'ours':>11} {'peer':>11}  {'ratio':>7}  {'range':>15}  peer's name")
for id in ids:
    rounds = []
    for _ in range(arguments.rounds):
        ours = [
            row for row in lines(
                [arguments.ours, "--filter", id, "--seconds", str(arguments.seconds)])
            if row["id"] == id
        ]
        peers = [
            row for row in lines(
                [interpreter, script, "--filter", id, "--seconds", str(arguments.seconds),
                 "--threads", str(arguments.threads)])
            if row["id"] == id
        ]
        rounds.append((ours, peers))
    if not all(ours for ours, _ in rounds):
        print(f"{id:40} {'failed':>11}")
        continue
    for name in sorted({row["peer"] for _, peers in rounds for row in peers}):
        rows = [
            (ours[0]["seconds"], next(row for row in peers if row["peer"] == name))
            for ours, peers in rounds
            if any(row["peer"] == name for row in peers)
        ]
        errors = [row["error"] for _, row in rows if "error" in row]
        if errors:
            print(f"{id:40} {'':>11} {'error':>11}  {name}: {errors[0][:80]}")
            continue
        ratios = sorted(row["seconds"] / mine for mine, row in rows)
        mine = statistics.median(mine for mine, _ in rows)
        peer = statistics.median(row["seconds"] for _, row in rows)
        print(
            f"{id:40} {mine * 1e3:8.3f} ms {peer * 1e3:8.3f} ms  {statistics.median(ratios):6.2f}x"
            f"  {ratios[0]:6.2f} - {ratios[-1]:5.2f}x  {name}", flush=True)
