"""Makes .keras files with Keras 3: vocabularies as files, weights in an .npz archive."""
import keras
import numpy as np
from keras.src.saving import saving_lib

text = keras.Input((1,), dtype="string", name="text")
words = keras.layers.StringLookup(name="words", output_mode="one_hot")
words.adapt(np.array([["yes"], ["no"], ["no"]]))
tokens = keras.layers.TextVectorization(name="tokens", output_sequence_length=3)
tokens.adapt(np.array(["to be", "or not to be"]))
model = keras.Model(text, [keras.layers.Dense(2)(words(text)), tokens(text)])
model.save("vocabularies.keras")

layers = [keras.Input((2,)), keras.layers.Dense(3), keras.layers.BatchNormalization(),
          keras.layers.Dense(1, use_bias=False)]
model = keras.Sequential(layers)
model.set_weights([weight * 0 + i for i, weight in enumerate(model.get_weights())])
saving_lib.save_model(model, "npz_of_variables.keras", weights_format="npz")
