# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's own tests of exec, memfd and memory."""

import os
import re
import shutil

import box
import wx

# Folder, command. What is not here: see LEFT_OUT.
TESTS = (
    ("exec", "./execveat"),
    ("exec", "./non-regular"),
    ("exec", "./recursion-depth"),
    ("exec", "./null-argv"),
    ("exec", "./load_address.0x1000"),
    ("exec", "./load_address.0x200000"),
    ("exec", "./load_address.0x1000000"),
    ("exec", "./load_address.static.0x1000"),
    ("exec", "./load_address.static.0x200000"),
    ("exec", "./load_address.static.0x1000000"),
    ("exec", "python3 binfmt_script.py"),
    ("memfd", "./memfd_test"),
    ("memfd", "./memfd_test hugetlbfs"),
    ("vm", "./hugepage-mmap"),
    ("vm", "./hugepage-shm"),
    ("vm", "./map_hugetlb"),
    ("vm", "./hugepage-mremap huge/mremap"),
    ("vm", "./hugetlb-madvise huge/madvise"),
    ("vm", "./map_fixed_noreplace"),
    ("vm", "./userfaultfd anon 20 2"),
    ("vm", "./userfaultfd shmem 20 2"),
    ("vm", "./compaction_test"),
    ("vm", "./on-fault-limit"),
    ("vm", "./map_populate"),
    ("vm", "./mlock-random-test"),
    ("vm", "./mlock2-tests"),
    ("vm", "./mrelease_test"),
    ("vm", "./mremap_test"),
    ("vm", "./mremap_dontunmap"),
    ("vm", "./thuge-gen"),
    ("vm", "./va_128TBswitch"),
    ("vm", "./madv_populate"),
    ("vm", "./memfd_secret"),
    ("vm", "./soft-dirty"),
    ("vm", "./split_huge_page_test"),
    ("vm", "./protection_keys_64"),
    ("vm", "./protection_keys_32"),
)
LEFT_OUT = {
    "memfd/run_fuse_test.sh": "seals on a FUSE file; needs libfuse 2 at build time",
    "vm/gup_test, vm/hmm-tests, vm/test_vmalloc.sh":
        "need a test module that Debian's kernels do not have",
    "vm/khugepaged, vm/transhuge-stress, vm/virtual_address_range":
        "endless when emulated; protections do not come into it",
    "vm/ksm_tests, vm/migration": "need two NUMA nodes",
    "vm/hugepage-vmemmap": "needs a switch of the kernel's command line and 1 GiB pages",
    "vm/charge_reserved_hugetlb.sh, vm/hugetlb_reparenting_test.sh":
        "hugetlb accounting of cgroups; needs a systemd set-up",
}
HUGE_PAGES = 160
TIME = 900
PLACE = "/run/selftests"
HUGE = PLACE + "/vm/huge"


def parts_of(output):
    """Test by test, as far as the program says: its words and its verdict."""
    found = []
    for line in output.splitlines():
        # The kernel's habits: TAP; "text... [OK]"; "test 7 PASSED"; "memfd: NAME".
        tap = re.match(r"(ok|not ok) \d+ ?-? ?(.*)", line)
        word = re.match(r"(.*?)[. ]*\[ *(OK|FAIL|PASS|SKIP) *\]", line)
        key = re.match(r"(test +\d+) (PASSED|FAILED) \(iteration 1\)", line)
        memfd = re.match(r"(memfd[\w-]*: .*)()", line)
        if key:
            # Its children print again what was still in their buffers.
            text = f"{key.group(2)} {key.group(1)}"
            if text not in found:
                found.append(text)
            continue
        if tap:
            text, result = tap.group(2), tap.group(1)
        elif word or memfd:
            text, result = (word or memfd).groups()
        else:
            continue
        # Addresses, descriptors and pids differ from run to run.
        text = re.sub(r"0x[0-9a-f]+|\b\d+\b", "N", text).strip()
        found.append(f"{result} {text[:120]}".strip())
    return found


def prepare():
    shutil.copytree(os.path.join(box.WITH, "selftests"), PLACE, symlinks=True)
    with open("/proc/sys/vm/nr_hugepages", "w", encoding="ascii") as file:
        file.write(str(HUGE_PAGES))
    os.makedirs(HUGE)
    wx.command("mount", "-t", "hugetlbfs", "none", HUGE)


def collect(setting):
    prepare()
    if setting == "detect":
        wx.load_rules(box.rules("log", known="report"))
    elif setting == "enforce":
        wx.load_rules(box.rules("deny", known="report", unknown="off",
                                only=("rwx_mprotect", "rwx_mmap", "wx_transition",
                                      "exec_stack", "map_memory_exec", "exec_memory")))
    rows = {}
    for folder, command in TESTS:
        before = box.newest()
        argv = command.split()
        if argv[0] == "./on-fault-limit":
            # Refuses to run as root.
            argv = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                    *argv]
        done = box.run(argv, TIME, cwd=os.path.join(PLACE, folder))
        for left in os.listdir(HUGE):
            os.unlink(os.path.join(HUGE, left))
        name = f"{folder}/{command.replace('./', '')}"
        rows[name] = {"status": done["status"], "parts": parts_of(done["output"]),
                      "output": done["output"][-4000:], "findings": box.findings(before)}
        print(f"# {name}: status {done['status']}, {len(rows[name]['parts'])} lines of "
              f"results, {done['seconds']} s", flush=True)
    return {"rows": rows, "left_out": LEFT_OUT, "counters": box.counters()}
