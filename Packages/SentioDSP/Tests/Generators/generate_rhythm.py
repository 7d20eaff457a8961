"""Golden files of tempo and beats: librosa's tracker on onset strengths, which are stored beside the beats, and on
signals.

Run with librosa and numpy installed: python generate_rhythm.py
"""

import librosa
import numpy as np

from golden_files import GoldenFolder
import synthetic_signals as signals


def clicks(seconds, rate, bpm, swing=0.0):
    y = signals.noise(int(seconds * rate), 5) * np.float32(0.01)
    burst = signals.noise(rate // 50, 6) * np.linspace(1, 0, rate // 50, dtype=np.float32)
    for beat in range(int(seconds * bpm / 60) - 1):
        start = int((beat + (swing if beat % 2 else 0)) * 60 / bpm * rate) + rate // 10
        y[start:start + len(burst)] += burst[: len(y) - start] * (1.0 if beat % 4 == 0 else 0.6)
    return y


def main():
    folder = GoldenFolder("Rhythm", ["librosa", "numpy"])

    def case(y, rate, hop=512, tightness=100.0, trim=True, bpm=None, start_bpm=120.0):
        envelope = librosa.onset.onset_strength(y=y, sr=rate, hop_length=hop, aggregate=np.median)
        tempo = librosa.feature.tempo(
            onset_envelope=envelope, sr=rate, hop_length=hop, start_bpm=start_bpm)[0]
        found, beats = librosa.beat.beat_track(
            onset_envelope=envelope, sr=rate, hop_length=hop, tightness=tightness, trim=trim,
            bpm=bpm, start_bpm=start_bpm)
        result = {"frame_rate": rate / hop, "tightness": tightness, "trim": trim,
                  "start_bpm": start_bpm, "estimate": float(tempo),
                  "tempo": float(np.atleast_1d(found)[0]), "beats": [int(b) for b in beats],
                  "values": envelope.astype(np.float32)}
        if bpm is not None:
            result["bpm"] = bpm
        return result

    rate = 22050
    folder.write("beats", [
        case(clicks(20, rate, 120), rate), case(clicks(20, rate, 93), rate),
        case(clicks(20, rate, 141, 0.1), rate), case(clicks(12, rate, 60), rate),
        case(clicks(20, rate, 93), rate, trim=False), case(clicks(20, rate, 93), rate, start_bpm=180.0),
        case(clicks(20, rate, 120), rate, bpm=80.0), case(clicks(20, rate, 110, 0.2), rate, tightness=20.0),
        case(clicks(10, 16000, 100), 16000, 256), case(clicks(10, 44100, 128), 44100),
        case(clicks(10, 8000, 128), 8000, 160), case(signals.mixture(rate * 20, rate), rate),
        case(signals.noise(rate * 10), rate), case(signals.tones(rate * 4, rate, [(440.0, 0.5)]), rate),
        case(signals.mixture(6000, rate), rate), case(signals.clicks(rate * 8, 11025), rate)])
    # From the signal on, of signals that the tests make alike.
    def whole(kind, y, rate, hop):
        strength = librosa.onset.onset_strength(y=y, sr=rate, hop_length=hop, aggregate=np.median)
        tempo, beats = librosa.beat.beat_track(y=y, sr=rate, hop_length=hop)
        return {"kind": kind, "count": len(y), "rate": rate, "hop": hop,
                "tempo": float(np.atleast_1d(tempo)[0]), "beats": [int(b) for b in beats],
                "values": strength}

    folder.write("signal-beats", [
        whole("mixture", signals.mixture(rate * 20, rate), rate, 512),
        whole("mixture", signals.mixture(16000 * 9, 16000), 16000, 256),
        whole("clicks", signals.clicks(rate * 12, 4410), rate, 512),
        whole("silence", np.zeros(rate, dtype=np.float32), rate, 512)])
    folder.close()


main()
