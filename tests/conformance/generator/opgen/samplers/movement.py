"""Operators that move, copy or select elements without computing on them."""

import numpy as np

from ..case import EXACT, label, result, single
from ..draw import constant, int32
from ..model import NUMPY_TYPES
from ..registry import HEAVY, MEDIUM, RARE, sampler
from ..schema import schema

COMMON = "float32 int8"
MORE = "uint8 int16 int32 int64 bool"


def moved(draw, inputs, x, options, name, **fields):
    """A case whose single output shares type and quantisation with `x`."""
    y = result(x.type, x.quant, dynamic=fields.pop("dynamic", False))
    return single(draw, inputs, [y], options, name, EXACT, **fields)


def source(draw, shape):
    return draw.tensor(draw.type, shape)


def dims(shape):
    return "x".join(map(str, shape)) or "scalar"


# Reshaping ------------------------------------------------------------------


@sampler("RESHAPE", "float32", MEDIUM)
@sampler("RESHAPE", "int8 uint8 int16 int32 int64 bool float16 string", RARE)
def reshape(draw):
    before, after = draw.pick(
        (
            ([2, 3, 4], [6, 4]),
            ([12], [3, 2, 2]),
            ([2, 3, 4], [-1]),
            ([4, 5], [2, -1, 5]),
            ([1], []),
            ([2, 0, 3], [0, 6]),
            ([1, 2, 3, 4, 5], [5, -1]),
            ([], [1, 1]),
        )
    )
    x = source(draw, before)
    mode = draw.pick(("input", "option", "computed", "input"))
    name = label(dims(before), "to", dims(after).replace("-", "m"), mode)
    options = None if mode != "option" else ("ReshapeOptions", {"newShape": after})
    if mode == "option":
        return moved(draw, [x], x, options, name)
    shape = int32(np.array(after, np.int32))
    shape.const = mode == "input"
    return moved(
        draw,
        [x, shape],
        x,
        ("ReshapeOptions", {"newShape": after}),
        name,
        dynamic=mode == "computed",
    )


@sampler("SQUEEZE", "float32 int8 int32")
@sampler("SQUEEZE", "bool string", RARE)
def squeeze(draw):
    shape, axes = draw.pick(
        (
            ([1, 3, 1, 5], []),
            ([1, 3, 1, 5], [0]),
            ([1, 3, 1, 5], [-2]),
            ([2, 1, 1], [1, 2]),
            ([1, 1], []),
            ([2, 3], []),
        )
    )
    x = source(draw, shape)
    name = label(dims(shape), "axes", *[str(a).replace("-", "m") for a in axes])
    return moved(draw, [x], x, ("SqueezeOptions", {"squeezeDims": axes}), name)


@sampler("EXPAND_DIMS", "float32 int8 int32")
@sampler("EXPAND_DIMS", "bool string", RARE)
def expand_dims(draw):
    shape, axis = draw.pick((([2, 3], 0), ([2, 3], -1), ([2, 3], 1), ([], 0), ([4], -2)))
    x, computed = source(draw, shape), draw.pick((False, False, True))
    axis_tensor = int32([axis] if draw.chance(0.5) else axis)
    axis_tensor.const = not computed
    return moved(
        draw,
        [x, axis_tensor],
        x,
        ("ExpandDimsOptions", {}),
        label(dims(shape), f"axis{axis}".replace("-", "m"), "computed" * computed),
        dynamic=computed,
    )


@sampler(["SHAPE", "RANK"], "float32 int8 int32 string")
def shape_or_rank(draw):

    x = source(draw, draw.shape())
    if draw.op == "RANK":
        return single(draw, [x], [result("int32")], ("RankOptions", {}), dims(x.shape), EXACT)
    kind = draw.pick(("int32", "int64"))
    options = "ShapeOptions", {"outType": getattr(schema.TensorType, kind.upper())}
    return single(draw, [x], [result(kind)], options, label(dims(x.shape), kind), EXACT)


@sampler("TRANSPOSE", COMMON, HEAVY)
@sampler("TRANSPOSE", MORE + " float16", RARE)
def transpose(draw):
    rank = draw.pick((4, 2, 3, 5, 1, 6, 4, 3))
    shape = draw.shape(rank, (1, 2, 3, 4, 7) if rank > 4 else (1, 3, 5, 7, 16, 17))
    permutation = draw.rng.permutation(rank)
    computed = draw.pick((False, False, False, True))
    perm = int32(permutation)
    perm.const = not computed
    x = source(draw, shape)
    name = label(dims(shape), "perm" + "".join(map(str, permutation)), "computed" * computed)
    version = {5: 4, 6: 6}.get(rank)
    return moved(
        draw, [x, perm], x, ("TransposeOptions", {}), name, version=version, dynamic=computed
    )


@sampler(["TRANSPOSE", "TILE", "BROADCAST_TO", "SLICE", "PAD"], "float32_high_rank", RARE)
def high_rank(draw):
    rank = draw.pick((7, 8, 6))
    shape = [draw.pick((1, 2)) if i % 2 else 2 for i in range(rank)]
    x = source(draw, shape)
    if draw.op == "TRANSPOSE":
        extra, options = [int32(draw.rng.permutation(rank))], ("TransposeOptions", {})
    elif draw.op == "TILE":
        extra, options = [int32(draw.rng.integers(1, 3, rank))], ("TileOptions", {})
    elif draw.op == "BROADCAST_TO":
        extra, options = [int32([3 if n == 1 else n for n in shape])], ("BroadcastToOptions", {})
    elif draw.op == "PAD":
        extra, options = [int32(draw.rng.integers(0, 2, [rank, 2]))], ("PadOptions", {})
    else:
        extra, options = [int32([n - 1 for n in shape]), int32([1] * rank)], ("SliceOptions", {})
    return moved(
        draw, [x, *extra], x, options, f"rank{rank}", version=8 if draw.op == "TRANSPOSE" else None
    )


# Padding and tiling ---------------------------------------------------------

PAD_TYPES = "uint8 int16 int32 int64"


@sampler(["PAD", "PADV2"], COMMON, HEAVY)
@sampler(["PAD", "PADV2"], PAD_TYPES + " bool float16", RARE)
def pad(draw):
    rank = draw.pick((4, 2, 3, 1, 5, 4))
    x = source(draw, draw.shape(rank, (1, 2, 3, 5, 8)))
    amounts = draw.rng.integers(0, 4, [rank, 2]) * (draw.rng.random([rank, 1]) < 0.7)
    computed = draw.pick((False, False, False, True))
    paddings = constant(draw.pick(("int32", "int64", "int32")), amounts)
    paddings.const = not computed
    inputs = [x, paddings]
    if draw.op == "PADV2":
        value = draw.tensor(draw.type, draw.pick(([], [1])), x.quant)
        inputs.append(value.as_const() if draw.chance(0.6) else value)
    name = label(dims(x.shape), paddings.type, "computed" * computed)
    options = ("PadOptions" if draw.op == "PAD" else "PadV2Options", {})
    return moved(draw, inputs, x, options, name, version=4 if rank > 4 else None, dynamic=computed)


@sampler("MIRROR_PAD", "float32 int8 int32")
@sampler("MIRROR_PAD", "uint8 int16 int64 bool", RARE)
def mirror_pad(draw):
    mode = draw.pick((0, 1))
    shape = draw.shape(draw.pick((4, 2, 1, 3)), (2, 3, 5))
    amounts = [[draw.integer(0, n - 1 + mode), draw.integer(0, n - 1 + mode)] for n in shape]
    x = source(draw, shape)
    paddings = constant(draw.pick(("int32", "int64")), amounts)
    return moved(
        draw,
        [x, paddings],
        x,
        ("MirrorPadOptions", {"mode": mode}),
        label(dims(shape), "symmetric" if mode else "reflect"),
    )


@sampler("TILE", "float32 int8 int32")
@sampler("TILE", "uint8 int16 int64 bool string", RARE)
def tile(draw):
    shape = draw.shape(draw.pick((2, 3, 1, 4)), (1, 2, 3, 5))
    times = draw.rng.integers(1, 4, len(shape))
    if draw.chance(0.15):
        times[0] = 0
    multiples = constant(draw.pick(("int32", "int64")), times)
    multiples.const = draw.pick((True, True, False))
    x = source(draw, shape)
    return moved(
        draw,
        [x, multiples],
        x,
        ("TileOptions", {}),
        label(dims(shape), "by", dims(times), "computed" * (not multiples.const)),
        dynamic=not multiples.const,
    )


@sampler("BROADCAST_TO", "float32 int8 int32")
@sampler("BROADCAST_TO", "uint8 int16 int64 bool", RARE)
def broadcast_to(draw):
    before, after = draw.pick(
        (
            ([3], [2, 3]),
            ([1, 4, 1], [2, 4, 3]),
            ([], [2, 2]),
            ([2, 1, 3], [2, 5, 3]),
            ([1, 1, 2, 1, 3], [2, 1, 2, 2, 3]),
            ([7], [7]),
        )
    )
    x, shape = source(draw, before), constant(draw.pick(("int32", "int64")), after)
    shape.const = draw.pick((True, False))
    return moved(
        draw,
        [x, shape],
        x,
        ("BroadcastToOptions", {}),
        label(dims(before), "to", dims(after), "computed" * (not shape.const)),
        dynamic=not shape.const,
    )


@sampler("FILL", "float32 int8 int32")
@sampler("FILL", "int16 int64 bool string float16", RARE)
def fill(draw):
    shape = draw.pick(([2, 3], [5], [], [1, 2, 3, 4], [0, 3]))
    sizes = constant(draw.pick(("int32", "int64")), np.array(shape))
    sizes.const = draw.pick((True, False))
    value = source(draw, [])
    return moved(
        draw, [sizes, value], value, ("FillOptions", {}), dims(shape), dynamic=not sizes.const
    )


@sampler("ZEROS_LIKE", "float32 int32 int64")
def zeros_like(draw):
    x = source(draw, draw.shape())
    return moved(draw, [x], x, ("ZerosLikeOptions", {}), dims(x.shape))


# Joining and splitting ------------------------------------------------------


@sampler("CONCATENATION", COMMON, HEAVY)
@sampler("CONCATENATION", MORE + " float16 uint8_rescaled", RARE)
def concatenation(draw):
    rank = draw.pick((4, 2, 3, 1, 5, 4))
    axis, count = draw.pick((-1, 1, 2, 0, 3)), draw.pick((2, 3, 1, 4, 2))
    axis = axis if -rank <= axis < rank else 0
    shape = draw.shape(rank, (1, 2, 3, 7, 8))
    inputs = []
    for _ in range(count):
        shape[axis] = draw.integer(1, 9)
        inputs.append(source(draw, shape))
    y_quant = inputs[0].quant
    for tensor in inputs:
        tensor.quant = draw.quant("uint8") if draw.tag.endswith("rescaled") else y_quant
    inputs[-1].const = count > 1 and draw.pick((False, False, True))
    name = label(
        f"n{count}", f"rank{rank}", f"axis{axis}".replace("-", "m"), "const" * inputs[-1].const
    )
    options = "ConcatenationOptions", {"axis": axis, "fusedActivationFunction": 0}
    return single(draw, inputs, [result(draw.type, y_quant)], options, name, EXACT)


@sampler("PACK", "float32 int8 int32")
@sampler("PACK", "uint8 int16 int64 bool uint32", RARE)
def pack(draw):
    count, shape = draw.integer(1, 4), draw.shape(draw.pick((2, 1, 3, 0)))
    axis = draw.integer(-len(shape) - 1, len(shape))
    inputs = [source(draw, shape) for _ in range(count)]
    for tensor in inputs:
        tensor.quant = inputs[0].quant
    return moved(
        draw,
        inputs,
        inputs[0],
        ("PackOptions", {"valuesCount": count, "axis": axis}),
        label(f"n{count}", dims(shape), f"axis{axis}".replace("-", "m")),
    )


@sampler("UNPACK", "float32 int8 int32")
@sampler("UNPACK", "uint8 int16 bool float16", RARE)
def unpack(draw):
    shape = draw.shape(draw.pick((2, 3, 1, 4)), (1, 2, 3, 5))
    axis = draw.integer(-len(shape), len(shape) - 1)
    x = source(draw, shape)
    outputs = [result(draw.type, x.quant) for _ in range(shape[axis])]
    return single(
        draw,
        [x],
        outputs,
        ("UnpackOptions", {"num": shape[axis], "axis": axis}),
        label(dims(shape), f"axis{axis}".replace("-", "m")),
        EXACT,
    )


@sampler("SPLIT", "float32 int8", MEDIUM)
@sampler("SPLIT", "uint8 int16 int32 int64")
def split(draw):
    parts, rank = draw.pick((2, 3, 1, 4)), draw.pick((4, 2, 3, 1))
    axis = draw.integer(-rank, rank - 1)
    shape = draw.shape(rank, (1, 2, 3, 5))
    shape[axis] = parts * draw.integer(1, 4)
    x = source(draw, shape)
    outputs = [result(draw.type, x.quant) for _ in range(parts)]
    return single(
        draw,
        [int32(axis), x],
        outputs,
        ("SplitOptions", {"numSplits": parts}),
        label(f"n{parts}", dims(shape), f"axis{axis}".replace("-", "m")),
        EXACT,
    )


@sampler("SPLIT_V", "float32 int8 int32")
@sampler("SPLIT_V", "uint8 int16 int64", RARE)
def split_v(draw):
    sizes, rank = list(draw.pick(((2, 3), (1, 4, 2), (5,), (3, 0, 1)))), draw.pick((2, 3, 4, 1))
    axis = draw.integer(-rank, rank - 1)
    shape = draw.shape(rank, (1, 2, 3))
    shape[axis] = sum(sizes)
    x = source(draw, shape)
    outputs = [result(draw.type, x.quant) for _ in sizes]
    if draw.pick((True, False)):
        sizes[-1] = -1
    name = label(
        "sizes", *[str(s).replace("-", "m") for s in sizes], f"axis{axis}".replace("-", "m")
    )
    return single(
        draw,
        [x, constant(draw.pick(("int32", "int64")), sizes), int32(axis)],
        outputs,
        ("SplitVOptions", {"numSplits": len(sizes)}),
        name,
        EXACT,
    )


# Slices ---------------------------------------------------------------------

STRIDED = (
    # name, shape, begin, end, strides, masks
    ("plain", [4, 5, 3], [1, 0, 0], [3, 5, 2], [1, 1, 1], {}),
    ("stride", [7, 6], [0, 1], [7, 6], [2, 3], {}),
    ("negative_stride", [5, 4], [4, 3], [0, 0], [-1, -2], {}),
    ("begin_end_mask", [5, 4, 3], [2, 1, 1], [3, 2, 2], [1, 1, 1], {"beginMask": 5, "endMask": 3}),
    ("negative_index", [6, 5], [-4, -3], [-1, 5], [1, 1], {}),
    ("out_of_range", [4, 3], [-9, 1], [9, 99], [1, 1], {}),
    ("shrink", [4, 3, 5], [2, 0, 1], [3, 3, 5], [1, 1, 2], {"shrinkAxisMask": 1}),
    ("shrink_negative", [4, 3, 5], [-1, 0, 1], [0, 3, 5], [1, 1, 1], {"shrinkAxisMask": 1}),
    ("shrink_all", [4], [2], [3], [1], {"shrinkAxisMask": 1}),
    ("ellipsis", [2, 3, 4, 5], [0, 1], [0, 4], [1, 1], {"ellipsisMask": 1}),
    ("ellipsis_middle", [4, 3, 2, 5], [1, 0, 2], [3, 0, 5], [1, 1, 1], {"ellipsisMask": 2}),
    ("new_axis", [3, 4], [0, 0, 1], [0, 3, 3], [1, 1, 1], {"newAxisMask": 1}),
    (
        "new_axis_shrink",
        [3, 4],
        [0, 1, 0],
        [0, 2, 4],
        [1, 1, 1],
        {"newAxisMask": 1, "shrinkAxisMask": 2},
    ),
    (
        "new_axis_ellipsis",
        [2, 3, 4],
        [0, 0, 1],
        [0, 0, 3],
        [1, 1, 1],
        {"newAxisMask": 2, "ellipsisMask": 1},
    ),
    ("offset", [6, 5], [1, 2], [3, 2], [1, 1], {"offset": True}),
    ("rank5", [2, 3, 2, 3, 4], [0, 1, 0, 0, 1], [2, 3, 2, 3, 4], [1, 1, 1, 2, 2], {}),
    ("fewer_axes", [4, 3, 2], [1], [3], [1], {}),
    ("empty", [4, 3], [2, 0], [2, 3], [1, 1], {}),
    ("reverse_mask", [5, 3], [0, 0], [0, 3], [-1, 1], {"beginMask": 1, "endMask": 1}),
)


@sampler("STRIDED_SLICE", "float32", 2.2)
@sampler("STRIDED_SLICE", "int8", HEAVY)
@sampler("STRIDED_SLICE", MORE + " string", RARE)
def strided_slice(draw):
    name, shape, begin, end, strides, masks = draw.pick(STRIDED)
    x = source(draw, shape)
    bounds = [int32(values) for values in (begin, end, strides)]
    computed = draw.pick((False, False, False, True))
    bounds[0].const = bounds[1].const = not computed
    version = 8 if "offset" in masks else 4 if len(shape) > 4 else None
    if not version and ("ellipsisMask" in masks or "newAxisMask" in masks):
        version = 6
    return moved(
        draw,
        [x, *bounds],
        x,
        ("StridedSliceOptions", masks),
        label(name, "computed" * computed),
        version=version,
        dynamic=computed,
    )


@sampler("SLICE", "float32 int8", MEDIUM)
@sampler("SLICE", MORE + " string float16", RARE)
def slice_(draw):
    rank = draw.pick((2, 3, 4, 1, 5))
    shape = draw.shape(rank, (2, 3, 5, 7))
    begin = [draw.integer(0, n - 1) for n in shape]
    size = [draw.pick((-1, None)) or draw.integer(1, n - b) for n, b in zip(shape, begin)]
    kind, computed = draw.pick(("int32", "int64")), draw.pick((False, False, True))
    bounds = [constant(kind, begin), constant(kind, size)]
    bounds[0].const = bounds[1].const = not computed
    x = source(draw, shape)
    return moved(
        draw,
        [x, *bounds],
        x,
        ("SliceOptions", {}),
        label(dims(shape), kind, "computed" * computed),
        version=5 if rank == 5 else None,
        dynamic=computed,
    )


@sampler("DYNAMIC_UPDATE_SLICE", "float32", MEDIUM)
@sampler("DYNAMIC_UPDATE_SLICE", "int8 int32")
@sampler("DYNAMIC_UPDATE_SLICE", "int16 int64 bool float16", RARE)
def dynamic_update_slice(draw):
    rank = draw.pick((2, 3, 1, 4))
    shape = draw.shape(rank, (2, 3, 5))
    update_shape = [draw.integer(1, n) for n in shape]
    start = [draw.integer(-1, n + 1) for n in shape]
    kind = draw.pick(("int32", "int64"))
    operand, update = source(draw, shape), source(draw, update_shape)
    update.quant = operand.quant
    starts = draw.tensor(kind, [rank], data=np.array(start, NUMPY_TYPES[kind]))
    starts.const = draw.chance(0.3)
    return moved(
        draw,
        [operand, update, starts],
        operand,
        ("DynamicUpdateSliceOptions", {}),
        label(dims(shape), kind),
        version=2 if kind == "int64" else None,
    )
