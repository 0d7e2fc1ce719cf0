"""Float32 safetensors files as numpy arrays."""

import numpy
from support import read_safetensors


def read(path):
    tensors, _ = read_safetensors(path)
    return {name: numpy.frombuffer(data, "<f4").reshape(shape)
            for name, (_, shape, data) in tensors.items()}
