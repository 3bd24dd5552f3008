#!/usr/bin/env python3
"""Prints wherry's evaluation of the digits network beside Keras's own accuracy: table.py REPORT.json FOLDER."""

import json
import pathlib
import sys

report = json.loads(pathlib.Path(sys.argv[1]).read_text())
folder = pathlib.Path(sys.argv[2])
keras = json.loads((folder / "keras_answers.json").read_text())
source_bytes = (folder / "digits.h5").stat().st_size

print(f"{'format':18} {'bytes':>8} {'of .h5':>8} {'accuracy':>9} {'agreement':>10} {'latency':>10}")
print(f"{'Keras':18} {source_bytes:8} {'100.0 %':>8} {100 * keras['accuracy']:7.2f} %")
for row in report["results"]:
    name = pathlib.Path(row["model"]).stem
    share = f"{100 * row['bytes'] / source_bytes:.1f} %"
    accuracy, agreement = f"{100 * row['accuracy']:.2f} %", f"{100 * row['agreement']:.2f} %"
    print(f"{name:18} {row['bytes']:8} {share:>8} {accuracy:>9} {agreement:>10} {1000 * row['median_ms']:7.1f} us")
    if abs(row["accuracy"] - keras["accuracy"]) > 0.01:
        sys.exit(f"{name}: the accuracy is more than one point away from that of Keras")
