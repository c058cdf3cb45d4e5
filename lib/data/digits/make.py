"""Writes digits.bin.gz: 1,797 images of 8×8 pixels (one byte each, 0 to 16), then their 1,797 labels (one byte each).

Run with a Python that has scikit-learn: python lib/data/digits/make.py
"""
import gzip
from pathlib import Path

from sklearn.datasets import load_digits

digits = load_digits()
pixels = digits.images.astype("uint8").tobytes()
labels = digits.target.astype("uint8").tobytes()
target = Path(__file__).parent / "digits.bin.gz"
target.write_bytes(gzip.compress(pixels + labels, compresslevel=9, mtime=0))
print(target.name, len(pixels) + len(labels), "bytes, compressed", target.stat().st_size)
