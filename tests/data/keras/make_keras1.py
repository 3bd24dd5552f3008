"""Makes keras1/*.h5: small models as Keras 1 saved them, with h5py and NumPy alone.

Each file has, beside the model, a group `case` with the inputs and the outputs that NumPy computes
from the same weights by the rules of Keras 1. Run in the folder of this script.
"""
import json

import h5py
import numpy as np

random = np.random.RandomState(1)


def weights(*shape):
    return random.uniform(-1, 1, shape).astype("f4")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def hard_sigmoid(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def convolved(x, kernel, bias, stride=1, turned=False):
    """Channels first, kernel [filters, in, rows, columns]; Theano turns the kernel about."""
    if turned:
        kernel = kernel[:, :, ::-1, ::-1]
    rows, columns = kernel.shape[2:]
    height, width = x.shape[2] - rows + 1, x.shape[3] - columns + 1
    y = np.zeros((x.shape[0], kernel.shape[0], height, width))
    for row in range(rows):
        for column in range(columns):
            seen = x[:, :, row:row + height, column:column + width]
            y += np.einsum("bihw,oi->bohw", seen, kernel[:, :, row, column])
    return (y + bias[:, None, None])[:, :, ::stride, ::stride]


def lstm(x, gates, backwards=False):
    """gates: {"i": (W, U, b), ...}; all steps, in the order in which they were computed."""
    state = output = np.zeros((x.shape[0], gates["i"][2].size))
    results = []
    for step in range(x.shape[1])[::-1 if backwards else 1]:
        part = {g: x[:, step] @ w + output @ u + b for g, (w, u, b) in gates.items()}
        state = hard_sigmoid(part["f"]) * state + hard_sigmoid(part["i"]) * np.tanh(part["c"])
        output = hard_sigmoid(part["o"]) * np.tanh(state)
        results.append(output)
    return np.stack(results, 1)


def gru(x, gates):
    output = np.zeros((x.shape[0], gates["z"][2].size))
    for step in range(x.shape[1]):
        def part(gate, before):
            w, u, b = gates[gate]
            return x[:, step] @ w + before @ u + b
        update = hard_sigmoid(part("z", output))
        reset = hard_sigmoid(part("r", output))
        output = update * output + (1 - update) * np.tanh(part("h", reset * output))
    return output


class Saved:
    """A file in the making. Theano's variables have no ":0", and none at all before Keras 1.0."""

    def __init__(self, theano=False, version="1.2.2", nameless=False):
        self.ending, self.version, self.nameless = "" if theano else ":0", version, nameless
        self.groups = {}

    def group(self, layer, **arrays):
        return self.named_group(layer, {f"{layer}_{role}": array for role, array in arrays.items()})

    def named_group(self, layer, arrays):
        names = [f"param_{i}" if self.nameless else name + self.ending
                 for i, name in enumerate(arrays)]
        self.groups[layer] = dict(zip(names, arrays.values()))
        return list(arrays.values())

    def write(self, name, class_name, config, inputs, outputs):
        with h5py.File(f"keras1/{name}.h5", "w", libver="earliest") as file:
            if self.version:
                file.attrs["keras_version"] = self.version.encode()
            model = {"class_name": class_name, "config": config}
            file.attrs["model_config"] = json.dumps(model).encode()
            file.attrs["training_config"] = json.dumps({"loss": "one_of_my_own"}).encode()
            model = file.create_group("model_weights")
            model.attrs["layer_names"] = [layer.encode() for layer in self.groups]
            for layer, arrays in self.groups.items():
                group = model.create_group(layer)
                group.attrs["weight_names"] = np.array([path.encode() for path in arrays], "S")
                for path, array in arrays.items():
                    group[path] = array
            case = file.create_group("case")
            for i, array in enumerate(inputs):
                case[f"input_{i}"] = array
            for i, array in enumerate(outputs):
                case[f"output_{i}"] = np.asarray(array, "f4")


def layer(class_name, name, **options):
    return {"class_name": class_name, "config": {"name": name, "trainable": True, **options}}


def dense(name, width, activation="linear", **options):
    return layer("Dense", name, output_dim=width, activation=activation, bias=True,
                 init="glorot_uniform", W_regularizer=None, b_constraint=None, **options)


def fed(first, shape, dtype="float32"):
    first["config"].update(batch_input_shape=[None, *shape], input_dtype=dtype)
    return first


def convolution(name, class_name="Convolution2D", **options):
    return layer(class_name, name, init="glorot_uniform", bias=True, activation="linear",
                 W_regularizer=None, **options)


def recurrent(class_name, name, width, **options):
    return layer(class_name, name, output_dim=width, activation="tanh", init="glorot_uniform",
                 inner_activation="hard_sigmoid", inner_init="orthogonal", consume_less="cpu",
                 stateful=False, unroll=False, dropout_W=0.2, dropout_U=0.0, input_dim=3,
                 input_length=None, **options)


def gate_arrays(order, depth, width, prefix):
    gates = {g: (weights(depth, width), weights(width, width), weights(width)) for g in order}
    names = {f"{prefix}_{kind}_{g}": array
             for g, arrays in gates.items() for kind, array in zip("WUb", arrays)}
    return gates, names


def nameless_dense():
    file = Saved(theano=True, nameless=True, version=None)
    w, b = file.group("dense_1", W=weights(4, 3), b=weights(3))
    file.group("dropout_1")
    v, c = file.group("dense_2", W=weights(3, 2), b=weights(2))
    x = weights(2, 4)
    config = [fed(dense("dense_1", 3, "relu", input_dim=4), [4]), layer("Dropout", "dropout_1", p=0.5),
              dense("dense_2", 2, "sigmoid")]
    file.write("nameless_dense", "Sequential", config, [x],
               [sigmoid(np.maximum(x @ w + b, 0) @ v + c)])


def picture(name, theano, channels_first):
    file = Saved(theano=theano)
    kernel, b = weights(4, 3, 3, 2), weights(4)
    stored = kernel if channels_first else kernel.transpose(2, 3, 1, 0)
    file.group("conv", W=stored, b=b)
    file.group("pool")
    file.group("flat")
    x = weights(2, 3, 6, 7)
    y = np.tanh(convolved(x, kernel, b, turned=theano))
    y = y.reshape(2, 4, 2, 2, 3, 2).max((3, 5))
    w, c = file.group("dense", W=weights(24, 3), b=weights(3))
    ordering = "th" if channels_first else "tf"
    config = [fed(convolution("conv", nb_filter=4, nb_row=3, nb_col=2, subsample=[1, 1],
                              border_mode="valid", dim_ordering=ordering),
                  [3, 6, 7] if channels_first else [6, 7, 3]),
              layer("MaxPooling2D", "pool", pool_size=[2, 2], strides=[2, 2], border_mode="valid",
                    dim_ordering=ordering), layer("Flatten", "flat"), dense("dense", 3)]
    config[0]["config"]["activation"] = "tanh"
    if not channels_first:
        x, y = x.transpose(0, 2, 3, 1), y.transpose(0, 2, 3, 1)
    file.write(name, "Sequential", config, [x], [y.reshape(2, -1) @ w + c])


def sequence(name, older, theano):
    """One dimension, stored as pictures of width 1."""
    file = Saved(theano=theano, version=None if older else "1.2.2")
    kernel, b = weights(4, 3, 3, 1), weights(4)
    file.group("conv", W=kernel if older else kernel.transpose(2, 3, 1, 0), b=b)
    x = weights(2, 8, 3)
    y = convolved(x.transpose(0, 2, 1)[..., None], kernel, b, turned=theano)[..., 0]
    config = [fed(convolution("conv", "Convolution1D", nb_filter=4, filter_length=3,
                              subsample_length=1, border_mode="valid", input_length=8,
                              input_dim=3), [8, 3])]
    file.write(name, "Sequential", config, [x], [y.transpose(0, 2, 1)])


def half_same(name):
    """Theano pads by half a kernel on either side, which is not the rule of TensorFlow."""
    file = Saved(theano=True)
    kernel, b = file.group("conv", W=weights(4, 2, 3, 3), b=weights(4))
    even, c = file.group("even", W=weights(3, 4, 2, 2), b=weights(3))
    x = weights(2, 2, 6, 8)
    y = convolved(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), kernel, b, 2, True)
    z = convolved(np.pad(y, ((0, 0), (0, 0), (1, 1), (1, 1))), even, c, 1, True)[:, :, :3, :4]
    options = {"border_mode": "same", "dim_ordering": "th"}
    config = [fed(convolution("conv", nb_filter=4, nb_row=3, nb_col=3, subsample=[2, 2], **options),
                  [2, 6, 8]),
              convolution("even", nb_filter=3, nb_row=2, nb_col=2, subsample=[1, 1], **options)]
    file.write(name, "Sequential", config, [x], [z])


def deconvolution():
    file = Saved()
    kernel, b = file.group("up", W=weights(3, 3, 2, 4), b=weights(4))
    x = weights(2, 3, 3, 2)
    y = np.zeros((2, 8, 8, 4)) + b
    for row in range(3):
        for column in range(3):
            part = np.einsum("bhwi,io->bhwo", x, kernel[row, column])
            y[:, row:row + 5:2, column:column + 5:2] += part
    config = [fed(convolution("up", "Deconvolution2D", nb_filter=4, nb_row=3, nb_col=3,
                              subsample=[2, 2], border_mode="valid", dim_ordering="tf",
                              output_shape=[None, 8, 8, 4]), [3, 3, 2])]
    file.write("deconvolution", "Sequential", config, [x], [y])


def words():
    file = Saved()
    table, = file.group("embedding_1", W=weights(9, 3))
    gates, names = gate_arrays("icfo", 3, 4, "lstm_1")
    file.named_group("lstm_1", names)
    w, b = file.group("dense_1", W=weights(4, 1), b=weights(1))
    file.group("activation_1")
    x = random.randint(0, 9, (2, 5)).astype("i4")
    config = [fed(layer("Embedding", "embedding_1", input_dim=9, output_dim=3, init="uniform",
                        mask_zero=False, dropout=0.2, input_length=None, W_constraint=None),
                  [None], "int32"), recurrent("LSTM", "lstm_1", 4, return_sequences=False,
                                              go_backwards=False, forget_bias_init="one"),
              dense("dense_1", 1), layer("Activation", "activation_1", activation="sigmoid")]
    file.write("words", "Sequential", config, [x],
               [sigmoid(lstm(table[x], gates)[:, -1] @ w + b)])


def both_ways():
    file = Saved(theano=True)
    forward, names = gate_arrays("icfo", 3, 4, "forward_lstm_1")
    backward, more = gate_arrays("icfo", 3, 4, "backward_lstm_1")
    file.named_group("bidirectional_1", {**names, **more})
    x = weights(2, 5, 3)
    inside = recurrent("LSTM", "lstm_1", 4, return_sequences=True, go_backwards=False,
                       forget_bias_init="one")
    config = [fed(layer("Bidirectional", "bidirectional_1", layer=inside, merge_mode="concat"),
                  [5, 3])]
    turned = lstm(x, backward, True)[:, ::-1]
    file.write("both_ways", "Sequential", config, [x],
               [np.concatenate([lstm(x, forward), turned], -1)])


def gated():
    file = Saved(theano=True, nameless=True)
    gates, names = gate_arrays("zrh", 3, 4, "gru_1")
    file.named_group("gru_1", names)
    x = weights(2, 5, 3)
    config = [fed(recurrent("GRU", "gru_1", 4, return_sequences=False, go_backwards=False), [5, 3])]
    file.write("gated", "Sequential", config, [x], [gru(x, gates)])


def normalised():
    file = Saved()
    g, b, m, v = file.group("bn_1", gamma=weights(3), beta=weights(3), running_mean=weights(3),
                            running_std=np.abs(weights(3)) + 0.5)
    h, c, _, _ = file.group("bn_2", gamma=weights(3), beta=weights(3), running_mean=weights(3),
                            running_std=weights(3))
    x = weights(4, 3)
    options = {"epsilon": 0.001, "axis": -1, "momentum": 0.99}
    config = [fed(layer("BatchNormalization", "bn_1", mode=0, **options), [3]),
              layer("BatchNormalization", "bn_2", mode=1, **options)]
    y = (x - m) / np.sqrt(v + 0.001) * g + b
    deviation = np.sqrt(y.var(-1, keepdims=True) + 0.001) + 0.001
    file.write("normalised", "Sequential", config, [x],
               [(y - y.mean(-1, keepdims=True)) / deviation * h + c])


def forgotten_layers():
    """Layers that Keras 2 left out."""
    file = Saved()
    w, gate, b, c = file.named_group("highway_1", {
        "highway_1_W": weights(4, 4), "highway_1_W_carry": weights(4, 4),
        "highway_1_b": weights(4), "highway_1_b_carry": weights(4)})
    v, d = file.group("maxoutdense_1", W=weights(3, 4, 5), b=weights(3, 5))
    alphas, betas = file.group("parametricsoftplus_1", alphas=weights(5), betas=weights(5))
    left, low, right, high = file.group("srelu_1", t_left=weights(5), a_left=weights(5),
                                        t_right=weights(5), a_right=weights(5))
    x = weights(3, 4)
    carry = sigmoid(x @ gate + c)
    y = carry * np.tanh(x @ w + b) + (1 - carry) * x
    y = (np.einsum("bi,fio->bfo", y, v) + d).max(1)
    y = np.log1p(np.exp(betas * y)) * alphas
    end = left + np.abs(right)
    y = np.clip(y, left, end) - low * np.maximum(left - y, 0) + high * np.maximum(y - end, 0)
    config = [fed(layer("Highway", "highway_1", activation="tanh", bias=True, transform_bias=-2,
                        init="glorot_uniform"), [4]),
              layer("MaxoutDense", "maxoutdense_1", output_dim=5, nb_feature=3, bias=True),
              layer("ParametricSoftplus", "parametricsoftplus_1", alpha_init=0.2, beta_init=5.0),
              layer("SReLU", "srelu_1", t_left_init="zero", a_left_init="zero",
                    t_right_init="zero", a_right_init="one")]
    file.write("forgotten_layers", "Sequential", config, [x], [y])


def merge(name, mode, **options):
    return layer("Merge", name, mode=mode, mode_type="raw", concat_axis=-1, dot_axes=-1,
                 output_shape=None, output_shape_type="raw", arguments={}, **options)


def branches():
    """A Sequential that begins with a Merge: the file lists the layers of its branches."""
    file = Saved()
    w, b = file.group("dense_1", W=weights(4, 3), b=weights(3))
    v, c = file.group("dense_2", W=weights(2, 3), b=weights(3))
    u, d = file.group("dense_3", W=weights(6, 2), b=weights(2))
    x, y = weights(2, 4), weights(2, 2)
    inside = [{"class_name": "Sequential", "config": [fed(dense("dense_1", 3, "tanh"), [4])]},
              {"class_name": "Sequential", "config": [fed(dense("dense_2", 3, "relu"), [2])]}]
    config = [merge("merge_1", "concat", layers=inside), dense("dense_3", 2)]
    both = np.concatenate([np.tanh(x @ w + b), np.maximum(y @ v + c, 0)], -1)
    file.write("branches", "Sequential", config, [x, y], [both @ u + d])


def graph():
    """A shared layer, a sequence inside, and merges in several modes."""
    file = Saved()
    w, b = file.group("shared", W=weights(4, 3), b=weights(3))
    v, c = file.named_group("sequential_1", {"dense_7_W": weights(3, 3), "dense_7_b": weights(3)})
    x, y = weights(2, 4), weights(2, 4)
    shared = dense("shared", 3, "tanh")
    inside = {"class_name": "Sequential", "config": [fed(dense("dense_7", 3), [3])]}
    nodes = [[["x", 0, 0]], [["y", 0, 0]]]

    def entry(record, name, inbound):
        return {**record, "name": name, "inbound_nodes": inbound}

    layers = [entry(fed(layer("InputLayer", n, sparse=False), [4]), n, []) for n in "xy"]
    layers += [entry(shared, "shared", nodes),
               entry(inside, "sequential_1", [[["shared", 1, 0]]]),
               entry(merge("sum", "sum"), "sum", [[["shared", 0, 0], ["sequential_1", 1, 0]]]),
               entry(merge("dot", "dot"), "dot", [[["shared", 0, 0], ["shared", 1, 0]]]),
               entry(merge("max", "max"), "max", [[["sum", 0, 0], ["shared", 1, 0]]])]
    layers[-2]["config"]["dot_axes"] = [1, 1]
    config = {"name": "model_1", "layers": layers, "input_layers": [["x", 0, 0], ["y", 0, 0]],
              "output_layers": [["max", 0, 0], ["dot", 0, 0]]}
    first, second = np.tanh(x @ w + b), np.tanh(y @ w + b)
    total = first + second @ v + c
    file.write("graph", "Model", config, [x, y],
               [np.maximum(total, second), (first * second).sum(-1, keepdims=True)])


def nameless_sequences():
    """Sequences inside sequences have no names: only the order of the file's list tells them."""
    file = Saved()
    w, b = file.named_group("sequential_1", {"dense_1_W": weights(4, 3), "dense_1_b": weights(3)})
    v, c = file.named_group("sequential_2", {"dense_2_W": weights(3, 2), "dense_2_b": weights(2)})
    x = weights(2, 4)
    config = [{"class_name": "Sequential", "config": [fed(dense("dense_1", 3, "tanh"), [4])]},
              {"class_name": "Sequential", "config": [dense("dense_2", 2)]}]
    file.write("nameless_sequences", "Sequential", config, [x], [np.tanh(x @ w + b) @ v + c])


nameless_dense()
for theano in (False, True):
    for first in (False, True):
        picture(f"picture_{'theano' if theano else 'tensorflow'}_{'th' if first else 'tf'}", theano,
                first)
    sequence(f"sequence_{'theano' if theano else 'tensorflow'}", False, theano)
sequence("sequence_1_1", True, True)
half_same("half_same")
deconvolution()
words()
both_ways()
gated()
normalised()
forgotten_layers()
branches()
graph()
nameless_sequences()
