"""Makes the HDF5 files that hdf5_test.cc reads, and expected.txt: what h5py sees in them."""
import zlib

import h5py
import numpy as np

TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8",
         ">f2", ">f4", ">f8", ">i2", ">i4", ">u8", "?", "V2", "S5"]
random = np.random.default_rng(1)


def values(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return random.normal(size=shape).astype(dtype)
    if dtype.kind == "S":
        texts = [b"text"[: i % 5] for i in range(int(np.prod(shape)))]
        return np.array(texts, dtype).reshape(shape)
    raw = random.integers(0, 2 if dtype.kind == "b" else 256, int(np.prod(shape)) * dtype.itemsize)
    return np.frombuffer(raw.astype(np.uint8).tobytes(), dtype).reshape(shape)


def write_basics(file):
    for i, dtype in enumerate(TYPES):
        name = dtype.replace(">", "big_").replace("?", "bool")
        file.create_dataset(f"types/{name}", data=values(dtype, (2 + i % 3, 2)))
    for name, data in (("scalar", np.float32(2.5)), ("nothing", h5py.Empty("f4")),
                       ("no_rows", np.zeros((0, 4), "f4"))):
        file.create_dataset(f"shapes/{name}", data=data)
    file.create_dataset("shapes/unwritten", shape=(3, 3), dtype="i4", fillvalue=-3)
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((2, 3))
    compact = h5py.h5d.create(file["shapes"].id, b"compact", h5py.h5t.IEEE_F32LE, space, layout)
    h5py.Dataset(compact)[...] = values("f4", (2, 3))
    file["named_type"] = np.dtype("f4")
    file.create_dataset("shapes/of_named_type", data=values("f4", (2,)), dtype=file["named_type"])
    attributes = file.create_group("attributes").attrs
    attributes["text"] = "grün"
    attributes["bytes"] = np.bytes_(b"fixed")
    attributes["layer_names"] = np.array([b"conv2d", b"dense_1"], "S8")
    attributes["texts"] = ["", "one", "two" * 30]
    attributes["number"] = 3
    attributes["yes"] = True
    attributes["nothing"] = h5py.Empty("S1")
    attributes["empty"] = np.zeros((0,), "S1")
    attributes.create("of_named_type", np.arange(3, dtype="f4"), dtype=file["named_type"])


def write_crowds(file):
    data = file.create_dataset("one", data=values("f4", (2,)))
    group = file.create_group("crowd")
    for i in range(70):
        group[f"link_{i:02}" + "_" * (i % 7)] = data
    for i in range(20):
        group.attrs[f"attribute_{i}"] = np.arange(i)
    group.attrs["large"] = np.bytes_(b"0123456789" * 450)
    group["soft"] = h5py.SoftLink("/one")
    group["soft_twice"] = h5py.SoftLink("soft")
    group["dangling"] = h5py.SoftLink("nowhere")
    group["circle"] = h5py.SoftLink("circle")


def write_chunks(file):
    def dataset(name, shape, chunks, limit=None, dtype="i2", **filters):
        made = file.create_dataset(name, shape, dtype, chunks=chunks, maxshape=limit, **filters)
        made[...] = values(dtype, shape)
        return made
    dataset("single", (5, 3), (5, 3))
    dataset("single_deflated", (5, 30), (5, 30), compression="gzip")
    dataset("fixed", (7, 5), (3, 2))
    dataset("fixed_filtered", (7, 5), (3, 2), compression="gzip", shuffle=True, fletcher32=True)
    dataset("fixed_may_grow", (4, 4), (2, 3), limit=(9, 5), fletcher32=True)
    dataset("rows_grow", (9, 4), (1, 3), limit=(None, 4))
    dataset("columns_grow", (3, 40), (2, 1), limit=(3, None), dtype=">f4", shuffle=True)
    dataset("both_grow", (12, 11), (1, 1), limit=(None, None), dtype="u1")
    dataset("both_grow_filtered", (9, 9), (3, 2), limit=(None, None), compression="gzip")
    partial = file.create_dataset("partial", (9, 9), "f4", chunks=(2, 2), fillvalue=1.5)
    partial[3:5, 2:7] = values("f4", (2, 5))
    early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    early.set_chunk((3, 2))
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple((7, 5))
    made = h5py.h5d.create(file.id, b"implicit", h5py.h5t.IEEE_F32LE, space, early)
    h5py.Dataset(made)[...] = values("f4", (7, 5))


def write_pages(file):
    file.create_dataset("fixed", (1500,), "u1", chunks=(1,))[3:9] = 7
    grown = file.create_dataset("grown", (1,), "u1", chunks=(1,), maxshape=(None,))
    grown.resize((140000,))
    for at in (0, 100, 5000, 139999):
        grown[at] = at % 251


def write_refused(file):
    file.create_dataset("lzf", data=values("f4", (20,)), chunks=(20,), compression="lzf")
    file.create_dataset("elsewhere", (4,), "f4", external=[("other.bin", 0, 16)])
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (4,))
    file.create_virtual_dataset("virtual", layout)
    file["link"] = h5py.ExternalLink("other.h5", "/x")


def line(path, dtype, shape, data):
    return f"{path}|{dtype}|{shape}|{len(data)}|{zlib.crc32(data):08x}"


def describe(path, holder, dtype, shape):
    if shape is None:
        return line(path, "none", "none", b"")
    array = np.asarray(holder[()] if isinstance(holder, h5py.Dataset) else holder)
    if dtype.kind in "SV" and not isinstance(holder, h5py.Dataset):
        array = np.asarray(holder, dtype)
    data = array.astype(dtype.newbyteorder("<"), copy=False).tobytes()
    data = data.ljust(dtype.itemsize if shape == () else 0, b"\0")
    name = {"b": "bool", "S": "string", "V": "opaque"}.get(dtype.kind)
    return line(path, name or f"{dtype.kind}{dtype.itemsize * 8}", list(shape), data)


def walk(path, item):
    for name in sorted(item.attrs):
        where = f"{path}@{name}"
        attribute = h5py.h5a.open(item.id, name.encode())
        empty = attribute.get_space().get_simple_extent_type() == h5py.h5s.NULL
        if h5py.check_string_dtype(attribute.dtype):
            texts = [] if empty else np.atleast_1d(item.attrs[name]).tolist()
            texts = [text.encode() if isinstance(text, str) else text for text in texts]
            yield line(where, "texts", [len(texts)], b"".join(text + b"\n" for text in texts))
        else:
            yield describe(where, item.attrs[name], attribute.dtype, attribute.shape)
    if isinstance(item, h5py.Dataset):
        yield describe(path, item, item.dtype, item.shape)
    if isinstance(item, h5py.Group):
        for name in sorted(item):
            try:
                member = item[name]
            except (KeyError, OSError, RuntimeError):
                continue
            yield from walk(f"{path}/{name}", member)


FILES = {"basics": write_basics, "crowds": write_crowds, "chunks": write_chunks}
LEVELS = {"old": ("earliest", "v108"), "new": ("v114", "v114")}
lines = []
for kind, write in FILES.items():
    for age, level in LEVELS.items():
        name = f"{kind}_{age}.h5"
        with h5py.File(name, "w", libver=level) as file:
            write(file)
made = {"pages.h5": (write_pages, {}), "refused.h5": (write_refused, {}),
        "chunks_newest.h5": (write_chunks, {}),  # by HDF5 2.0: layouts of version 5
        "behind_user_block.h5": (write_crowds, {"userblock_size": 512, "track_order": True})}
for name, (write, options) in made.items():
    with h5py.File(name, "w", libver="latest", **options) as file:
        write(file)
for name in [f"{k}_{a}.h5" for k in FILES for a in LEVELS] + ["pages.h5", "chunks_newest.h5", "behind_user_block.h5"]:
    with h5py.File(name) as file:
        lines += [f"file {name}"] + list(walk("", file))
open("expected.txt", "w").write("\n".join(lines) + "\n")
