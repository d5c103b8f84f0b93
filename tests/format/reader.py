#!/usr/bin/env python3
"""Reads a pghaul archive, written from docs/FORMAT.md alone. Prints schema.name, rows, raw bytes and digest of each
relation, tab-separated, in the order of their ends. Ends with 5 when the archive is damaged or incomplete, 1 when it is
none or too new. Needs python3-zstandard and python3-xxhash."""
import struct
import sys

import xxhash
import zstandard

MASK = (1 << 128) - 1
h64, h128 = xxhash.xxh3_64_intdigest, xxhash.xxh3_128_intdigest  # (bytes, seed = 0)
CATALOG, CHUNK, END, INDEX = 1, 2, 3, 4


class Damaged(Exception): pass
class Refused(Exception): pass


def check(condition, why):
    if not condition:
        raise Damaged(why)


def rows_of(raw, copy_format):
    if copy_format == 1:
        check(not raw or raw.endswith(b"\n"), "the last line has no newline")
        yield from raw.split(b"\n")[:-1]
        return
    at = 0
    while at < len(raw):
        start = at
        check(at + 2 <= len(raw), "a tuple ends early")
        (fields,) = struct.unpack_from(">h", raw, at)
        check(fields >= 0, "a tuple has a negative count of fields")
        at += 2
        for _ in range(fields):
            check(at + 4 <= len(raw), "a tuple ends early")
            (length,) = struct.unpack_from(">i", raw, at)
            check(length >= -1, "a field has a negative length")
            at += 4 + max(length, 0)
        check(at <= len(raw), "a field ends early")
        yield raw[start:at]


class Archive:
    def __init__(self, file):
        self.file, self.offset, self.ends = file, 0, []
        self.relations = {}  # id: [chunks by number, rows, raw bytes, digest, copy format]

    def read(self, size):
        data = self.file.read(size)
        check(len(data) == size, "incomplete: it ends at %d" % (self.offset + len(data)))
        self.offset += size
        return data

    def file_header(self):
        head = self.read(128)
        if head[:12] != b"\x89PGHAUL\r\n\x1a\n\0":
            raise Refused("not an archive")
        check(h64(head[:120]) == struct.unpack_from("<Q", head, 120)[0], "file header")
        major, _, reader_major, reader_minor, size, count, block_header = struct.unpack_from("<HHHHIII", head, 12)
        if major > 1 or (reader_major, reader_minor) > (1, 0):
            raise Refused("a newer format")
        check(major == 1 and block_header == 96 and count <= 64 and size == 128 + 48 * count, "file header's sizes")
        check(head[68:72] == bytes(4) and head[80:112] == bytes(32), "reserved bytes of the file header")
        self.uuid = head[32:48]
        self.max_raw, _, self.max_part = struct.unpack_from("<QQI", head, 48)
        check(self.max_raw <= 3 << 29 and self.max_part <= 4 << 20, "limits")
        capabilities = self.read(size - 128)
        check(h64(capabilities) == struct.unpack_from("<Q", head, 112)[0], "capabilities")
        for at in range(0, len(capabilities), 48):
            name = capabilities[at:at + 40].rstrip(b"\0")
            if capabilities[at + 40] & 1 and name not in (b"xxh3", b"row-digest", b"zstd"):
                raise Refused("it needs the capability %r" % name)

    def offset_seed(self, offset):
        return h64(self.uuid + struct.pack("<QQ", offset, 0))

    def block(self):
        """Header fields and raw payload of the next block; None and the footer's bytes at the end."""
        offset = self.offset
        head = self.read(96)
        if head[:4] == b"PHFT":
            return None, head
        names = "type codec copy_format flags relation number zero rows raw stored low high stored_sum dlow dhigh sum"
        b = dict(zip(names.split(), struct.unpack("<HBBIIIIQQQQQQQQQ", head[4:])), offset=offset)
        check(head[:4] == b"PHBK" and b["sum"] == h64(head[:88], self.offset_seed(offset)), "block header at %d" % offset)
        where = "block at %d" % offset
        check(b["type"] != 0 and b["zero"] == 0 and b["codec"] <= 1, where)
        check(b["raw"] <= (self.max_raw if b["type"] == CHUNK else self.max_part), where + ": size")
        check(b["stored"] < b["raw"] if b["codec"] else b["stored"] == b["raw"], where + ": sizes")
        stored = self.read(b["stored"])
        seed = h64(self.uuid + struct.pack("<IIII", b["type"], b["relation"], b["number"], 0))
        check(h64(stored, seed) == b["stored_sum"], where + ": stored bytes")
        raw = stored
        if b["codec"] == 1:
            check(zstandard.frame_content_size(stored) == b["raw"], where + ": content size")
            raw = zstandard.ZstdDecompressor().decompress(stored)
        check(len(raw) == b["raw"] and h128(raw, seed) == b["high"] << 64 | b["low"], where + ": raw bytes")
        return b, raw

    def series(self, kind, first=None):
        """The joined payloads of the catalog or of the index."""
        parts = []
        while True:
            b, raw = first if first and not parts else self.block()
            check(b and b["type"] == kind and b["number"] == len(parts), "catalog or index has a gap")
            parts.append(raw)
            if b["flags"] & 1:
                self.blocks = len(parts)
                return b"".join(parts)

    def catalog(self):
        data = self.series(CATALOG)
        self.catalog_blocks, self.names = self.blocks, {}

        def u32(at):
            check(at + 4 <= len(data), "catalog ends early")
            return struct.unpack_from("<I", data, at)[0]

        at = 4 + u32(0)  # origin
        count, at = u32(at), at + 4
        for _ in range(count):  # warnings
            at += 4 + u32(at)
        count, at = u32(at), at + 4
        for position in range(1, count + 1):
            field = at + 4
            check(u32(field) == position, "an entry's id")
            schema_at = field + 9  # id, kind, section, late, alone
            name_at = schema_at + 4 + u32(schema_at)
            text = [data[a + 4:a + 4 + u32(a)].decode("utf-8", "replace") for a in (schema_at, name_at)]
            self.names[position] = ".".join(filter(None, text))
            at = field + u32(at)
        check(at == len(data), "catalog")

    def chunk(self, b, raw):
        name = "chunk %d of %s" % (b["number"], self.names.get(b["relation"]))
        digest, rows = 0, 0
        for row in rows_of(raw, b["copy_format"]):
            digest, rows = digest + h128(row) & MASK, rows + 1
        check(b["copy_format"] in (1, 2) and b["flags"] == 0 and b["relation"] in self.names, name)
        check(rows == b["rows"] and digest == b["dhigh"] << 64 | b["dlow"], name + ": rows")
        relation = self.relations.setdefault(b["relation"], [{}, 0, 0, 0, b["copy_format"]])
        same = (rows, b["raw"], b["low"], b["high"])
        if b["number"] in relation[0]:
            check(relation[0][b["number"]][0] == same, name + ": comes twice")
            return
        check(b["relation"] not in self.ends and relation[4] == b["copy_format"], name + ": its place or form")
        relation[0][b["number"]] = (same, struct.pack("<QIIQQQ", b["offset"], b["relation"], b["number"], rows, b["raw"], b["stored"]))
        relation[1:4] = relation[1] + rows, relation[2] + b["raw"], relation[3] + digest & MASK

    def record(self, id):
        numbers, rows, size, digest, copy_format = self.relations[id]
        check(sorted(numbers) == list(range(len(numbers))), "%s: a chunk is missing" % self.names[id])
        return struct.pack("<IIB7xQQQQ", id, len(numbers), copy_format, rows, size, digest & (1 << 64) - 1, digest >> 64)

    def end(self, b, raw):
        id = b["relation"]
        check(len(raw) >= 48 and id in self.names and id not in self.ends, "a relation's end")
        self.relations.setdefault(id, [{}, 0, 0, 0, raw[8]])
        check(raw[:48] == self.record(id), "%s does not end as it should" % self.names[id])
        self.ends.append(id)

    def whole(self):
        self.file_header()
        self.catalog()
        while True:
            b, raw = self.block()
            check(b, "no index")
            if b["type"] == INDEX:
                break
            check(b["type"] in (CHUNK, END) or b["flags"] & 2, "a block of an unknown type")
            {CHUNK: self.chunk, END: self.end}.get(b["type"], lambda *_: None)(b, raw)
        index_offset = b["offset"]
        index = self.series(INDEX, (b, raw))
        chunks = [c[1] for id in sorted(self.relations) for _, c in sorted(self.relations[id][0].items())]
        check(set(self.relations) == set(self.ends), "a relation has no end")
        expected = [struct.pack("<IIQ", len(self.ends), 0, len(chunks)), *map(self.record, self.ends), *chunks]
        check(index == b"".join(expected), "the index")
        index_blocks, at = self.blocks, self.offset
        b, footer = self.block()
        sums = [sum(relation[i] for relation in self.relations.values()) for i in (1, 2)]
        expected = struct.pack("<4sIQQQQQQ16sII", b"PHFT", len(self.ends), index_offset, at - index_offset, at + 96, len(chunks),
                               *sums, self.uuid, self.catalog_blocks, index_blocks)
        expected += struct.pack("<Q8s", h64(expected, self.offset_seed(at)), b"PGHAULED")
        check(b is None and footer == expected and not self.file.read(1), "the footer")
        for id in self.ends:
            _, rows, size, digest, _ = self.relations[id]
            print(self.names[id], rows, size, "%032x" % digest, sep="\t")


try:
    with open(sys.argv[1], "rb") if sys.argv[1:] and sys.argv[1] != "-" else sys.stdin.buffer as stream:
        Archive(stream).whole()
except (Damaged, zstandard.ZstdError) as error:
    sys.exit(print("damaged: %s" % error, file=sys.stderr) or 5)
except Refused as error:
    sys.exit(print("refused: %s" % error, file=sys.stderr) or 1)
