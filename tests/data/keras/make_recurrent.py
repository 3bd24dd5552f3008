"""Makes small recurrent models and what Keras 3 computes from them, for src/convert/recurrent_test.cc.

Usage: make_recurrent.py FOLDER    (needs keras 3 with TensorFlow)
For each model FOLDER/<name>.keras and FOLDER/<name>.npz: in0, out0 (batch 1, or the fixed batch) and
in1, out1 (batch 3, or the next call of a stateful model).
"""
import sys

import keras
import numpy as np

layers = keras.layers
random = np.random.RandomState(7)


def save(folder, name, shape, stack, batch=None):
    model = keras.Sequential([keras.Input(batch_shape=(batch, *shape))] + stack)
    model.set_weights([random.uniform(-0.6, 0.6, w.shape).astype("float32") for w in model.get_weights()])
    for layer in stack:
        if getattr(layer, "stateful", False):
            layer.reset_state()
    model.save(f"{folder}/{name}.keras")
    arrays = {}
    for call, extent in enumerate((batch or 1, batch or 3)):
        x = random.randn(extent, *shape).astype("float32")
        if "masked" in name:
            x[random.rand(extent, shape[0]) < 0.4] = 0
        arrays[f"in{call}"] = x
        arrays[f"out{call}"] = model(x, training=False).numpy()
    np.savez(f"{folder}/{name}.npz", **arrays)


folder = sys.argv[1]
save(folder, "lstm_stack", (5, 2), [layers.LSTM(3, return_sequences=True, go_backwards=True), layers.LSTM(2)])
save(folder, "gru_masked", (4, 2), [layers.Masking(), layers.Bidirectional(layers.GRU(2, return_sequences=True))])
save(folder, "cells_long", (18, 2),
     [layers.RNN([layers.LSTMCell(2), layers.GRUCell(2, reset_after=False)], return_sequences=True)])
save(folder, "convolution", (3, 4, 4, 1), [layers.ConvLSTM2D(2, 2, padding="same")])
save(folder, "gru_stateful", (3, 2), [layers.GRU(2, stateful=True)], batch=2)
save(folder, "steps_rnn", (3, 4, 2), [layers.TimeDistributed(layers.SimpleRNN(2))])
