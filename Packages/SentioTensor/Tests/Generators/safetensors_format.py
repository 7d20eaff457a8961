"""The safetensors format, written out so that the generators need no further package."""
import json
import struct


def save(path, tensors):
    header, offset = {}, 0
    for name, value in tensors.items():
        header[name] = {
            "dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]
        }
        offset += value.nbytes
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(v.tobytes() for v in tensors.values()))
