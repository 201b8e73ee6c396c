#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What wxguard does, for a person to look at: attacks by real programs, an
innocent twin beside each, first in detect, then in enforce."""

import json
import os
import re
import subprocess
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import wx  # noqa: E402

COLOR = bool(os.environ.get("COLOR"))
WIDTH = 98
RUN, IS, SAYS = 43, 8, 24
# What JITs do every day is only logged; the rest is denied.
LOGGED = ("rwx_mmap", "wx_transition")
RULES = wx.rules("deny")
for name in LOGGED:
    RULES = RULES.replace(f"class {name} {{\n\taction = deny",
                          f"class {name} {{\n\taction = log")
DIRECTORY = "/srv/demo"

# A program started from a descriptor that python made; "caller lives" is what
# python says when the kernel refuses.
START = """
import os, sys
fd = {open}
try:
    os.execve('/proc/self/fd/%d' % fd, {argv}, {{}})
except PermissionError:
    print('caller lives')
    sys.exit(10)
"""
MEMFD = ("(lambda f: (os.write(f, open({source!r}, 'rb').read()), f)[1])"
         "(os.memfd_create({name!r}, 0))")
DISK = "os.open({source!r}, os.O_RDONLY); os.set_inheritable(fd, True)"


def python(opening, argv, **words):
    return ("python3", "-c", START.format(open=opening.format(**words), argv=argv))


def shell(text):
    return ("sh", "-c", text)


BUSYBOX = ["busybox", "true"]
SCRIPT = DIRECTORY + "/script"
UNLINKED = ("(lambda f: (os.unlink('/var/tmp/.y'), f)[1])"
            "((os.system('cp /bin/busybox /var/tmp/.y'), "
            "os.open('/var/tmp/.y', os.O_RDONLY))[1])")
SHELL = ("import os, sys; fd = {open}; os.set_inheritable(fd, True)\n"
         "try: os.execv('/bin/sh', ['sh', '/proc/self/fd/%d' % fd])\n"
         "except PermissionError: print('caller lives'); sys.exit(10)")
LOADER = ("import os; fd = " + MEMFD.format(source="/bin/true", name="lib") +
          "; os.execv('/lib64/ld-linux-x86-64.so.2', ['ld.so', '/proc/self/fd/%d' % fd])")
MAP = "import mmap; mmap.mmap(-1, 4096, prot={prot})"

# What was run, command, class of its finding (None: innocent). What a JIT does
# is no attack, but nobody has seen this program do it: "unknown".
UNKNOWN = ("node", "luajit", "python3 maps a page RWX", "grep -P")
SUBJECTS = (
    ("python3 starts busybox out of a memfd",
     python(MEMFD, BUSYBOX, source="/bin/busybox", name="kworker"), "exec_memory"),
    ("python3 starts busybox from its file",
     python(DISK, BUSYBOX, source="/bin/busybox"), None),
    ("a shell script in a memfd",
     python(MEMFD, ["script"], source=SCRIPT, name="script"), "exec_memory"),
    ("the same script on disk", (SCRIPT,), None),
    ("a memfd called runc_cloned:/proc/self/exe",
     python(MEMFD, BUSYBOX, source="/bin/busybox",
            name="runc_cloned:/proc/self/exe"), "exec_memory"),
    ("a file on disk called memfd:kworker", (DIRECTORY + "/memfd:kworker",), None),
    ("a program dropped into /dev/shm",
     shell("cp /bin/true /dev/shm/.x; /dev/shm/.x || { echo caller lives; exit 10; }"), "exec_memory"),
    ("the same dropped into /var/tmp",
     shell("cp /bin/true /var/tmp/.x; /var/tmp/.x"), None),
    ("the loader maps a program out of a memfd", ("python3", "-c", LOADER),
     "map_memory_exec"),
    ("the loader maps /bin/true", ("/lib64/ld-linux-x86-64.so.2", "/bin/true"), None),
    ("a program whose file was removed", python(UNLINKED, BUSYBOX), "exec_unlinked"),
    ("sh reads a script out of a memfd",
     ("python3", "-c", SHELL.format(open=MEMFD.format(source=SCRIPT, name="note"))),
     "exec_arg_memory"),
    ("sh reads the same script on disk",
     ("python3", "-c", SHELL.format(open=f"os.open({SCRIPT!r}, os.O_RDONLY)")), None),
    ("a dropper makes its memory RWX", (DIRECTORY + "/dropper", "rwx7"),
     "rwx_mprotect"),
    ("it makes its memory read-only instead", (DIRECTORY + "/dropper", "rw_to_r"),
     None),
    ("node, whose JIT nobody has seen yet", ("node", "-e", "0"), "rwx_mprotect"),
    ("node once more: known for seven days", ("node", "-e", "0"), None),
    ("luajit, whose JIT nobody has seen yet",
     ("luajit", "-jon", "-e", "local s = 0 for i = 1, 1e5 do s = s + i end"),
     "wx_transition"),
    ("python3 maps a page RWX", ("python3", "-c", MAP.format(prot=7)), "rwx_mmap"),
    ("python3 maps a page RW", ("python3", "-c", MAP.format(prot=3)), None),
    ("grep -P, whose JIT nobody has seen yet", ("grep", "-qP", "ro+t", "/etc/passwd"),
     "rwx_mmap"),
    ("grep -E", ("grep", "-qE", "ro+t", "/etc/passwd"), None),
)
# In enforce, what detect has taught is known, so these are innocent now.
KNOWN = {"luajit, whose JIT nobody has seen yet": "luajit, known since detect mode",
         "node, whose JIT nobody has seen yet": "node, known since detect mode",
         "grep -P, whose JIT nobody has seen yet": "grep -P, known since detect mode",
         "python3 maps a page RWX": "python3 maps a page RWX, known to do so",
         "a dropper makes its memory RWX": "another dropper makes its memory RWX"}
ONCE = ("node once more: known for seven days",)
VERDICTS = {"would_deny": "would be denied", "would_kill": "would be killed",
            "logged": "only logged", "denied": "denied", "killed": "killed"}
SEVERITY = {"exec_memory": "HIGH", "rwx_mprotect": "MEDIUM",
            "map_memory_exec": "HIGH", "rwx_mmap": "LOW", "wx_transition": "MEDIUM",
            "exec_unlinked": "MEDIUM", "exec_arg_memory": "HIGH"}


def paint(text, code):
    return f"\033[{code}m{text}\033[0m" if COLOR else text


def heading(text):
    print(f"\n{paint(text, '1')}\n{'-' * min(len(text), WIDTH)}")


def row(run, kind, says, result, right=True):
    color = "0" if right and kind != "attack" else "33" if right else "31;1"
    tail = "" if right else "   <-- WRONG"
    line = f"  {run:{RUN}} {kind:{IS}} {says:{SAYS}} {result}{tail}"
    print(paint(line, color), flush=True)


def prepare():
    os.makedirs(DIRECTORY, exist_ok=True)
    wx.shutil.copy("/bin/true", DIRECTORY + "/memfd:kworker")
    with open(SCRIPT, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 0\n")
    os.chmod(SCRIPT, 0o755)
    new_dropper()


def new_dropper():
    path = DIRECTORY + "/dropper"
    if os.path.exists(path):
        os.unlink(path)
    wx.shutil.copy(wx.ACTORS + "/actor_mprotect", path)


def act(command):
    """(findings, exit code, last line of what it printed)"""
    before = wx.newest()
    done = subprocess.run(command, capture_output=True, text=True, errors="replace",
                          timeout=wx.DEADLINE, check=False)
    lines = done.stdout.splitlines()
    return wx.findings(before), done.returncode, lines[-1] if lines else ""


def show(name, command, wanted, enforcing):
    """Runs one subject, prints its row. Return: was everything as it should be?"""
    found, code, said = act(command)
    classes = [finding["class"] for finding in found]
    right = classes == ([wanted] if wanted else [])
    says, result = "nothing", "runs" if code == 0 else f"exit status {code}"
    if found:
        first = found[0]
        says = f"#{first['seq']} {SEVERITY.get(first['class'], '')} {first['class']}"
        result = VERDICTS.get(first["verdict"], first["verdict"])
    if enforcing and wanted and wanted not in LOGGED:
        right = right and code != 0 and found[0]["verdict"] == "denied"
        if "caller lives" in said or '"denied"' in said:
            result += ", caller lives"
    else:
        right = right and code == 0
    kind = "unknown" if wanted and name.startswith(UNKNOWN) else "attack"
    row(name, kind if wanted else "innocent", says, result, right)
    return right


def table(enforcing):
    row("RUN", "IS", "WXGUARD SAYS", "ENFORCE" if not enforcing else "RESULT")
    rights = []
    for name, command, wanted in SUBJECTS:
        if enforcing:
            if name in ONCE:
                continue
            if name in KNOWN and not name.startswith("a dropper"):
                wanted = None
            name = KNOWN.get(name, name)
        rights.append(show(name, command, wanted, enforcing))
    return rights


def verb(*arguments):
    """A command as a person would type it, and what it prints."""
    print(paint("$ wxguard " + " ".join(arguments), "1"))
    for line in wx.wxguard(*arguments, check=False).stdout.splitlines():
        fields = re.split(r"\s{2,}", line)
        if len(line) > WIDTH and len(fields) > 6:  # a finding: who, and what
            fold("  ".join(fields[:-4]), 0)
            fold("  ".join(fields[-4:]), 9)
        else:
            fold(line.strip(), len(line) - len(line.lstrip()))


def fold(text, indent):
    print(textwrap.fill(text, WIDTH, initial_indent=" " * indent,
                        subsequent_indent=" " * (indent + 4),
                        replace_whitespace=False, break_on_hyphens=False), flush=True)


def shorten(value):
    """Long lists, of capabilities that is, by their beginning."""
    if isinstance(value, dict):
        return {key: shorten(member) for key, member in value.items()}
    if isinstance(value, list) and len(value) > 8:
        return value[:2] + [f"and {len(value) - 2} more"]
    return value


def document(number):
    """The record that log shippers see; here a member per line."""
    print(paint(f"$ grep '\"sequence\":{number},' {wx.FINDINGS}", "1")
          + "    (one line, folded here)")
    for record in wx.documents():
        if record["event"].get("sequence") != number:
            continue
        for key, value in record.items():
            fold(f'"{key}": {json.dumps(shorten(value))}', 2)
        return True
    print("it is not there")
    return False


def main():
    os.makedirs(wx.WORK, exist_ok=True)
    prepare()
    wx.load_rules(RULES)
    print(f"Linux {os.uname().release}; the rules deny each class but {' and '.join(LOGGED)}, "
          "which are\nlogged; the known set is empty.")

    heading("1. Mode detect: everything runs; wxguard tells, and says what enforce would do")
    wx.mode("detect")
    rights = table(False)
    wx.wait_acked()
    print()
    verb("list")

    heading("2. Mode enforce: what is denied has no effect, and its caller lives")
    wx.mode("enforce")
    new_dropper()
    rights += table(True)
    wx.mode("detect")

    heading("3. What a person looks at afterwards")
    wx.wait_acked()
    verb("status")
    print()
    verb("show", "1")
    print()
    rights.append(document(1))

    wrong = rights.count(False)
    print(f"\n{len(rights)} verdicts, {len(rights) - wrong} as expected, {wrong} not.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
