#!/usr/bin/env python3
"""Whole models on random inputs against the stock runtime (ai_edge_litert); not part of ctest.

Our reference kernels must give the integers of the stock reference kernels exactly, our fast ones
those of the stock default (XNNPACK, the rounding rule that ours follow) within one step; floats
within 1e-5 of the largest element, or 1e-6; with 1 and 2 threads and under every instruction set.
How far the stock runtime's two ways are from each other is printed beside, to judge by: in deep
integer models it is many steps, since a tie rounded otherwise in one layer grows in the next ones.

    python3 tests/paths/against_litert.py --wherry build/quick/tools/cli/wherry MODEL...
"""
import argparse
import os
import subprocess
import sys
import tempfile

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

STOCK = {"reference": OpResolverType.BUILTIN_REF, "default": OpResolverType.AUTO}


def random_input(detail, rng):
    dtype, shape = detail["dtype"], detail["shape"]
    if np.issubdtype(dtype, np.floating):
        return rng.uniform(-1, 1, shape).astype(dtype)
    if np.dtype(dtype).itemsize > 1:
        return rng.integers(0, 3, shape).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max + 1, shape).astype(dtype)


def stock(path, resolver, inputs):
    """Outputs of each run, a list of lists; inputs may be a count of runs to make up."""
    interpreter = Interpreter(path, experimental_op_resolver_type=STOCK[resolver])
    interpreter.allocate_tensors()
    results = []
    for arrays in inputs:
        for detail, array in zip(interpreter.get_input_details(), arrays):
            interpreter.set_tensor(detail["index"], array)
        interpreter.invoke()
        results.append([interpreter.get_tensor(d["index"]).copy()
                        for d in interpreter.get_output_details()])
    return results


def ours(binary, path, inputs, kernels, threads, cpu, folder):
    npz, out = os.path.join(folder, "in.npz"), os.path.join(folder, "out.npz")
    np.savez(npz, **{f"in{i}_{k}": array for k, arrays in enumerate(inputs)
                     for i, array in enumerate(arrays)})
    done = subprocess.run([binary, "run", path, "--input", npz, "--output", out, "--kernels",
                           kernels, "--threads", str(threads), "-q"],
                          capture_output=True, text=True, env=dict(os.environ, WHERRY_CPU=cpu))
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or done.stdout.strip())
    arrays = np.load(out)
    count = len({name for name in arrays.files if name.startswith("out") and
                 name.endswith("_0") and name[3:-2].isdigit()})
    return [[arrays[f"out{i}_{k}"] for i in range(count)] for k in range(len(inputs))]


def distance(a, b):
    """The largest difference in steps (integers) or relative to the largest element (floats)."""
    worst = 0.0
    for left, right in zip(a, b):
        for x, y in zip(left, right):
            if x.shape != y.shape or x.dtype != y.dtype:
                return float("inf")
            if x.size == 0:
                continue
            difference = float(np.max(np.abs(x.astype(np.float64) - y.astype(np.float64))))
            if np.issubdtype(x.dtype, np.floating):
                difference = max(difference - 1e-6, 0) / max(float(np.max(np.abs(x))), 1e-30)
            worst = max(worst, difference)
    return worst


def is_float(results):
    return any(np.issubdtype(x.dtype, np.floating) for x in results[0])


def check(options, path, folder):
    interpreter = Interpreter(path)
    rng = np.random.default_rng(options.seed)
    inputs = [[random_input(d, rng) for d in interpreter.get_input_details()]
              for _ in range(options.runs)]
    truth = {"reference": stock(path, "reference", inputs),
             "fast": stock(path, "default", inputs)}
    floats = is_float(truth["fast"])
    allowed = {"reference": 1e-5 if floats else 0, "fast": 1e-5 if floats else 1}
    print(f"{os.path.basename(path)}: stock default and stock reference are "
          f"{distance(truth['reference'], truth['fast']):.3g} apart")
    worst, bad = {"reference": 0.0, "fast": 0.0}, []
    for cpu in options.cpus:
        for threads in (1, 2):
            for kernels in worst:
                if kernels == "reference" and (cpu, threads) != (options.cpus[-1], 2):
                    continue  # it is the same everywhere: once is enough
                got = ours(options.wherry, path, inputs, kernels, threads, cpu, folder)
                away = distance(truth[kernels], got)
                worst[kernels] = max(worst[kernels], away)
                if away > allowed[kernels]:
                    bad.append(f"  {kernels} on {cpu} with {threads} threads: {away:.3g}")
    print(f"  ours: reference {worst['reference']:.3g}, fast {worst['fast']:.3g}"
          f" {'ok' if not bad else 'TOO FAR'}")
    for line in bad:
        print(line)
    return not bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--wherry", default="build/release/tools/cli/wherry")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cpus", default="vnni,avx512,avx2,scalar",
                        help="values of WHERRY_CPU; those above the machine are what it has")
    options = parser.parse_args()
    options.cpus = options.cpus.split(",")
    passed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in options.models:
            try:
                passed += check(options, path, folder)
            except (RuntimeError, ValueError) as error:
                print(f"{os.path.basename(path)}: {str(error).splitlines()[0][:150]}")
    print(f"{passed} of {len(options.models)} models agree")
    return 0 if passed == len(options.models) else 1


if __name__ == "__main__":
    sys.exit(main())
