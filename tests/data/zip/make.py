"""Makes the zip files that zip_test.cc reads, with Python's zipfile: an independent writer."""
import zipfile

TEXT = b"the quick brown fox jumps over the lazy dog\n" * 20
DATE = (2020, 1, 1, 0, 0, 0)


def add(archive, name, content, method, **options):
    info = zipfile.ZipInfo(name, DATE)
    info.compress_type = method
    with archive.open(info, "w", **options) as entry:
        entry.write(content)


with zipfile.ZipFile("deflated.zip", "w") as archive:
    add(archive, "assets/text.txt", TEXT, zipfile.ZIP_DEFLATED)
    add(archive, "small.bin", bytes(range(16)), zipfile.ZIP_STORED)
    archive.comment = b"a comment at the end"

with zipfile.ZipFile("zip64.zip", "w") as archive:
    add(archive, "forced.txt", TEXT, zipfile.ZIP_DEFLATED, force_zip64=True)
    add(archive, "stored.bin", bytes(range(16)), zipfile.ZIP_STORED, force_zip64=True)

with open("behind_a_prefix.bin", "wb") as file:
    file.write(b"TFL3 and other bytes" * 3)
with zipfile.ZipFile("behind_a_prefix.bin", "a") as archive:
    add(archive, "labels.txt", b"cat\ndog\n", zipfile.ZIP_STORED)

with open("prefix_unknown_to_offsets.bin", "wb") as file:
    file.write(b"sixteen bytes...")
    file.write(open("deflated.zip", "rb").read())

with zipfile.ZipFile("bzip2.zip", "w") as archive:
    add(archive, "text.txt", TEXT, zipfile.ZIP_BZIP2)
