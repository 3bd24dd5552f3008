#!/usr/bin/env python3
"""Trains the small network for handwritten digits of this folder and writes everything that the demonstration needs.

Data: the 1,797 digits of 8x8 grey pixels that scikit-learn bundles (E. Alpaydin, C. Kaynak: Optical Recognition of
Handwritten Digits, UCI Machine Learning Repository, licence CC BY 4.0).
Needs: tensorflow (or keras with a backend), scikit-learn, numpy, pillow. Writes digits.keras, digits.h5, test.npz,
calibration.npz, keras_answers.json and test/<class>/*.png into the folder of this script.
"""

import json
import pathlib

import keras
import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

FOLDER = pathlib.Path(__file__).resolve().parent
PNG_PER_CLASS = 3


def load():
    digits = load_digits()
    pictures = (digits.images / 16.0 * 255).round().astype(np.uint8)[..., None]
    return train_test_split(pictures, digits.target, test_size=360, random_state=0, stratify=digits.target)


def build():
    return keras.Sequential(
        [
            keras.layers.Input((8, 8, 1), name="picture"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 3, padding="same", use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.Conv2D(32, 1),
            keras.layers.ReLU(),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(10, activation="softmax", name="digit"),
        ],
        name="digits",
    )


def main():
    keras.utils.set_random_seed(1)
    x_train, x_test, y_train, y_test = load()
    model = build()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train.astype("float32"), y_train, epochs=40, batch_size=32, verbose=0)
    answers = model.predict(x_test.astype("float32"), verbose=0)
    accuracy = float((answers.argmax(1) == y_test).mean())
    model.save(FOLDER / "digits.keras")
    model.save(FOLDER / "digits.h5")
    np.savez_compressed(FOLDER / "test.npz", picture=x_test, labels=y_test.astype(np.int32))
    np.savez_compressed(FOLDER / "calibration.npz", picture=x_train[:100])
    (FOLDER / "keras_answers.json").write_text(json.dumps({"accuracy": accuracy, "answers": answers.argmax(1).tolist()}) + "\n")
    for digit in range(10):
        (FOLDER / "test" / str(digit)).mkdir(parents=True, exist_ok=True)
        for i in np.flatnonzero(y_test == digit)[:PNG_PER_CLASS]:
            Image.fromarray(x_test[i, :, :, 0]).save(FOLDER / "test" / str(digit) / f"{i:04}.png")
    print(f"accuracy of Keras on {len(y_test)} test pictures: {accuracy:.4f}")


if __name__ == "__main__":
    main()
