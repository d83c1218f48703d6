"""Take out of a shared library what the loader never reads: symbols and debugging sections."""

import struct

_MAGIC = b"\x7fELF"
_CLASS_64, _LITTLE_ENDIAN = 2, 1
_SECTION_TABLE_AT, _SECTION_COUNTS_AT = 0x28, 0x3A
_PROGRAM_TABLE = struct.Struct("<Q")
_PROGRAM_SIZES = struct.Struct("<HH")
_SEGMENT = struct.Struct("<8xQ16xQ")


def stripped(library: bytes) -> bytes:
    """Return a 64-bit little-endian ELF file cut off behind its last segment, without a section table.

    A loader goes by the segments alone, so the cut needs no tool that knows the machine the library is for.
    Anything else comes back as it is.
    """
    if library[:6] != _MAGIC + bytes((_CLASS_64, _LITTLE_ENDIAN)):
        return library
    (table,) = _PROGRAM_TABLE.unpack_from(library, 0x20)
    size, count = _PROGRAM_SIZES.unpack_from(library, 0x36)
    segments = (_SEGMENT.unpack_from(library, table + size * number) for number in range(count))
    end = max((offset + length for offset, length in segments), default=len(library))
    kept = bytearray(library[: max(end, table + size * count)])
    kept[_SECTION_TABLE_AT : _SECTION_TABLE_AT + 8] = bytes(8)
    kept[_SECTION_COUNTS_AT : _SECTION_COUNTS_AT + 6] = bytes(6)
    return bytes(kept)
