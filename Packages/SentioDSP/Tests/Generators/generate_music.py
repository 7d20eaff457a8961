"""Golden files of the report's 164 features on real music: librosa's results.

The music itself is not part of the repository: SENTIO_TEST_DATA names its folder.
Run with librosa 0.11 and soundfile installed: SENTIO_TEST_DATA=... python generate_music.py
"""

import os
import pathlib
import warnings

import soundfile

from golden_files import GoldenFolder
from report_features import report164

warnings.simplefilter("ignore")
CLIPS = ("jazz.00033", "rock.00085", "classical.00019", "hiphop.00017", "blues.00052")


def main():
    data = pathlib.Path(os.environ["SENTIO_TEST_DATA"])
    rows = []
    for clip in CLIPS:
        path = f"muse/audio/out_{clip}.wav"
        samples, rate = soundfile.read(data / path, dtype="float32")
        rows.append({"path": path, "rate": rate, "values": report164(samples, rate)})
    folder = GoldenFolder("Music", ["librosa", "numpy", "scipy"])
    folder.write("report164", rows)
    folder.close()


main()
