"""Writes weights_2_15.h5 and weights_2_15.json: what save_weights and to_json make of the model in
nested_2_15.h5. Run in this folder; needs h5py."""
import h5py

with h5py.File("nested_2_15.h5") as whole, h5py.File("weights_2_15.h5", "w") as alone:
    weights = whole["model_weights"]
    for name in weights:
        whole.copy(weights[name], alone)
    for name, value in weights.attrs.items():
        alone.attrs[name] = value
    config = whole.attrs["model_config"]
    with open("weights_2_15.json", "w") as file:
        file.write(config if isinstance(config, str) else config.decode())
