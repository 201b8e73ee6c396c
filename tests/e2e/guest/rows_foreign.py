# SPDX-License-Identifier: GPL-2.0-or-later
"""Writing into the memory of others, and debuggers."""

from row import ANY, Row, family, innocent

foreign = family("foreign_write", None, actor="actor_foreign", result=None,
                 refusal=-5)

ROWS = (
    foreign("/proc/PID/mem into code", "mem_code",
            {"syscall.name": ANY}, twin="/proc/PID/mem into data"),
    foreign("/proc/PID/mem into code, by pwritev", "mem_writev_code",
            twin="/proc/PID/mem into data"),
    foreign("process_vm_writev into RWX memory", "vm_both", off=("rwx_mmap",),
            refusal=-14,
            twin="process_vm_writev into data"),
    foreign("PTRACE_POKETEXT into code of a process that is no child", "poke_code",
            result=0, twin="PTRACE_POKETEXT into data"),
    foreign("inherited /proc/self/mem into the parent's code (DDexec)",
            "inherited_mem", own=False, twin="/proc/PID/mem into data"),
    foreign("/proc/self/mem into own code", "self_mem",
            twin="/proc/self/mem into own data"),
    # A tracer and its own child: at most logged, once.
    Row("debugger on its own child", "actor_foreign", "debugger", "foreign_write",
        denied=(1, 0), flags=("debugger",),
        verdicts={"denied": "logged", "would_deny": "logged"}),
    innocent("/proc/PID/mem into data", "actor_foreign", "mem_data"),
    innocent("process_vm_writev into data", "actor_foreign", "vm_data"),
    innocent("process_vm_writev past the last address", "actor_foreign", "vm_wraps"),
    innocent("PTRACE_POKETEXT into data", "actor_foreign", "poke_data"),
    innocent("/proc/self/mem into own data", "actor_foreign", "self_data"),
    innocent("/proc/PID/mem reads code", "actor_foreign", "read_mem"),
    innocent("process_vm_readv reads code", "actor_foreign", "read_vm"),
    innocent("PTRACE_PEEKTEXT reads code", "actor_foreign", "peek_code"),
)
