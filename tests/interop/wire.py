"""Protobuf's wire format, as much as the interop tests need; on purpose none of Retake's own code."""


class NotProtobuf(Exception):
    pass


def varint(data, at):
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise NotProtobuf(f"a varint at byte {at} of {len(data)} does not end")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a message as (number, wire type, value, raw bytes with tag)."""
    out = []
    at = 0
    while at < len(data):
        start = at
        tag, at = varint(data, at)
        number, kind = tag >> 3, tag & 7
        if number == 0:
            raise NotProtobuf(f"field number 0 at byte {start}")
        if kind == 0:
            value, at = varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, at = data[at:at + size], at + size
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            raise NotProtobuf(f"wire type {kind} at byte {start}")
        if at > len(data):
            raise NotProtobuf(f"the field at byte {start} runs past the end")
        out.append((number, kind, value, data[start:at]))
    return out


def first(data, number, default=None):
    """The last value of a singular field, as a reader of protobuf has it."""
    for n, _, value, _ in fields(data):
        if n == number:
            default = value
    return default


def encode_varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, value):
    """One field: an int as a varint, bytes or text with a length."""
    if isinstance(value, int):
        return encode_varint(number << 3) + encode_varint(value)
    data = value.encode() if isinstance(value, str) else value
    return encode_varint(number << 3 | 2) + encode_varint(len(data)) + data


def _is_map_entry(data):
    try:
        inside = fields(data)
    except NotProtobuf:
        return False
    return 0 < len(inside) <= 2 and [f[0] for f in inside] in ([1], [2], [1, 2])


def canonical(data):
    """The same for two messages that differ in map order alone.

    Without a schema a map and a repeated message of fields 1 and 2 are the same bytes: those are put
    in order when their keys are distinct, at every depth.
    """
    try:
        parts = fields(data)
    except NotProtobuf:
        return data
    out = []
    i = 0
    while i < len(parts):
        j = i
        while j < len(parts) and parts[j][0] == parts[i][0] and parts[j][1] == 2:
            j += 1
        if j == i:
            out.append(parts[i][3])
            i += 1
            continue
        values = [part[2] for part in parts[i:j]]
        inner = [canonical(value) for value in values]
        if len(inner) > 1 and all(map(_is_map_entry, values)):
            keys = [first(value, 1, b"") for value in values]
            if len(set(keys)) == len(keys):
                inner.sort()
        out.extend(field(parts[i][0], value) for value in inner)
        i = j
    return b"".join(out)
