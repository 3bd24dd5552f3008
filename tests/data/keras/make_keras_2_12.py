"""Makes the .keras file of Keras 2.12, which counts layers with weights twice."""
import tensorflow as tf

layers = tf.keras.layers
inner = tf.keras.Sequential([layers.InputLayer((3,)), layers.Dense(2, name="first"), layers.ReLU(),
                             layers.Dense(2, name="second")], name="inner")
x = tf.keras.Input((4,), name="x")
y = layers.Dense(3, name="one")(x)
y = layers.Dense(3, name="two")(y)
y = inner(y)
model = tf.keras.Model(x, layers.Dense(1, name="three")(y))
model.set_weights([weight * 0 + i for i, weight in enumerate(model.get_weights())])
model.save("keras_2_12.keras", save_format="keras_v3")
