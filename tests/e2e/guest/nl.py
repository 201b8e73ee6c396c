# SPDX-License-Identifier: GPL-2.0-or-later
"""A small client of the module's netlink family, for what no program asks, and so
that a storm can ask the kernel for its numbers ten thousand times.

The numbers of commands and attributes are those of include/uapi/linux/wxguard.h.
"""

import errno
import os
import socket
import struct

GENERIC = 16
CONTROL = 16
F_REQUEST, F_ACK, F_DUMP = 1, 4, 0x300
ERROR, DONE = 2, 3
NESTED, TYPE_MASK = 0x8000, 0x3FFF

STATUS_GET, FINDING_GET, FINDING_ACK, LOSS = 1, 2, 3, 5
KNOWN_GET, KNOWN_ADD, KNOWN_DEL, KNOWN_FLUSH, KNOWN_PIN = 6, 7, 8, 9, 10
RULES_GET, RULES_SET, MODE_GET, MODE_SET = 11, 12, 13, 14
A_SEQ, A_STATUS, A_FINDING, A_LOSS, A_FD, A_KNOWN = 2, 3, 5, 6, 7, 8
A_GENERATION, A_CLASS, A_EXEMPTION, A_MODE, A_SCOPE, A_BUDGET = 9, 10, 11, 12, 13, 14
A_CONFIRM, A_FORCE = 15, 16
KNOWN_PATH, KNOWN_CLASSES, KNOWN_FLAGS = 7, 11, 12
FINDING_SEQ, FINDING_CLASS, FINDING_VERDICT = 2, 3, 5
MODES = {"off": 0, "learn": 1, "detect": 2, "enforce": 3}
ACTIONS = {"off": 0, "log": 1, "deny": 2, "kill": 3}
CLASSES = ("", "rwx_mprotect", "exec_memory", "map_memory_exec", "exec_unlinked",
           "wx_transition", "rwx_mmap", "exec_stack", "exec_arg_memory",
           "exec_unknown", "foreign_write", "sensor_tamper")
# Of WXGUARD_STATUS_*: number, name, width.
STATUS = {3: "mode", 4: "generation", 5: "seq", 6: "acked", 7: "oldest",
          8: "ring_count", 9: "ring_max", 10: "ring_bytes", 12: "lost_overflow",
          13: "lost_nomem", 14: "known_count", 15: "known_max", 16: "known_evicted",
          17: "pending", 18: "canary", 21: "spared", 22: "unjudged",
          25: "denied", 26: "budget_trips", 28: "repeats"}


class Refused(OSError):
    """What the kernel answered; the sentence, if it said one."""

    def __init__(self, number, sentence):
        super().__init__(number, sentence or os.strerror(number))


def attr(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def u32(kind, value):
    return attr(kind, struct.pack("=I", value))


def u64(kind, value):
    return attr(kind, struct.pack("=Q", value))


def text(kind, value):
    return attr(kind, value.encode() + b"\0")


def nest(kind, *inside):
    return attr(kind | NESTED, b"".join(inside))


def attrs(data):
    """(kind, value) of each attribute."""
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4:
            return
        yield kind & TYPE_MASK, data[at + 4:at + length]
        at += length + (-length % 4)


def number(data):
    return int.from_bytes(data, "little")


class Client:
    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
        self.socket.bind((0, 0))
        self.socket.setsockopt(270, 11, 1)  # NETLINK_EXT_ACK
        self.seq = 0
        self.about = dict(attrs(self.ask(CONTROL, 3, text(2, "wxguard"))[0][1]))
        self.family = number(self.about[1])

    def listen(self):
        """Joins whom the module tells of findings; what comes is not read."""
        group, = [dict(attrs(group)) for _, group in attrs(self.about[7])]
        self.socket.setsockopt(270, 1, number(group[2]))  # NETLINK_ADD_MEMBERSHIP

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, family, command, payload=b"", flags=F_ACK):
        """The replies: (command, attributes) each."""
        self.seq += 1
        body = struct.pack("=BBH", command, 1, 0) + payload
        self.socket.send(struct.pack("=IHHII", 16 + len(body), family,
                                     F_REQUEST | flags, self.seq, 0) + body)
        replies = []
        while True:
            data = self.socket.recv(1 << 17)
            at = 0
            while at + 16 <= len(data):
                length, kind, flags_in, seq, _ = struct.unpack_from("=IHHII", data, at)
                message = data[at + 16:at + length]
                at += length + (-length % 4)
                if seq != self.seq:
                    continue
                if kind == DONE:
                    return replies
                if kind == ERROR:
                    check(message, flags_in)
                    return replies
                replies.append((message[0], message[4:]))

    def do(self, command, payload=b""):
        return self.ask(self.family, command, payload)

    def dump(self, command, payload=b""):
        return self.ask(self.family, command, payload, F_DUMP)

    def status(self):
        nests = dict(attrs(self.do(STATUS_GET)[0][1]))
        return {STATUS[kind]: number(value) for kind, value in attrs(nests[A_STATUS])
                if kind in STATUS}

    def mode(self, name):
        self.do(MODE_SET, u32(A_MODE, MODES[name]))

    def ack(self, seq):
        self.do(FINDING_ACK, u64(A_SEQ, seq))

    def records(self, after=0):
        """What the ring says above a number: (first, last, None) for a loss,
        else (seq, seq, class)."""
        for command, payload in self.dump(FINDING_GET, u64(A_SEQ, after)):
            top = dict(attrs(payload))
            if command == LOSS:
                loss = dict(attrs(top[A_LOSS]))
                yield number(loss[2]), number(loss[3]), None
            else:
                finding = dict(attrs(top[A_FINDING]))
                seq = number(finding[FINDING_SEQ])
                yield seq, seq, number(finding[FINDING_CLASS])

    def known(self):
        """How many entries and classes a dump tells."""
        return len(self.dump(KNOWN_GET))


def check(message, flags):
    code = -struct.unpack_from("=i", message)[0]
    if not code:
        return
    sentence = ""
    if flags & 0x200:  # NLM_F_ACK_TLVS: behind the request, or its header only
        length = struct.unpack_from("=I", message, 4)[0]
        at = 4 + (16 if flags & 0x100 else length + (-length % 4))
        sentence = dict(attrs(message[at:])).get(1, b"").rstrip(b"\0").decode()
    raise Refused(code, sentence)


def refusal(call, *args):
    """The errno that a call ends with, 0 if it did not fail."""
    try:
        call(*args)
    except OSError as error:
        return error.errno or errno.ETIMEDOUT
    return 0


def name_of(code):
    return errno.errorcode.get(code, str(code))
