"""Operators that pick, place or reorder elements, and those whose output shape depends on values."""

import numpy as np

from ..case import EXACT, Case, describe, feed, label, result, single
from ..draw import constant, int32
from ..model import Model, NUMPY_TYPES, Tensor
from ..registry import MEDIUM, RARE, sampler
from ..schema import schema
from .movement import MORE, dims, moved, source

# Gather and scatter ---------------------------------------------------------


@sampler("GATHER", "float32 int8", MEDIUM)
@sampler("GATHER", MORE + " string float16", RARE)
def gather(draw):
    shape, axis, batch, index_shape = draw.pick(
        (
            ([5, 3], 0, 0, [4]),
            ([4, 5, 3], 1, 0, [2, 2]),
            ([2, 5, 3], 2, 1, [2, 2]),
            ([2, 5, 3], -1, 0, [3]),
            ([6], 0, 0, []),
            ([3, 4, 2], 1, 1, [3, 2]),
            ([7, 2], 0, 0, [1]),
        )
    )
    kind = draw.pick(("int32", "int64", "int32", "int16"))
    if draw.type == "string":
        shape, axis, batch = [6], 0, 0
    x = source(draw, shape)
    x.const = draw.chance(0.3)
    positions = draw.rng.integers(0, shape[axis], index_shape).astype(NUMPY_TYPES[kind])
    indices = draw.tensor(kind, index_shape, data=positions, quant=None)
    options = "GatherOptions", {"axis": axis, "batchDims": batch}
    version = 5 if batch else 6 if kind == "int16" else None
    return moved(
        draw,
        [x, indices],
        x,
        options,
        label(
            dims(shape),
            f"axis{axis}".replace("-", "m"),
            f"batch{batch}" * bool(batch),
            kind,
            "const" * x.const,
        ),
        version=version,
    )


@sampler("GATHER", "int4_then_cast", RARE)
def gather_int4(draw):
    """Packed rows gathered from a constant, then cast so that they can be read."""
    shape, model = [5, draw.pick((4, 6))], Model()
    x, rows = draw.tensor("int4", shape).as_const(), draw.integer(1, 4)
    indices = draw.tensor("int32", [rows], data=draw.rng.integers(0, 5, rows).astype(np.int32))
    packed, y = Tensor("int4", [rows, shape[1]]), result("float32")
    model.main.inputs([indices])
    options = "GatherOptions", {"axis": 0, "batchDims": 0}
    model.main.op("GATHER", [x, indices], [packed], options, 7)
    model.main.op("CAST", [packed], [y])
    model.main.outputs([y])
    return Case(
        draw.op, draw.tag, dims(shape), model, [feed([indices])], EXACT, 7, describe(options)
    )


@sampler("GATHER_ND", "float32 int8 int32")
@sampler("GATHER_ND", "uint8 int16 int64 bool string", RARE)
def gather_nd(draw):
    shape, lead, depth = draw.pick(
        (
            ([4, 3], [2], 1),
            ([4, 3], [5], 2),
            ([2, 3, 4], [2, 2], 2),
            ([2, 3, 4], [3], 3),
            ([5], [1], 1),
        )
    )
    kind = draw.pick(("int32", "int64", "int16"))
    index = np.stack([draw.rng.integers(0, n, lead) for n in shape[:depth]], axis=-1)
    x = source(draw, shape)
    indices = draw.tensor(kind, index.shape, data=index.astype(NUMPY_TYPES[kind]))
    return moved(
        draw,
        [x, indices],
        x,
        ("GatherNdOptions", {}),
        label(dims(shape), f"depth{depth}", kind),
        version=4 if kind == "int16" else None,
    )


@sampler("SCATTER_ND", "float32 int8 int32")
@sampler("SCATTER_ND", "uint8 int64 bool", RARE)
def scatter_nd(draw):
    shape, count, depth = draw.pick(
        (([5], 3, 1), ([4, 3], 2, 1), ([4, 3], 4, 2), ([2, 3, 4], 3, 2))
    )
    index = np.stack([draw.rng.integers(0, n, count) for n in shape[:depth]], axis=-1)
    indices = draw.tensor("int32", index.shape, data=index.astype(np.int32))
    indices.const = draw.chance(0.4)
    updates = source(draw, [count, *shape[depth:]])
    if draw.type in ("int8", "uint8"):
        updates.data = draw.integers(draw.type, updates.shape, 0, 20)
    size = int32(shape)
    size.const = draw.pick((True, False))
    return moved(
        draw,
        [indices, updates, size],
        updates,
        ("ScatterNdOptions", {}),
        label(dims(shape), f"n{count}", f"depth{depth}", "computed" * (not size.const)),
        dynamic=not size.const,
    )


@sampler("SPARSE_TO_DENSE", "float32 int8 int32")
@sampler("SPARSE_TO_DENSE", "uint8 int64", RARE)
def sparse_to_dense(draw):
    shape = draw.pick(([6], [4, 5], [2, 3, 4]))
    count = draw.integer(1, 4)
    places = np.sort(draw.rng.choice(int(np.prod(shape)), count, replace=False))
    index = np.stack(np.unravel_index(places, shape), axis=-1).astype(np.int32)
    index = index[:, 0] if len(shape) == 1 and draw.chance(0.5) else index
    indices = draw.tensor("int32", index.shape, data=index)
    values = source(draw, [count] if draw.pick((True, False)) else [])
    default = draw.tensor(draw.type, [], values.quant).as_const()
    return moved(
        draw,
        [indices, int32(shape), values, default],
        values,
        ("SparseToDenseOptions", {"validateIndices": False}),
        label(dims(shape), "one_value" * (not values.shape)),
    )


# Rearranging blocks and order -----------------------------------------------


@sampler(["SPACE_TO_DEPTH", "DEPTH_TO_SPACE"], "float32 int8 int32")
@sampler(["SPACE_TO_DEPTH", "DEPTH_TO_SPACE"], "uint8 int64", RARE)
def depth_and_space(draw):
    block, batch = draw.pick((2, 3, 1)), draw.pick((1, 2))
    height, width, depth = draw.integer(1, 3), draw.integer(1, 3), draw.pick((1, 3, 5))
    if draw.op == "SPACE_TO_DEPTH":
        shape, options = [batch, height * block, width * block, depth], "SpaceToDepthOptions"
    else:
        shape, options = [batch, height, width, depth * block**2], "DepthToSpaceOptions"
    x = source(draw, shape)
    return moved(draw, [x], x, (options, {"blockSize": block}), label(dims(shape), f"block{block}"))


@sampler(["SPACE_TO_BATCH_ND", "BATCH_TO_SPACE_ND"], "float32 int8 int32")
@sampler(["SPACE_TO_BATCH_ND", "BATCH_TO_SPACE_ND"], "uint8 int16 int64", RARE)
def batch_and_space(draw):
    spatial = draw.pick((2, 1))
    block = [draw.pick((2, 1, 3)) for _ in range(spatial)]
    edges = [[draw.integer(0, 1), draw.integer(0, 1)] for _ in range(spatial)]
    batch, depth = draw.pick((1, 2)), draw.pick((1, 3, 5))
    if draw.op == "SPACE_TO_BATCH_ND":
        lengths = [b * draw.integer(2, 3) - sum(e) for b, e in zip(block, edges)]
        shape, options = [batch, *lengths, depth], "SpaceToBatchNDOptions"
    else:
        lengths = [draw.integer(2, 3) for _ in block]
        edges = [[min(e[0], b), min(e[1], b)] for e, b in zip(edges, block)]
        shape, options = [batch * int(np.prod(block)), *lengths, depth], "BatchToSpaceNDOptions"
    x = source(draw, shape)
    edge_tensor = int32(edges)
    edge_tensor.const = draw.pick((True, True, False))
    return moved(
        draw,
        [x, int32(block), edge_tensor],
        x,
        (options, {}),
        label(dims(shape), "block", *block, "computed" * (not edge_tensor.const)),
        version=3 if spatial == 1 else None,
        dynamic=not edge_tensor.const,
    )


@sampler("REVERSE_V2", "float32 int8 int32")
@sampler("REVERSE_V2", "uint8 int16 int64 bool float16", RARE)
def reverse_v2(draw):
    shape, axes = draw.pick(
        (([5], [0]), ([3, 4], [1]), ([2, 3, 4], [0, 1]), ([2, 3, 4], [-1]), ([2, 3, 2, 3], [1, 2]))
    )
    x = source(draw, shape)
    return moved(
        draw,
        [x, int32(axes)],
        x,
        ("ReverseV2Options", {}),
        label(dims(shape), "axes", *[str(a).replace("-", "m") for a in axes]),
    )


@sampler("REVERSE_SEQUENCE", "float32 int32")
@sampler("REVERSE_SEQUENCE", "uint8 int16 int64", RARE)
def reverse_sequence(draw):
    shape, seq, batch = draw.pick((([3, 5, 2], 1, 0), ([4, 2, 3], 0, 1), ([2, 3, 4], 2, 0)))
    lengths = draw.rng.integers(1, shape[seq] + 1, shape[batch])
    kind = draw.pick(("int32", "int64"))
    lengths = draw.tensor(kind, lengths.shape, data=lengths.astype(NUMPY_TYPES[kind]))
    x = source(draw, shape)
    return moved(
        draw,
        [x, lengths],
        x,
        ("ReverseSequenceOptions", {"seqDim": seq, "batchDim": batch}),
        label(dims(shape), f"seq{seq}", f"batch{batch}"),
    )


@sampler(["MATRIX_DIAG", "MATRIX_SET_DIAG"], "float32 int8 int32")
@sampler(["MATRIX_DIAG", "MATRIX_SET_DIAG"], "uint8 int16 int64", RARE)
def matrix_diag(draw):
    if draw.op == "MATRIX_DIAG":
        x = source(draw, draw.pick(([3], [2, 4], [2, 2, 3])))
        return moved(draw, [x], x, ("MatrixDiagOptions", {}), dims(x.shape))
    shape = draw.pick(([3, 3], [2, 3, 4], [2, 4, 3]))
    x, diagonal = source(draw, shape), source(draw, [*shape[:-2], min(shape[-2:])])
    diagonal.quant = x.quant
    return moved(draw, [x, diagonal], x, ("MatrixSetDiagOptions", {}), dims(shape))


# Shapes that depend on values -----------------------------------------------


@sampler("RANGE", "float32 int32 int64")
def range_(draw):
    start, limit, delta = draw.pick(((0, 5, 1), (3, 18, 4), (10, -3, -3), (2, 2, 1), (-4, 4, 2)))
    if draw.type == "float32":
        start, limit, delta = start + 0.5, limit + 0.25, delta * 0.75
    bounds = [constant(draw.type, v) for v in (start, limit, delta)]
    computed = draw.pick((True, False))
    for tensor in bounds:
        tensor.const = not computed
    return single(
        draw,
        bounds,
        [result(draw.type, dynamic=computed)],
        ("RangeOptions", {}),
        "computed" if computed else "const",
        None,
    )


@sampler("WHERE", "float32 int32 int8")
@sampler("WHERE", "bool int64 uint8 uint32", RARE)
def where(draw):
    x = source(draw, draw.shape(draw.pick((1, 2, 3, 4)), (1, 3, 5)))
    x.quant = None
    if draw.type != "bool":
        x.data = (x.data * (draw.rng.random(x.shape) < 0.4)).astype(x.data.dtype)
    if draw.index == 2:
        x.data[...] = 0
    return single(
        draw,
        [x],
        [result("int64", dynamic=True)],
        ("WhereOptions", {}),
        label(dims(x.shape), "none" * (draw.index == 2)),
        EXACT,
    )


@sampler("UNIQUE", "float32 int8 int32")
@sampler("UNIQUE", "uint8 int16 int64", RARE)
def unique(draw):

    count = draw.integer(1, 14)
    x = draw.tensor(
        draw.type, [count], data=draw.rng.integers(0, 5, count).astype(NUMPY_TYPES[draw.type])
    )
    kind = draw.pick(("int32", "int64"))
    options = "UniqueOptions", {"idxOutType": getattr(schema.TensorType, kind.upper())}
    return single(
        draw,
        [x],
        [result(draw.type, dynamic=True), result(kind)],
        options,
        label(f"n{count}", kind),
        EXACT,
    )


@sampler("ONE_HOT", "float32 int8 int32")
@sampler("ONE_HOT", "uint8 int64 bool", RARE)
def one_hot(draw):
    shape, depth = draw.pick(([4], [2, 3], [])), draw.integer(1, 5)
    kind = draw.pick(("int32", "int64"))
    data = draw.rng.integers(-1, depth + 1, shape).astype(NUMPY_TYPES[kind])
    indices = draw.tensor(kind, shape, data=data)
    on, off = source(draw, []), source(draw, [])
    on.quant = off.quant
    on.const = off.const = draw.chance(0.5)
    size = int32(depth)
    size.const = draw.pick((True, True, False))
    axis = draw.integer(-1, len(shape))
    return single(
        draw,
        [indices, size, on, off],
        [result(draw.type, on.quant, dynamic=not size.const)],
        ("OneHotOptions", {"axis": axis}),
        label(
            dims(shape),
            f"depth{depth}",
            f"axis{axis}".replace("-", "m"),
            "computed" * (not size.const),
        ),
        EXACT,
    )
