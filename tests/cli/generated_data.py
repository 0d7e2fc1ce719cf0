"""Small generated data sets of each kind, written with the standard library alone."""

import csv
import math
import pathlib
import random
import struct
import wave
import zlib


def png(pixels, colour):
    """A square picture; `pixels` are rows of bytes, three a pixel with `colour`."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))

    side = len(pixels)
    head = struct.pack(">IIBBBBB", side, side, 8, 2 if colour else 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(row) for row in pixels)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def stripes(draw, side, upright, channels):
    """Noisy stripes along one axis."""
    def value(x, y):
        return min(255, max(0, 200 * ((x if upright else y) // 2 % 2) + draw.randrange(40)))

    return [[value(x, y) for x in range(side) for _ in range(channels)] for y in range(side)]


def class_folders(folder, side=20, count=30, colour=True):
    draw = random.Random(0)
    for name, upright in (("across", False), ("upright", True)):
        below = pathlib.Path(folder, name)
        below.mkdir(parents=True)
        for i in range(count):
            pixels = stripes(draw, side, upright, 3 if colour else 1)
            if colour:
                pixels[0][0] ^= 64  # a first pixel that is not grey
            (below / f"{i}.png").write_bytes(png(pixels, colour))


def table(path, rows=200):
    """Rare fraud in one payment of ten; a column that numbers the rows, one of free text."""
    draw = random.Random(0)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "fraud", "amount", "country", "memo", "currency"])
        for i in range(rows):
            fraud = i % 10 == 0
            out.writerow([i + 1, "yes" if fraud else "no",
                          f"{draw.gauss(60 if fraud else 40, 8):.2f}", draw.choice(["DE", "FR"]),
                          f"payment {draw.random()}", "EUR"])


def idx_files(folder, count=60, side=12):
    draw = random.Random(0)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    for part, size in (("train", count), ("t10k", count // 3)):
        labels = [i % 3 for i in range(size)]
        pictures = b"".join(bytes(sum(stripes(draw, side, label == 1, 1), [])) for label in labels)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(
            struct.pack(">IIII", 0x803, size, side, side) + pictures)
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(
            struct.pack(">II", 0x801, size) + bytes(labels))


def cifar_files(folder, count=40):
    draw = random.Random(0)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    for name in ("data_batch_1.bin", "test_batch.bin"):
        (folder / name).write_bytes(b"".join(
            bytes([i % 10]) + bytes(draw.randrange(256) for _ in range(3072))
            for i in range(count)))


def sounds(folder, count=20, name="{label}/{number}.wav"):
    """Tones that rise or fall, half a second at 8 kHz."""
    draw = random.Random(0)
    for label, change in (("rising", 1), ("falling", -1)):
        for number in range(count):
            path = pathlib.Path(folder, name.format(label=label, number=number))
            path.parent.mkdir(parents=True, exist_ok=True)
            start = draw.uniform(900, 1100) - change * 300
            samples = [int(8000 * math.sin(2 * math.pi * (start + change * 600 * t / 4000) * t / 8000))
                       for t in range(4000)]
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(8000)
                file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
