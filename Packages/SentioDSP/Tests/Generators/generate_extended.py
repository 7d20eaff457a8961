"""Golden files of the extended feature set: librosa and numpy, see `extended_features.py`.

Run with librosa 0.11 installed: python generate_extended.py
"""

import warnings

from extended_features import extended
from golden_files import GoldenFolder
from synthetic_signals import signal

warnings.simplefilter("ignore")
SIGNALS = [
    ("mixture", 120000, 22050), ("noise", 30001, 22050),
    ("clicks", 60000, 22050), ("mixture", 90001, 44100), ("silence", 12001, 22050),
]


def main():
    folder = GoldenFolder("Extended", ["librosa", "numpy", "scipy"], seed=7)
    folder.write("extended", [
        {"kind": kind, "count": count, "rate": rate,
         "values": extended(signal(kind, count, rate), rate)}
        for kind, count, rate in SIGNALS])
    folder.close()


main()
