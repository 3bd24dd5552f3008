#!/usr/bin/env python3
"""Picks the conformance cases that are kept in the repository out of a whole corpus.

    choose_subset.py CORPUS OUT [--megabytes 6]

One case for each operator and type: the smallest one, the first by name among equals. Operators that
stand for features of the file format keep all cases of that type. The choice depends on the corpus
alone. OUT is replaced. Fails when the cases pass the limit.
"""

import argparse
import json
import pathlib
import shutil
import sys

WHOLE_TYPES = {("ADD", "float32_file_features"), ("SUB", "float32_signature")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=pathlib.Path, help="folder with index.json")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--megabytes", type=float, default=6)
    arguments = parser.parse_args()
    entries = json.loads((arguments.corpus / "index.json").read_text())
    chosen = choose(arguments.corpus, entries)
    size = sum(size_of(arguments.corpus, entry) for entry in chosen)
    print(f"{len(chosen)} of {len(entries)} cases, {size / 1e6:.1f} MB")
    if size > arguments.megabytes * 1e6:
        sys.exit("too large: raise --megabytes or generate a corpus of smaller cases")
    copy(arguments.corpus, arguments.out, chosen)


def files_of(corpus, entry):
    return [corpus / entry["op"] / (entry["case"] + suffix) for suffix in (".tflite", ".npz")]


def size_of(corpus, entry):
    return sum(path.stat().st_size for path in files_of(corpus, entry))


def choose(corpus, entries):
    """In the order of the index."""
    smallest = {}
    for entry in entries:
        key = entry["op"], entry["type"]
        rank = size_of(corpus, entry), entry["case"]
        if key not in smallest or rank < smallest[key]:
            smallest[key] = rank
    return [entry for entry in entries if is_chosen(entry, smallest)]


def is_chosen(entry, smallest):
    key = entry["op"], entry["type"]
    return key in WHOLE_TYPES or smallest[key][1] == entry["case"]


def copy(corpus, out, chosen):
    shutil.rmtree(out, ignore_errors=True)
    for entry in chosen:
        folder = out / entry["op"]
        folder.mkdir(parents=True, exist_ok=True)
        for path in files_of(corpus, entry):
            shutil.copyfile(path, folder / path.name)
    lines = ",\n".join(json.dumps(entry) for entry in chosen)
    (out / "index.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
