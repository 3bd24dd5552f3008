#!/usr/bin/env python3
"""Records the custom operators of MediaPipe's models with the runtime in MediaPipe's own wheel.

    mediapipe_cases.py OUT

The format of a case is that of README.md beside this file. The runtime takes pictures only, so the
input of each model is one, [1, H, W, 3]; points are made of it by RESHAPE. OUT is replaced.
"""

import json
import pathlib
import shutil
import struct
import sys

import mediapipe as mp
import numpy as np
from flatbuffers import flexbuffers
from mediapipe.python._framework_bindings import resource_util
from opgen.model import Model, Tensor

HEIGHT, WIDTH = 7, 6
POINTS = HEIGHT * WIDTH
RULE = {"atol": 1e-6, "rtol": 1e-5}


def tensor(shape, name=None, data=None):
    kind = "float32" if data is None or data.dtype == np.float32 else "int32"
    return Tensor(kind, shape=list(shape), name=name, data=data, const=data is not None)


def options(values):
    builder = flexbuffers.Builder()
    with builder.Map():
        for key, value in values.items():
            if isinstance(value, list):
                with builder.TypedVector(key):
                    for number in value:
                        builder.Int(number)
            elif isinstance(value, float):
                builder.Float(key, value)
            else:
                builder.Int(key, value)
    return bytes(builder.Finish())


def pool(padding, stride, size, activation=0):
    """Strides and sizes as (width, height), then what the runtime computed when it wrote it."""
    return struct.pack("<10i", padding, *stride, *size, activation, 0, 0, 0, 0)


def points_of(graph, x):
    points = tensor([1, POINTS, 3])
    shape = tensor([3], data=np.array(points.shape, np.int32))
    graph.op("RESHAPE", [x, shape], [points], ("ReshapeOptions", {"newShape": points.shape}))
    return points


def matrix():
    numbers = [[0.8, -0.3, 9, 1.7], [0.25, 0.7, 9, 0.4], [0, 0, 1, 0], [0, 0, 0, 1]]
    return tensor([1, 4, 4], data=np.array([numbers], np.float32))


def pooled(padding, shape, activation=0):
    def build(graph, x):
        y, places = tensor([1, *shape, 3], "pooled"), tensor([1, *shape, 3], "places")
        custom = pool(padding, (2, 3), (3, 2), activation)
        graph.op("MaxPoolingWithArgmax2D", [x], [y, places], custom=custom)
        return [y, places]

    return build


def unpooled(graph, x):
    y, places = pooled(1, (3, 3))(graph, x)
    image = tensor([1, 6, 9, 3], "unpooled")
    graph.op("MaxUnpooling2D", [y, places], [image], custom=pool(1, (2, 3), (3, 2)))
    return [image]


def transposed(padding, shape):
    def build(graph, x):
        rng = np.random.default_rng(3)
        weights = tensor([2, 4, 3, 3], data=rng.normal(size=(2, 4, 3, 3)).astype(np.float32))
        bias = tensor([2], data=np.array([0.5, -0.25], np.float32))
        y = tensor([1, *shape, 2], "enlarged")
        custom = struct.pack("<3i", padding, 2, 3)
        graph.op("Convolution2DTransposeBias", [x, weights, bias], [y], custom=custom)
        return [y]

    return build


def cut_out(graph, x):
    y = tensor([1, 5, 4, 3], "cut")
    custom = options({"output_height": 5, "output_width": 4})
    graph.op("TransformTensorBilinear", [x, matrix()], [y], version=2, custom=custom)
    return [y]


def moved(graph, x):
    y = tensor([1, POINTS, 3], "moved")
    graph.op("TransformLandmarks", [points_of(graph, x), matrix()], [y], version=2, custom=b"")
    return [y]


def surrounded(graph, x):
    y = tensor([1, 4, 4], "matrix")
    custom = options({"left_rotation_idx": 4, "output_height": 16, "output_width": 20,
                      "right_rotation_idx": 31, "scale_x": 1.5, "scale_y": 1.25,
                      "subset_idxs": [3, 9, 27, 38, 41], "target_rotation_radians": 0.3})
    graph.op("Landmarks2TransformMatrix", [points_of(graph, x)], [y], version=2, custom=custom)
    return [y]


CASES = [
    ("Convolution2DTransposeBias", "float32_same_0", 1, transposed(1, (19, 12))),
    ("Convolution2DTransposeBias", "float32_valid_1", 1, transposed(2, (22, 13))),
    ("Landmarks2TransformMatrix", "float32_0", 2, surrounded),
    ("MaxPoolingWithArgmax2D", "float32_same_0", 1, pooled(1, (3, 3))),
    ("MaxPoolingWithArgmax2D", "float32_valid_relu6_1", 1, pooled(2, (2, 2), 3)),
    ("MaxUnpooling2D", "float32_0", 1, unpooled),
    ("TransformLandmarks", "float32_0", 2, moved),
    ("TransformTensorBilinear", "float32_0", 2, cut_out),
]

GRAPH = """
input_stream: "image"
node {
  calculator: "ImageToTensorCalculator" input_stream: "IMAGE:image" output_stream: "TENSORS:in"
  options { [mediapipe.ImageToTensorCalculatorOptions.ext] {
    output_tensor_width: %d output_tensor_height: %d keep_aspect_ratio: false
    output_tensor_float_range { min: 0.0 max: 1.0 } } }
}
node {
  calculator: "TfLiteCustomOpResolverCalculator" output_side_packet: "OP_RESOLVER:resolver"
  options { [mediapipe.TfLiteCustomOpResolverCalculatorOptions.ext] { use_gpu: false } }
}
node {
  calculator: "InferenceCalculator" input_stream: "TENSORS:in" output_stream: "TENSORS:out"
  input_side_packet: "OP_RESOLVER:resolver"
  options { [mediapipe.InferenceCalculatorOptions.ext] {
    model_path: "%s" delegate { tflite {} } } }
}
node {
  calculator: "SplitTensorVectorCalculator" input_stream: "out" %s
  options { [mediapipe.SplitVectorCalculatorOptions.ext] { %s } }
}
"""


def run(path, picture, count):
    """The outputs of the model, flat."""
    streams = " ".join(f'output_stream: "t{i}"' for i in range(count))
    ranges = " ".join(f"ranges {{ begin: {i} end: {i + 1} }}" for i in range(count))
    text = GRAPH % (WIDTH, HEIGHT, path, streams, ranges)
    for i in range(count):
        text += f'''node {{ calculator: "TensorsToFloatsCalculator"
          input_stream: "TENSORS:t{i}" output_stream: "FLOATS:f{i}" }} output_stream: "f{i}"\n'''
    graph, results = mp.CalculatorGraph(graph_config=text), {}
    for i in range(count):
        graph.observe_output_stream(f"f{i}", lambda name, packet: results.update(
            {name: np.array(mp.packet_getter.get_float_list(packet), np.float32)}))
    graph.start_run()
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
    graph.add_packet_to_input_stream("image", mp.packet_creator.create_image(image).at(1))
    graph.close_all_packet_sources()
    graph.wait_until_done()
    return [results[f"f{i}"] for i in range(count)]


def record(out, op, label, version, build):
    model, x = Model(), tensor([1, HEIGHT, WIDTH, 3], "x")
    graph = model.main
    graph.inputs([x])
    outputs = build(graph, x)
    graph.outputs(outputs)
    folder = out / op
    folder.mkdir(exist_ok=True)
    path = folder / f"{label}.tflite"
    path.write_bytes(model.to_bytes())
    picture = np.random.default_rng(5).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    arrays = {"in0": picture[None].astype(np.float32) * np.float32(1 / 255)}
    for i, flat in enumerate(run(path.resolve(), picture, len(outputs))):
        arrays[f"out{i}"] = flat.reshape(outputs[i].shape)
    np.savez(folder / f"{label}.npz", **arrays)
    return {"op": op, "case": label, "type": "float32", "version": version, "options": "",
            "rule": RULE, "reference": "mediapipe", "opt_max_diff": 0.0, "invokes": 1, "note": ""}


def main():
    out = pathlib.Path(sys.argv[1])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    resource_util.set_resource_dir("/")
    entries = [record(out, *case) for case in CASES]
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    (out / "index.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
