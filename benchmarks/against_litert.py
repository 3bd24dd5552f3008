#!/usr/bin/env python3
"""Latency of wherry beside the stock runtime (ai_edge_litert with XNNPACK), model by model.

Both engines run in turns, in processes of their own, several rounds each; the least time of all
rounds counts, since a shared machine only ever adds to it. Prints one table, or JSON with --json.

    python3 benchmarks/against_litert.py MODEL... --wherry build/release/tools/cli/wherry
"""
import argparse
import json
import os
import subprocess
import sys

RIVAL = r"""
import json, resource, sys, time
import numpy as np
start = time.perf_counter()
from ai_edge_litert.interpreter import Interpreter
imported = time.perf_counter()
model, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
interpreter = Interpreter(model, num_threads=threads)
interpreter.allocate_tensors()
rng = np.random.default_rng(1)
for detail in interpreter.get_input_details():
    if np.issubdtype(detail["dtype"], np.floating):
        data = rng.uniform(-1, 1, detail["shape"])
    else:
        info = np.iinfo(detail["dtype"])
        data = rng.integers(max(info.min, -128), min(info.max, 255) + 1, detail["shape"])
    interpreter.set_tensor(detail["index"], data.astype(detail["dtype"]))
interpreter.invoke()
ready = time.perf_counter()
times, begin = [], time.perf_counter()
while len(times) < 20 or time.perf_counter() - begin < seconds:
    one = time.perf_counter()
    interpreter.invoke()
    times.append(time.perf_counter() - one)
times.sort()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"min_ms": times[0] * 1e3, "median_ms": times[len(times) // 2] * 1e3,
                  "start_ms": (ready - imported) * 1e3, "peak_bytes": peak}))
"""


def rival_times(python, model, threads, seconds):
    done = subprocess.run([python, "-c", RIVAL, model, str(threads), str(seconds)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        return None, (done.stderr.strip().splitlines() or ["failed"])[-1]
    return json.loads(done.stdout.strip().splitlines()[-1]), None


def our_times(binary, model, threads, seconds):
    done = subprocess.run([binary, "bench", model, "--threads", str(threads), "--seconds",
                           str(seconds), "--runs", "20", "--json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        return None, (lines or ["failed"])[0]
    return json.loads(done.stdout)["results"][0], None


def least(best, new):
    if best is None or new is None:
        return best or new
    return {key: min(best[key], new[key]) for key in best if key in new and key != "model"}


def measure(options, model):
    ours = rival = trouble = None
    for _ in range(options.rounds):
        new, error = our_times(options.wherry, model, options.threads, options.seconds)
        ours, trouble = least(ours, new), trouble or error
        new, error = rival_times(options.python, model, options.threads, options.seconds)
        rival, trouble = least(rival, new), trouble or error
    return {"model": model, "threads": options.threads, "wherry": ours, "litert": rival,
            "ratio": ours["min_ms"] / rival["min_ms"] if ours and rival else None,
            "trouble": trouble}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--wherry", default="build/release/tools/cli/wherry")
    parser.add_argument("--python", default=sys.executable, help="one that has ai_edge_litert")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each engine and round")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    probe = subprocess.run([options.python, "-c", "import ai_edge_litert"], capture_output=True)
    if probe.returncode != 0:
        print("the stock runtime is not installed (ai_edge_litert); see --python", file=sys.stderr)
        return 2
    results = [measure(options, model) for model in options.models]
    if options.json:
        print(json.dumps({"schema": "wherry.against/1", "results": results}, indent=1))
        return 0
    print(f"{'model':44} {'wherry':>9} {'LiteRT':>9} {'ratio':>6}  {'start':>6} {'(theirs)':>8}"
          f"  {'peak MB':>7} {'(theirs)':>8}")
    for result in results:
        name = os.path.basename(result["model"])[:44]
        ours, rival = result["wherry"], result["litert"]
        if not ours or not rival:
            print(f"{name:44} {result['trouble']}")
            continue
        print(f"{name:44} {ours['min_ms']:9.4f} {rival['min_ms']:9.4f} {result['ratio']:6.2f}"
              f"  {ours['start_ms']:6.1f} {rival['start_ms']:8.1f}"
              f"  {ours['peak_bytes'] / 1e6:7.1f} {rival['peak_bytes'] / 1e6:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
