#!/usr/bin/env python3
"""Seconds and peak memory of conversions, beside those of TensorFlow's converter when it is installed.

Usage:    conversion.py WHERRY [MODEL.h5 ...] [--format float16] [--runs 3]
Without models and with Keras installed, a ResNet50 with random weights (a file of about 100 MB) is made for it.
Each conversion is a process of its own; the best of the runs counts. The result is JSON on stdout, a table on stderr.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time

TENSORFLOW = """
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
model = tf.keras.models.load_model(sys.argv[1], compile=False)
converter = tf.lite.TFLiteConverter.from_keras_model(model)
if sys.argv[3] != "float32":
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
if sys.argv[3] == "float16":
    converter.target_spec.supported_types = [tf.float16]
open(sys.argv[2], "wb").write(converter.convert())
"""

RESNET50 = """
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
keras.applications.ResNet50(weights=None).save(sys.argv[1])
"""


def has_module(python, name):
    probe = f"import importlib.util, sys; sys.exit(not importlib.util.find_spec('{name}'))"
    return subprocess.run([python, "-c", probe]).returncode == 0


def measured(command):
    """Seconds, processor seconds and peak bytes of one child process."""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise RuntimeError(message.decode(errors="replace").strip()[-500:])
    return {"seconds": round(time.monotonic() - started, 3), "processor_seconds": round(usage.ru_utime + usage.ru_stime, 3),
            "peak_bytes": usage.ru_maxrss * 1024}


def best(command, runs):
    results = [measured(command) for _ in range(runs)]
    return {key: min(result[key] for result in results) for key in results[0]}


def rows(model, options, scratch):
    out = os.path.join(scratch, "out.tflite")
    engines = {"wherry": [options.wherry, "convert", model, "-o", out, "--format", options.format, "-q"]}
    if has_module(options.python, "tensorflow"):
        engines["tensorflow"] = [options.python, "-c", TENSORFLOW, model, out, options.format]
    for engine, command in engines.items():
        runs = options.runs if engine == "wherry" else 1
        row = {"engine": engine, "model": os.path.basename(model), "format": options.format,
               "bytes_in": os.path.getsize(model)}
        try:
            yield {**row, **best(command, runs), "bytes_out": os.path.getsize(out)}
        except RuntimeError as problem:
            yield {**row, "error": str(problem)}


def print_row(row):
    if "error" in row:
        print(f"{row['model']:28} {row['engine']:11} {row['error'].splitlines()[-1]}", file=sys.stderr)
        return
    share = row["peak_bytes"] / row["bytes_in"]
    print(f"{row['model']:28} {row['engine']:11} {row['seconds']:7.2f} s  {row['processor_seconds']:7.2f} s processor  "
          f"{row['peak_bytes'] / 1e6:7.1f} MB ({share:.2f} of the file)  {row['bytes_out']} bytes", file=sys.stderr)


def models_of(options, scratch):
    if options.models:
        return options.models
    if not has_module(options.python, "keras"):
        sys.exit("no models given, and Keras is not installed to make one; see --python")
    path = os.path.join(scratch, "resnet50.h5")
    subprocess.run([options.python, "-c", RESNET50, path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [path]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wherry")
    parser.add_argument("models", nargs="*")
    parser.add_argument("--format", default="float16", choices=["float32", "float16", "dynamic"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--python", default=sys.executable, help="one that has TensorFlow")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        for model in models_of(options, scratch):
            for row in rows(model, options, scratch):
                print_row(row)
                results.append(row)
    print(json.dumps({"schema": "wherry.benchmark.conversion/1", "machine": platform.processor() or platform.machine(),
                      "system": platform.platform(), "results": results}, indent=1))


if __name__ == "__main__":
    main()
