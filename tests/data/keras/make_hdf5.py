"""Makes small .h5 models in dialects whose writers are history, with h5py alone."""
import json

import h5py
import numpy as np


def write(name, config, layers, version=None, split=False):
    with h5py.File(name, "w", libver="earliest") as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        if version:
            file.attrs["keras_version"] = version.encode()
        weights = file.create_group("model_weights")
        names = [layer.encode() for layer in layers]
        if split:
            weights.attrs["layer_names0"] = names[:1]
            weights.attrs["layer_names1"] = names[1:]
        else:
            weights.attrs["layer_names"] = names
        for layer, arrays in layers.items():
            group = weights.create_group(layer)
            group.attrs["weight_names"] = [path.encode() for path in arrays]
            for path, array in arrays.items():
                group[path] = array


def numbers(*shape):
    return np.arange(np.prod(shape), dtype="f4").reshape(shape)


# Keras 1.0 and 1.1: no version, a bare list of layers, names joined by underscores.
dense = {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 3, "init": "uniform",
                                           "batch_input_shape": [None, 4]}}
inner = {"class_name": "Sequential", "config": [
    {"class_name": "Dense", "config": {"name": "dense_2", "output_dim": 2, "init": "uniform"}},
    {"class_name": "Dense", "config": {"name": "dense_3", "output_dim": 1, "init": "uniform"}}]}
write("keras1.h5", {"class_name": "Sequential", "config": [dense, inner]}, {
    "dense_1": {"dense_1_W": numbers(4, 3), "dense_1_b": numbers(3)},
    "sequential_2": {"dense_2_W": numbers(3, 2), "dense_2_b": numbers(2),
                     "dense_3_W": numbers(2, 1) + 10, "dense_3_b": numbers(1) + 10}})

# Attributes above 64 kB are split; a Normalization of Keras 2 has names without its own.
layers = [{"class_name": "Normalization", "config": {"name": "normalization"}},
          {"class_name": "Dense", "config": {"name": "dense", "kernel_initializer": "zeros"}}]
backbone = {"class_name": "Sequential", "config": {"name": "backbone", "layers": layers}}
head = {"class_name": "Dense", "config": {"name": "head"}}
write("split_names.h5",
      {"class_name": "Sequential", "config": {"name": "model", "layers": [backbone, head]}}, {
          "backbone": {"dense/kernel:0": numbers(2, 2), "dense/bias:0": numbers(2),
                       "mean:0": numbers(2) + 1, "variance:0": numbers(2) + 2,
                       "count:0": np.int64(7)},
          "head": {"head/kernel:0": numbers(2, 5).astype("f2")}},
      version="2.4.0", split=True)
