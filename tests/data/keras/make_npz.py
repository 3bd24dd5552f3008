"""Makes a .keras file as Keras 2.12 wrote it without h5py: pickled dictionaries of arrays."""
import io
import json
import zipfile

import numpy as np

model = {"class_name": "Sequential", "config": {"name": "model", "layers": [
    {"class_name": "Dense", "config": {"name": "one"}},
    {"class_name": "LSTM", "config": {"name": "two"}}]}}
arrays = {"__root__": {},
          "_layer_checkpoint_dependencies/dense": {"0": np.float32([[1, 2]]),
                                                   "1": np.float16([3, 4])},
          "_layer_checkpoint_dependencies/lstm/cell": {"0": np.ones((2, 8)), "1": np.zeros((2, 8)),
                                                       "2": np.arange(8)}}
weights = io.BytesIO()
np.savez(weights, **arrays)
with zipfile.ZipFile("npz_of_arrays.keras", "w") as archive:
    for name, content in (("metadata.json", json.dumps({"keras_version": "2.12.0"})),
                          ("config.json", json.dumps(model)),
                          ("model.weights.npz", weights.getvalue())):
        archive.writestr(zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0)), content)
