# SPDX-License-Identifier: GPL-2.0-or-later
"""New mappings: memory files as code, and what is born writable and executable."""

from row import ANY, actor_path, family, innocent, parent_pid

memory = family("map_memory_exec", "memfd mapped RW", actor="actor_mmap", result=None,
                fields={"memory.origin": "memfd", "memory.prot_effective": "r-x",
                        "memory.prot_before": None})
alias = family("map_memory_exec", "memfd mapped RW by two processes", actor="actor_alias",
               result=None, fields={"memory.origin": "memfd",
                                    "memory.prot_effective": "r-x"})
rwx = family("rwx_mmap", "mmap RW", actor="actor_mmap", result=None, fields={
    "memory.prot_effective": "rwx", "memory.prot_before": None})

ROWS = (
    # Memory files as code, without an exec.
    memory("memfd mapped RX, private", "memfd_rx_private",
           twin="file on disk mapped RX"),
    memory("memfd mapped RX, shared", "memfd_rx_shared",
           twin="file on disk mapped RX"),
    memory("dlopen of a memfd", "dlopen_memfd", actor="actor_load", own=False,
           twin="dlopen of a library on disk"),
    memory("loader started on a memfd", "loader_on_memfd", actor="actor_load",
           own=False, twin="loader started on a file on disk"),
    memory("program whose loader is a memfd", "interp_is_memfd",
           actor="actor_load", own=False, result=0,
           twin="loader started on a file on disk"),
    memory("program that binfmt_misc gives a memfd as its loader",
           "binfmt_loader", actor="actor_load", own=False, result=0,
           twin="loader started on a file on disk"),
    alias("memfd mapped RW, then RX", "write_then_run", flags=("dual",)),
    alias("memfd mapped RX, then RW", "run_then_write",
          {"memory.prot_effective": ANY}, count=2, own=False),
    alias("memfd that the parent writes and the child runs", "parent_writes", {
        "writer.pid": parent_pid, "writer.exe": actor_path}, flags=("dual",)),
    alias("memfd that the child writes and the parent runs", "child_writes", {
        "writer.exe": actor_path}, flags=("dual",)),
    alias("mremap alias of a memfd mapped RX", "alias_of_run",
          twin="mremap alias of a memfd mapped RW"),
    alias("mremap alias of a memfd, made RX", "alias_of_write", {
        "memory.prot_before": "rw-", "syscall.name": "mprotect"}, result=0,
        flags=("dual",), twin="mremap alias of a memfd mapped RW"),
    alias("shared mapping of a memfd made RX", "protect_shared", {
        "memory.prot_before": "rw-", "syscall.name": "mprotect"}, result=0),
    alias("private mapping of a memfd made RX", "protect_private", {
        "memory.prot_before": "rw-", "syscall.name": "mprotect"}, result=0),
    alias("memfd with MFD_NOEXEC_SEAL mapped RX", "noexec_seal",
          twin="sealed memfd mapped R"),
    innocent("file on disk mapped RX", "actor_mmap", "disk_rx"),
    innocent("memfd mapped RW", "actor_mmap", "memfd_rw"),
    innocent("memfd mapped RW by two processes", "actor_alias", "shared_data"),
    innocent("sealed memfd mapped R", "actor_alias", "sealed_data"),
    innocent("mremap alias of a memfd mapped RW", "actor_alias", "alias_of_data"),
    innocent("dlopen of a library on disk", "actor_load", "dlopen_disk"),
    innocent("loader started on a file on disk", "actor_load", "loader_on_disk"),

    # Mappings that are writable and executable from birth.
    rwx("mmap RWX", "anon_rwx", {"memory.region": "anon", "syscall.name": "mmap"}),
    rwx("mmap RWX, shared", "shared_anon_rwx"),
    rwx("mmap RWX of a file on disk, private", "file_rwx", {
        "memory.region": "file_private", "memory.file.path": actor_path},
        twin="mmap RW of a file on disk"),
    rwx("mmap RWX of a file on disk, shared, then remap_file_pages",
        "remapped_rwx", {"memory.region": "file_shared"},
        twin="mmap RW of a file on disk"),
    rwx("mmap RW with READ_IMPLIES_EXEC", "implies_exec", {
        "memory.prot_asked": "rw-"}, flags=("implied_exec",)),
    rwx("shmat with SHM_EXEC", "shmat_exec", {"syscall.name": "shmat"},
        twin="shmat"),
    rwx("program with a writable code segment", "rwx_load", denied=(1, -11),
        result=0, twin="file on disk by fexecve"),
    rwx("mmap RWX in a 32-bit program", "mmap_rwx", actor="actor_compat_32",
        flags=("compat",)),
    innocent("mmap RW", "actor_mmap", "anon_rw"),
    innocent("mmap RX of nothing", "actor_mmap", "anon_rx"),
    innocent("mmap RW of a file on disk", "actor_mmap", "file_rw"),
    innocent("shmat", "actor_mmap", "shmat_rw"),
)
