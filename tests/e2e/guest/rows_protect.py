# SPDX-License-Identifier: GPL-2.0-or-later
"""Changes of protection: writable and executable at once, or one after the
other, and stacks that are executable."""

from row import ANY, family, innocent

mprotect = family("rwx_mprotect", "mprotect RW to RW", actor="actor_mprotect", fields={
    "memory.prot_asked_raw": 7, "memory.prot_effective": "rwx",
    "memory.prot_before": "rw-", "memory.region": "anon", "memory.size": 4096,
    "syscall.name": "mprotect"})
transition = family("wx_transition", "mprotect RW to R", actor="actor_transition", fields={
    "memory.prot_asked": "r-x", "memory.prot_effective": "r-x",
    "memory.prot_before": "rw-", "memory.region": "anon", "memory.size": 4096,
    "syscall.name": "mprotect"})
stack = family("exec_stack", "program with a plain stack", actor="actor_stack", fields={
    "memory.region": "stack", "memory.prot_effective": "rwx"})

ROWS = (
    mprotect("mprotect RW to RWX", "rwx7"),
    mprotect("mprotect to W+X without R", "wx6", {
        "memory.prot_asked_raw": 6, "memory.prot_effective": "-wx"}),
    mprotect("mprotect with PROT_SEM in the way (0xf)", "sem_f", {
        "memory.prot_asked_raw": 15}),
    mprotect("mprotect with PROT_GROWSDOWN", "growsdown", {
        "memory.prot_asked_raw": 0x1000007}),
    mprotect("pkey_mprotect to RWX", "pkey", {"syscall.name": "pkey_mprotect"}),
    mprotect("mprotect that fails behind its first region", "partial_fail",
             {"memory.size": ANY}, result=-12,
             twin="mprotect RWX where nothing is mapped"),
    mprotect("READ_IMPLIES_EXEC makes RW mean RWX", "implies_exec", {
        "memory.prot_asked_raw": 3}, flags=("implied_exec",)),
    mprotect("one mprotect over two regions is told once", "two_vmas",
             {"memory.size": ANY}),
    mprotect("mprotect RWX of shared anonymous memory", "shared", {
        "memory.region": "file_shared", "memory.origin": "shared_anon"}),
    mprotect("mprotect RWX of a private file mapping", "file_private", {
        "memory.region": "file_private"},
        twin="mprotect of text, RX to R"),
    mprotect("mprotect RWX from a second thread", "thread"),
    mprotect("mprotect RWX 100 times by one program: told once", "repeat",
             denied=(2, 10)),
    mprotect("mprotect by int 0x80 from a 64-bit program", "int80",
             flags=("compat",)),
    mprotect("mprotect RWX in a 32-bit program", "mprotect_rwx",
             actor="actor_compat_32", flags=("compat",),
             twin="mprotect to R in a 32-bit program"),
    mprotect("mprotect RWX of the own stack", "own_stack", {
        "memory.region": "stack"}, actor="actor_stack"),
    innocent("mprotect RW to R", "actor_mprotect", "rw_to_r"),
    innocent("mprotect RW to RW", "actor_mprotect", "rw_to_rw"),
    innocent("mprotect to PROT_NONE", "actor_mprotect", "prot_none"),
    innocent("mprotect of text, RX to R", "actor_mprotect", "rx_text_to_r"),
    innocent("mprotect RWX of no bytes", "actor_mprotect", "len0"),
    innocent("mprotect RWX where nothing is mapped", "actor_mprotect", "bad_address"),
    innocent("mprotect RWX of an unaligned address", "actor_mprotect", "unaligned"),
    innocent("mprotect to R in a 32-bit program", "actor_compat_32", "mprotect_r"),

    transition("RW to RX, anonymous memory", "anon", flags=("written",),
               twin="RX of anonymous memory that nobody wrote"),
    transition("RW to R to RX, anonymous memory", "anon_by_r", {
        "memory.prot_before": "r--"}),
    transition("RW to nothing to RX, anonymous memory", "anon_by_none", {
        "memory.prot_before": "---"},
        twin="RX of anonymous memory that nobody wrote"),
    transition("RW to RX by pkey_mprotect", "anon_pkey", {
        "syscall.name": "pkey_mprotect"}),
    transition("RW to RX, heap", "heap", {"memory.region": "heap"}),
    transition("RW to RX, stack", "stack", {"memory.region": "stack"}),
    transition("RW to RX, shared anonymous memory", "shared_anon", {
        "memory.region": "file_shared", "memory.origin": "shared_anon"}),
    transition("RW to RX, data of the own program", "data", {
        "memory.region": "file_private"}, twin="relocated part made R (RELRO)"),
    transition("RW to RX, bss of the own program", "bss", {"memory.region": ANY},
               twin="relocated part made R (RELRO)"),
    transition("own text patched, RX to RW to RX", "text_patch", {
        "memory.region": "file_private", "memory.file.path": ANY},
        twin="own text made R and RX again"),
    transition("RW to RX once per kind of memory", "shapes", {"memory.region": ANY},
               count=2, denied=(4, 10), own=False),
    innocent("RX of anonymous memory that nobody wrote", "actor_transition",
             "never_written"),
    innocent("relocated part made R (RELRO)", "actor_transition", "relro"),
    innocent("file mapped R, then RX", "actor_transition", "file_r_to_rx"),
    innocent("own text made R and RX again", "actor_transition",
             "text_to_r_and_back"),

    # Too late for an errno: the program is killed before it runs.
    stack("program that asks for an executable stack", "program_rwe", own=False,
          verdicts={"denied": "killed", "would_deny": "would_kill"}),
    stack("dlopen of a library that asks for one", "dlopen_exec_stack",
          actor="actor_load", own=False, refusal=-13, also=("rwx_mprotect",),
          twin="dlopen of a library on disk"),
    innocent("program with a plain stack", "actor_stack", "program_rw"),
    innocent("program that says nothing about its stack", "actor_stack",
             "program_silent"),
)
