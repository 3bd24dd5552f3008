"""Makes the .keras file of Keras 3 whose vocabularies are files of their own."""
import keras
import numpy as np

text = keras.Input((1,), dtype="string", name="text")
words = keras.layers.StringLookup(name="words", output_mode="one_hot")
words.adapt(np.array([["yes"], ["no"], ["no"]]))
tokens = keras.layers.TextVectorization(name="tokens", output_sequence_length=3)
tokens.adapt(np.array(["to be", "or not to be"]))
model = keras.Model(text, [keras.layers.Dense(2)(words(text)), tokens(text)])
model.save("vocabularies.keras")
