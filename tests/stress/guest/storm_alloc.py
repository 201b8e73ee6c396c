# SPDX-License-Identifier: GPL-2.0-or-later
"""Each allocation fails in its turn: while a call is judged, while the family
answers, while the module loads. What fails is an errno or a counted loss, what
is denied stays denied, nothing leaks."""

import errno
import os
import time

import faults
import nl
import sets
import storm
import wx
from tap import Failed, expect, expect_equal

# Rounds over the deeds; one is complete, for nothing is random.
ROUNDS = 1
MOST = 400  # allocations before ours, and copies of arguments
QUIET = 20  # so many in a row that none failed where we would see it: there are no more
AROUND = 4  # before and behind ours, for those that fail without a stack
STRIDE = 3  # on the way to ours, of which there are some in a row
BEHIND = 24  # ours, where the call goes on for long
LEAD = 64  # between two of ours while the module loads
DEEDS = (
    ("actor_mprotect", "rwx7"), ("actor_mprotect", "file_private"),
    ("actor_mmap", "anon_rwx"), ("actor_mmap", "memfd_rx_private"),
    ("actor_mmap", "shmat_exec"), ("actor_transition", "anon"),
    ("actor_alias", "write_then_run"), ("actor_alias", "protect_shared"),
    ("actor_foreign", "mem_code"), ("actor_foreign", "vm_both"),
    ("actor_exec", "long_args"), ("actor_exec_special", "dev_shm"),
    ("actor_arg", "sh_proc_self_fd"), ("actor_clone", "sealed"),
    ("actor_clone", "sealed_then_rwx"), ("actor_stack", "own_stack"),
    ("actor_stack", "program_rwe"),
)
SILENT = {("actor_clone", "sealed")}
# Judged when it cannot fail any more: with nothing to be had from there on, the
# kernel tries for ever to give it its first page.
LATE = {("actor_stack", "program_rwe")}
# What the actor does itself before, and must be let.
OFF = {("actor_foreign", "vm_both"): ("rwx_mmap",)}
# Decisive calls before the one that starves.
SKIP = {("actor_clone", "sealed_then_rwx"): 1}
ALLOWED, DENIED = 0, 10
# Not to be had here, and why.
REASONS = {
    ("wxg_repeat_flush", "kmemdup"): "runs in the heartbeat, no thread of ours to arm",
    ("wxg_known_set_enter", "rhashtable_insert_slow"):
        "only where a chain is long, or while the table grows",
}


def one(path, deed, starve):
    """How the actor ended when it starved in its decisive call, and whether an
    allocation failed; None where nobody could say."""
    left = wx.WORK + "/left"
    if os.path.exists(left):
        os.unlink(left)
    environment = dict(os.environ, ACTOR_STARVE=str(starve), ACTOR_STARVED=left,
                       ACTOR_STARVE_SKIP=str(SKIP.get(deed, 0)))
    done = wx.subprocess.run([path, deed[1]], capture_output=True, env=environment,
                             timeout=wx.DEADLINE, check=False)
    failed = storm.read(left).strip() == "0" if os.path.exists(left) else None
    return wx.Report(done), failed


def look(log, client, deed, denied, path, starve):
    """One starved deed, judged; (an allocation failed, in our code)."""
    actor, variant = deed
    before = client.status()
    report, failed = one(path, deed, starve)
    after = client.status()
    failures, ours = log.take()
    what = f"{actor} {variant}, {starve}: exit {report.code} {report.note}"
    evidence = (log.site, before, after)
    if report.code == ALLOWED and deed not in SILENT:
        expect(not denied, f"{what}: it was let through", evidence)
        expect(after["seq"] + after["repeats"] > before["seq"] + before["repeats"],
               f"{what}: nobody was told", evidence)
    expect_equal(f"{what}: pending", after["pending"], 0, evidence)
    if failed is None:
        failed = failures > 0 or report.code != ALLOWED
    return failed, ours


def where_ours_begin(log, client, deed, denied, path):
    for begin in range(1, STRIDE + 1):
        quiet = 0
        for nth in range(begin, MOST, STRIDE):
            failed, mine = look(log, client, deed, denied, path, nth)
            if mine:
                return max(1, nth - AROUND)
            quiet = 0 if failed else quiet + 1
            if quiet == QUIET:
                break
    raise Failed(f"{deed[0]} {deed[1]}: no allocation of ours among its {nth}")


def each_alone(log, client, deed, denied, stretch):
    """Our allocations of one deed, and those around, one after the other.
    stretch: of each deed, where ours were the time before."""
    path, ours = wx.fresh(deed[0]), []
    report, _ = one(path, deed, 0)
    expect_equal(f"{deed[0]} {deed[1]}, not starved: exit code", report.code,
                 DENIED if denied and deed not in SILENT else ALLOWED, report.note)
    first, last = stretch.get(deed) or (
        where_ours_begin(log, client, deed, denied, path), 2 * MOST)
    # The kernel's own before ours become fewer as its caches fill.
    for begin, end in (first, last), (1, 2 * MOST):
        quiet = 0
        for nth in range(begin, end):
            failed, mine = look(log, client, deed, denied, path, nth)
            ours += [nth] * mine
            quiet = 0 if failed else quiet + 1
            if quiet == QUIET or (ours and nth > ours[-1] + BEHIND):
                break
        if ours:
            break
    expect(ours, f"{deed[0]} {deed[1]}: no allocation of ours from {begin} to {nth}")
    storm.say(f"{deed[0]} {deed[1]}: {nth - quiet} allocations, {len(ours)} of them ours")
    stretch[deed] = max(1, ours[0] - AROUND), ours[-1] + AROUND


def all_from_on(log, client, deed, denied, stretch):
    """From some point on nothing is to be had any more."""
    path = wx.fresh(deed[0])
    first, last = stretch[deed]
    for nth in range(first, last - AROUND + 1):
        look(log, client, deed, denied, path, f"{nth}+")


def again_and_then(log, client, deed, denied, stretch):
    """What asks a second time fails as well: room that the kernel would find in
    single pages, an entry that is first asked for under a lock."""
    path = wx.fresh(deed[0])
    first, last = stretch[deed]
    with faults.few(2) as arm:
        for nth in range(first, last + BEHIND):
            arm()
            look(log, client, deed, denied, path, f"{nth}+")


def check_deeds(the, log, denied, stretch):
    with nl.Client() as client:
        client.mode("enforce" if denied else "detect")
        before = client.status()
        for _ in the.each("deeds"):
            for deed in DEEDS:
                wx.load_rules(storm.every_deed("deny" if denied else "log",
                                               off=OFF.get(deed, ())))
                each_alone(log, client, deed, denied, stretch)
                again_and_then(log, client, deed, denied, stretch)
                if deed not in LATE:
                    all_from_on(log, client, deed, denied, stretch)
        after = client.status()
        client.mode("detect")
        expect(after["lost_nomem"] > before["lost_nomem"], "nothing was lost", after)
        storm.say(f"{after['seq'] - before['seq']} numbers, "
                  f"{after['lost_nomem'] - before['lost_nomem']} of them lost; "
                  f"{after['unjudged']} calls without room for their mark")


def check_learning(_, log):
    """Each time as if for the first time: learnt, noted, and a bell rung."""
    deed = DEEDS[0]
    path, quiet = wx.fresh(deed[0]), 0
    with nl.Client() as client, nl.Client() as listener, faults.few(2) as arm:
        listener.listen()
        for nth in range(1, MOST):
            for starve in nth, f"{nth}+":
                client.do(nl.KNOWN_FLUSH)
                sets.replace(client, sets.classes("log", known=1, repeat=60))
                list(client.records(client.status()["seq"]))
                arm()
                failed, _ = look(log, client, deed, False, path, starve)
            quiet = 0 if failed else quiet + 1
            if quiet == QUIET:
                break
    storm.say(f"learning: {nth - quiet} allocations")


def check_announcing(_, log, stretch):
    """A second sighting is counted; when its time is over, the next one tells it."""
    deed = DEEDS[0]
    path = wx.fresh(deed[0])
    with nl.Client() as client:
        for nth in range(*stretch[deed]):
            sets.replace(client, sets.classes("log", repeat=1))
            for _ in range(2):
                wx.act("", deed[1], path=path)
            over = time.monotonic() + 2
            wx.until("the time of the repeats is over", lambda: time.monotonic() > over)
            look(log, client, deed, False, path, nth)


def rules_payload():
    return (sets.classes("log") + sets.scope("s", "/nowhere/**") +
            sets.exemption("e", "/nowhere"))


def requests(fd):
    """name, command, payload, whether it is a dump, what is known before it"""
    file, bits = nl.u32(nl.A_FD, fd), nl.u32(nl.KNOWN_CLASSES, 2)
    silent = file + nl.nest(nl.A_KNOWN, bits)
    named = file + nl.nest(nl.A_KNOWN, bits, nl.attr(nl.KNOWN_PATH, b"/disk/one"))
    pin = file + nl.nest(nl.A_KNOWN, nl.u32(nl.KNOWN_FLAGS, 1))
    return (
        ("STATUS_GET", nl.STATUS_GET, b"", False, None),
        ("FINDING_GET", nl.FINDING_GET, b"", True, None),
        ("KNOWN_ADD", nl.KNOWN_ADD, named, False, None),
        ("KNOWN_ADD of a path", nl.KNOWN_ADD, named, False, silent),
        ("KNOWN_GET", nl.KNOWN_GET, b"", True, named),
        ("KNOWN_PIN", nl.KNOWN_PIN, pin, False, named),
        ("KNOWN_DEL", nl.KNOWN_DEL, file, False, named),
        ("RULES_SET", nl.RULES_SET, rules_payload(), False, None),
        ("RULES_GET", nl.RULES_GET, b"", True, None),
        ("MODE_SET", nl.MODE_SET, nl.u32(nl.A_MODE, 2) + nl.u32(nl.A_CONFIRM, 600), False,
         None),
        ("MODE_GET", nl.MODE_GET, b"", False, None),
        ("FINDING_ACK", nl.FINDING_ACK, nl.u64(nl.A_SEQ, 1), False, None),
        ("KNOWN_FLUSH", nl.KNOWN_FLUSH, b"", False, named),
    )


# With these the request or its answer was lost on the way, the last where the
# page that the answer is copied to could not be had.
LOST = (errno.ENOBUFS, errno.ETIMEDOUT, errno.EFAULT)
# How many are known once it was done.
WHAT_IS_KNOWN = {nl.KNOWN_ADD: 1, nl.KNOWN_PIN: 1, nl.KNOWN_DEL: 0, nl.KNOWN_FLUSH: 0}


def starved(log, thread, nth, arm, row):
    """One request whose nth allocation fails, and with arm the next as well; did
    one fail?"""
    name, command, payload, dump, known = row
    with nl.Client() as client, nl.Client() as other:
        other.do(nl.KNOWN_FLUSH)
        if known:
            other.do(nl.KNOWN_ADD, known)
        # Where the answer is lost, none comes.
        client.socket.settimeout(5)
        before = other.status()
        if arm:
            arm()
        with thread.failing(nth, bool(arm)):
            code = nl.refusal(client.dump if dump else client.do, command, payload)
        after = other.status()
    log.take()
    what = f"{name}, allocation {nth}, {nl.name_of(code)}"
    if name == "RULES_SET" and code not in LOST:
        expect_equal(f"{what}: generation", after["generation"],
                     before["generation"] + (not code))
    if command in WHAT_IS_KNOWN:
        expect(after["known_count"] == WHAT_IS_KNOWN[command] or code and
               after["known_count"] == before["known_count"],
               f"{what}: known", (before, after))
    if not thread.failed:
        expect_equal(f"{name}, in the end", nl.name_of(code), nl.name_of(0))
    return thread.failed


def request(log, thread, row):
    """One request, with each of its allocations failing in turn, alone and not."""
    with faults.few(1) as arm:
        for nth in range(1, MOST):
            starved(log, thread, nth, arm, row)
            if not starved(log, thread, nth, None, row):
                break
        else:
            raise Failed(f"{row[0]} still allocates after {MOST}")
    storm.say(f"{row[0]}: {nth - 1} allocations")


def check_requests(_, log):
    thread = faults.Thread()
    fd = os.open(wx.fresh("actor_exec"), os.O_RDONLY)
    wx.act("actor_mprotect", "rwx7")
    for row in requests(fd):
        request(log, thread, row)
    wx.mode("detect")
    os.close(fd)


def load(log, thread, nth, path, arm=None):
    """(errno, failures, in our code). Nothing stays known from one to the next,
    so one copy of the program, at path, is enough. arm: the next ones fail too."""
    if arm:
        arm()
    with thread.failing(nth, bool(arm)):
        code = storm.try_load("mode=detect")
    _, ours = log.take()
    expect_equal(f"loaded, allocation {nth}, {nl.name_of(code)}", wx.is_loaded(), not code)
    if not code:
        wx.act("", "rwx7", path=path)
        expect(wx.status()["seq"] > 0, f"allocation {nth}: loaded and blind")
        storm.unload()
    return code, thread.failed, ours


def first_of_ours(log, thread, path):
    """Before it, the kernel allocates what any module takes."""
    low, high = 0, 4096
    while high - low > 1:
        middle = (low + high) // 2
        _, failed, ours = load(log, thread, middle, path)
        if failed and not ours:
            low = middle
        else:
            high = middle
    # Many failures come without a stack, and high may be one behind them.
    first, nth = high, high
    while nth > max(0, first - LEAD):
        first = nth if load(log, thread, nth, path)[2] else first
        nth -= AROUND
    return max(1, first - 4 * AROUND)


def check_load(_, log):
    """Not with all of them failing from one on: the kernel needs memory to take a
    kprobe back, and where it has none the kprobe stays (kernel/kprobes.c,
    disarm_kprobe_ftrace()), in the memory of a module that is gone."""
    thread, path = faults.Thread(), wx.fresh("actor_mprotect")
    storm.unload()
    first = first_of_ours(log, thread, path)
    refused, last = 0, first
    with faults.few(1) as arm:
        for nth in range(first, 1 << 16):
            code, failed, ours = load(log, thread, nth, path)
            refused += bool(code)
            ours += load(log, thread, nth, path, arm)[2]
            if ours:
                last = nth
            elif not failed or nth > last + LEAD:
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
    storm.unload()
    # A heartbeat tells repeats as well, in a thread of its own.
    storm.load("mode=detect", "heartbeat=3600")
    faults.arm()
    log, stretch = faults.Log(), {}
    the.run("alloc: in detect each deed is let through, told or counted as lost",
            check_deeds, log, False, stretch)
    the.run("alloc: in enforce no deed is let through", check_deeds, log, True, stretch)
    the.run("alloc: what is new is learnt and told", check_learning, log)
    the.run("alloc: repeats are told or counted as lost", check_announcing, log, stretch)
    the.run("alloc: a request is refused whole or done whole", check_requests, log)
    the.run("alloc: the module loads whole or not at all", check_load, log)
    the.run("alloc: each of our allocations has failed", check_sites, log)
    log.put_back()
    the.run("alloc: nothing leaked", lambda _: faults.check_leaks())
