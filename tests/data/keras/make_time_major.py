"""Makes a stack of LSTM layers that take time first and what Keras 2 computes from it, as make_recurrent.py does.

Usage: make_time_major.py FOLDER    (needs tensorflow 2.15)
"""
import sys

import numpy as np
from tensorflow import keras

random = np.random.RandomState(11)
stack = [
    keras.layers.LSTM(3, time_major=True, return_sequences=True),
    keras.layers.LSTM(2, time_major=True, return_sequences=True, go_backwards=True),
    keras.layers.LSTM(2, time_major=True),
]
model = keras.Sequential([keras.Input(batch_shape=(4, None, 2))] + stack)
model.set_weights([random.uniform(-0.6, 0.6, w.shape).astype("float32") for w in model.get_weights()])
model.save(f"{sys.argv[1]}/lstm_time_major.keras")
arrays = {}
for call, batch in enumerate((1, 3)):
    arrays[f"in{call}"] = random.randn(4, batch, 2).astype("float32")
    arrays[f"out{call}"] = model(arrays[f"in{call}"], training=False).numpy()
np.savez(f"{sys.argv[1]}/lstm_time_major.npz", **arrays)
