# SPDX-License-Identifier: GPL-2.0-or-later
"""The smallest BPF programs there are, on the entry or the exit of a kernel
function, loaded and attached with the system call alone."""

import ctypes
import os
import struct

BTF = "/sys/kernel/btf/vmlinux"
# By the machine; of the new ones all have the same.
BPF = {"x86_64": 321}.get(os.uname().machine, 280)
PROG_LOAD, RAW_TRACEPOINT_OPEN = 5, 17
TRACING = 26
ENTRY, EXIT, MODIFY_RETURN = 24, 25, 26
# r0 = 0; exit
NOTHING = struct.pack("=BBhi", 0xB7, 0, 0, 0) + struct.pack("=BBhi", 0x95, 0, 0, 0)
FUNC = 12
# What follows a type in BTF, by its kind: bytes, or bytes for each member.
FIXED = {1: 4, 3: 12, 14: 4, 17: 4}
EACH = {4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12}


def functions(wanted):
    """The BTF numbers of functions."""
    with open(BTF, "rb") as file:
        data = file.read()
    header, = struct.unpack_from("=I", data, 4)
    at, length, strings, _ = struct.unpack_from("=IIII", data, 8)
    at, strings = header + at, header + strings
    places = {}
    for name in wanted:
        place = data.find(b"\0" + name.encode() + b"\0", strings)
        places[place + 1 - strings] = name
    found, number, end = {}, 1, at + length
    unpack = struct.Struct("=II").unpack_from
    while at < end:
        name, info = unpack(data, at)
        kind, members = info >> 24 & 31, info & 0xFFFF
        if kind == FUNC and name in places:
            found[places[name]] = number
        at += 12 + FIXED.get(kind, 0) + EACH.get(kind, 0) * members
        number += 1
    return found


def call(command, attributes):
    """A new descriptor."""
    libc = ctypes.CDLL(None, use_errno=True)
    block = ctypes.create_string_buffer(attributes, max(len(attributes), 128))
    fd = libc.syscall(BPF, command, block, len(block))
    if fd < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return fd


def load(function, where):
    """function: its BTF number; where: ENTRY, EXIT or MODIFY_RETURN."""
    code = ctypes.create_string_buffer(NOTHING, len(NOTHING))
    licence = ctypes.create_string_buffer(b"GPL")
    return call(PROG_LOAD, struct.pack(
        "=IIQQIIQII16sIIIIQIIQIII", TRACING, len(NOTHING) // 8, ctypes.addressof(code),
        ctypes.addressof(licence), 0, 0, 0, 0, 0, b"nothing", 0, where, 0, 0, 0, 0, 0, 0,
        0, function, 0))


def attach(program):
    """Attached until the descriptor is closed."""
    return call(RAW_TRACEPOINT_OPEN, struct.pack("=QI", 0, program))
