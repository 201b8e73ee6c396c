# SPDX-License-Identifier: GPL-2.0-or-later
"""Each allocation fails in its turn: while a call is judged, while the family
answers, while the module loads. What fails is an errno or a counted loss, what
is denied stays denied, nothing leaks."""

import errno
import os

import faults
import nl
import sets
import storm
import wx
from tap import Failed, expect, expect_equal

# Rounds over the deeds; one is complete, for nothing is random.
ROUNDS = 1
MOST = 160  # allocations of one call; behind ours an exec has many more
QUIET = 12  # so many in a row that none failed: there are no more
AROUND = 8  # before and behind ours, for those that fail without a stack
DEEDS = (
    ("actor_mprotect", "rwx7"), ("actor_mprotect", "file_private"),
    ("actor_mmap", "anon_rwx"), ("actor_mmap", "memfd_rx_private"),
    ("actor_mmap", "shmat_exec"), ("actor_transition", "anon"),
    ("actor_alias", "write_then_run"), ("actor_alias", "protect_shared"),
    ("actor_foreign", "mem_code"), ("actor_foreign", "vm_both"),
    ("actor_exec", "memfd_fexecve"), ("actor_exec_special", "dev_shm"),
    ("actor_arg", "sh_proc_self_fd"), ("actor_clone", "sealed"),
    ("actor_clone", "unsealed"), ("actor_stack", "own_stack"),
    ("actor_stack", "program_rwe"),
)
SILENT = {("actor_clone", "sealed")}
ALLOWED, DENIED = 0, 10
# Our functions that allocate and do not run in the caller's thread.
REASONS = {
    "wxg_repeat_flush": "runs in the heartbeat, which is no thread of ours to arm",
    "wxg_tamper_tell": "needs probes that were switched off",
}


def one(path, variant, starve):
    """How the actor ended when it starved in its decisive call, and whether an
    allocation failed; None where nobody could say."""
    left = wx.WORK + "/left"
    if os.path.exists(left):
        os.unlink(left)
    environment = dict(os.environ, ACTOR_STARVE=str(starve), ACTOR_STARVED=left)
    done = wx.subprocess.run([path, variant], capture_output=True, env=environment,
                             timeout=wx.DEADLINE, check=False)
    failed = storm.read(left).strip() == "0" if os.path.exists(left) else None
    return wx.Report(done), failed


def look(log, client, deed, denied, path, starve):
    """One starved deed, judged; (an allocation failed, in our code)."""
    actor, variant = deed
    before = client.status()
    report, failed = one(path, variant, starve)
    after = client.status()
    failures, ours = log.take()
    what = f"{actor} {variant}, {starve}: exit {report.code} {report.note}"
    evidence = (log.site, before, after)
    if report.code == ALLOWED and deed not in SILENT:
        expect(not denied, f"{what}: it was let through", evidence)
        expect(after["seq"] > before["seq"], f"{what}: nobody was told", evidence)
    expect_equal(f"{what}: pending", after["pending"], 0, evidence)
    if failed is None:
        failed = failures > 0 or report.code != ALLOWED
    return failed, ours


def each_alone(log, client, deed, denied, stretch):
    """All allocations of one deed, one after the other. stretch: of each deed,
    where ours were the time before."""
    path = wx.fresh(deed[0])
    first, last = stretch.get(deed, (1, MOST))
    ours, quiet = [], 0
    for nth in range(first, last):
        failed, mine = look(log, client, deed, denied, path, nth)
        ours += [nth] * mine
        quiet = 0 if failed else quiet + 1
        if quiet == QUIET:
            break
    storm.say(f"{deed[0]} {deed[1]}: {nth - quiet} allocations, {len(ours)} of them ours")
    if ours:
        stretch[deed] = max(1, ours[0] - AROUND), ours[-1] + AROUND


def all_from_on(log, client, deed, denied):
    """From some point on nothing is to be had any more."""
    path = wx.fresh(deed[0])
    for room in (0, 1, 2, 4, 8, 12, 16, 24):
        with faults.starving(faults.PLACES[1], room):
            look(log, client, deed, denied, path, "all")
    for room in (1, 256, 1024, 4096, 8192, 12288, 16384, 32768):
        with faults.starving(faults.PLACES[0], room):
            look(log, client, deed, denied, path, "all")


def check_deeds(the, log, denied, stretch):
    wx.load_rules(storm.every_deed("deny" if denied else "log"))
    with nl.Client() as client:
        client.mode("enforce" if denied else "detect")
        before = client.status()
        for _ in the.each("deeds"):
            for deed in DEEDS:
                each_alone(log, client, deed, denied, stretch)
                all_from_on(log, client, deed, denied)
        after = client.status()
        client.mode("detect")
        expect(after["lost_nomem"] > before["lost_nomem"], "nothing was lost", after)
        storm.say(f"{after['seq'] - before['seq']} numbers, "
                  f"{after['lost_nomem'] - before['lost_nomem']} of them lost; "
                  f"{after['unjudged']} calls without room for their mark")


def rules_payload():
    return (sets.classes("log") + sets.scope("s", "/nowhere/**") +
            sets.exemption("e", "/nowhere"))


def requests(fd):
    known = nl.nest(nl.A_KNOWN, nl.u32(nl.KNOWN_CLASSES, 2),
                    nl.attr(nl.KNOWN_PATH, b"/disk/one"))
    file = nl.u32(nl.A_FD, fd)
    return (
        ("STATUS_GET", nl.STATUS_GET, b"", False),
        ("FINDING_GET", nl.FINDING_GET, b"", True),
        ("KNOWN_ADD", nl.KNOWN_ADD, file + known, False),
        ("KNOWN_GET", nl.KNOWN_GET, b"", True),
        ("KNOWN_PIN", nl.KNOWN_PIN, file + nl.nest(nl.A_KNOWN, nl.u32(12, 1)), False),
        ("KNOWN_DEL", nl.KNOWN_DEL, file, False),
        ("RULES_SET", nl.RULES_SET, rules_payload(), False),
        ("RULES_GET", nl.RULES_GET, b"", True),
        ("MODE_SET", nl.MODE_SET, nl.u32(nl.A_MODE, 2) + nl.u32(nl.A_CONFIRM, 600), False),
        ("MODE_GET", nl.MODE_GET, b"", False),
        ("FINDING_ACK", nl.FINDING_ACK, nl.u64(nl.A_SEQ, 1), False),
        ("KNOWN_FLUSH", nl.KNOWN_FLUSH, b"", False),
    )


def request(log, thread, name, command, payload, dump):
    """One request, with each of its allocations failing in turn."""
    for nth in range(1, MOST):
        with nl.Client() as client, nl.Client() as other:
            client.socket.settimeout(5)
            before = other.status()
            with thread.failing(nth):
                code = nl.refusal(client.dump if dump else client.do, command, payload)
            after = other.status()
        log.take()
        if name == "RULES_SET" and code:
            expect_equal(f"{name}, allocation {nth}, {nl.name_of(code)}: generation",
                         after["generation"], before["generation"])
        if name == "KNOWN_ADD":
            expect_equal(f"{name}, allocation {nth}: known", after["known_count"],
                         before["known_count"] + (not code and not before["known_count"]))
        if not thread.failed:
            # It may be gone already, by a request whose answer failed.
            expect(code in (0, errno.ENOENT), f"{name}: {nl.name_of(code)} in the end")
            break
    else:
        raise Failed(f"{name} still allocates after {MOST}")
    storm.say(f"{name}: {nth - 1} allocations")


def check_requests(_, log):
    thread = faults.Thread()
    fd = os.open(wx.fresh("actor_exec"), os.O_RDONLY)
    wx.act("actor_mprotect", "rwx7")
    with nl.Client() as client:
        client.do(nl.KNOWN_FLUSH)
    for name, command, payload, dump in requests(fd):
        request(log, thread, name, command, payload, dump)
    wx.mode("detect")
    os.close(fd)


def load(log, thread, nth):
    """(errno, failures, in our code)"""
    with thread.failing(nth):
        code = storm.try_load("mode=detect")
    _, ours = log.take()
    expect_equal(f"loaded, allocation {nth}, {nl.name_of(code)}", wx.is_loaded(), not code)
    if not code:
        wx.act("actor_mprotect", "rwx7")
        expect(wx.status()["seq"] > 0, f"allocation {nth}: loaded and blind")
        storm.unload()
    return code, thread.failed, ours


def first_of_ours(log, thread):
    """Before it, the kernel allocates what any module takes."""
    low, high = 0, 4096
    while high - low > 1:
        middle = (low + high) // 2
        _, failed, ours = load(log, thread, middle)
        if failed and not ours:
            low = middle
        else:
            high = middle
    return high


def check_load(_, log):
    thread = faults.Thread()
    storm.unload()
    # Some failures come without a stack, so the first may be a little before.
    first = max(1, first_of_ours(log, thread) - 8)
    refused, last = 0, first
    for nth in range(first, 1 << 16):
        code, failed, ours = load(log, thread, nth)
        refused += bool(code)
        if ours:
            last = nth
        elif not failed or nth > last + 32:
            break
    storm.say(f"loading: {last - first} allocations of ours, {refused} of them fatal")
    storm.load("mode=detect")


def check_sites(_, log):
    missing = faults.untouched(log, REASONS)
    expect(not missing, "no allocation failed here", missing)


def run(the):
    the.run("alloc: the kernel can let allocations fail", lambda _: faults.need())
    if the.tap.skipped:
        return
    wx.daemon_stop()
    faults.arm()
    log, stretch = faults.Log(), {}
    the.run("alloc: in detect each deed is let through, told or counted as lost",
            check_deeds, log, False, stretch)
    the.run("alloc: in enforce no deed is let through", check_deeds, log, True, stretch)
    the.run("alloc: a request is refused whole or done whole", check_requests, log)
    the.run("alloc: the module loads whole or not at all", check_load, log)
    the.run("alloc: each of our allocations has failed", check_sites, log)
    log.put_back()
    the.run("alloc: nothing leaked", lambda _: faults.check_leaks())
