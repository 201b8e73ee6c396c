# SPDX-License-Identifier: GPL-2.0-or-later
"""The scenarios: one row per attack and one per innocent twin.

A row is run in several modes and with each engine. What it expects follows
from its class; a row names only what is special about it:

count      findings when it is let through (1)
denied     (findings, exit code) when it is denied: (1, 10)
fields     what the finding must say, by path ("exec.origin"); ANY = no matter
result     what the call returns when it is let through (0; None = positive)
own        False: the actor reports for a child, so pid and call are not its
"""


ANY = object()


class Row:
    def __init__(self, name, actor, variant, finding=None, count=1,
                 denied=(1, 10), fields=None, result=0, own=True):
        self.name = name
        self.actor = actor
        self.variant = variant
        self.finding = finding
        self.count = count if finding else 0
        self.denied = denied if finding else (0, 0)
        self.fields = fields or {}
        self.result = result
        self.own = own


def mprotect(name, variant, asked=7, effective="rwx", actor="actor_mprotect",
             call="mprotect", **special):
    fields = {"memory.prot_asked_raw": asked,
              "memory.prot_effective": effective,
              "memory.prot_before": "rw-", "memory.region": "anon",
              "memory.size": 4096, "syscall.name": call}
    fields.update(special.pop("fields", {}))
    return Row(name, actor, variant, "rwx_mprotect", fields=fields, **special)


def memory_exec(name, variant, origin="memfd", actor="actor_exec", round=0,
                script=False, **special):
    fields = {"exec.origin": origin, "exec.round": round, "exec.script": script}
    fields.update(special.pop("fields", {}))
    return Row(name, actor, variant, "exec_memory", fields=fields, **special)


def memory_map(name, variant, actor="actor_mmap", effective="r-x", **special):
    fields = {"memory.origin": "memfd", "memory.prot_effective": effective,
              "memory.prot_before": None}
    fields.update(special.pop("fields", {}))
    special.setdefault("result", None)
    return Row(name, actor, variant, "map_memory_exec", fields=fields, **special)


def rwx_map(name, variant, actor="actor_mmap", **special):
    fields = {"memory.prot_effective": "rwx", "memory.prot_before": None}
    fields.update(special.pop("fields", {}))
    special.setdefault("result", None)
    return Row(name, actor, variant, "rwx_mmap", fields=fields, **special)


def twin(name, actor, variant):
    return Row(name, actor, variant)


SEALS = ["F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE"]

ROWS = (
    # Memory that becomes writable and executable.
    mprotect("mprotect RW to RWX", "rwx7"),
    mprotect("mprotect to W+X without R", "wx6", 6, "-wx"),
    mprotect("mprotect with PROT_SEM in the way (0xf)", "sem_f", 15),
    mprotect("mprotect with PROT_GROWSDOWN", "growsdown", 0x1000007),
    mprotect("pkey_mprotect", "pkey", call="pkey_mprotect"),
    mprotect("mprotect that fails behind its first region", "partial_fail",
             result=-12, fields={"memory.size": ANY}),
    mprotect("READ_IMPLIES_EXEC makes RW mean RWX", "implies_exec", 3),
    mprotect("one mprotect over two regions is told once", "two_vmas",
             fields={"memory.size": ANY}),
    mprotect("mprotect of shared anonymous memory", "shared",
             fields={"memory.region": "file_shared",
                     "memory.origin": "shared_anon"}),
    mprotect("mprotect of a private file mapping", "file_private",
             fields={"memory.region": "file_private"}),
    mprotect("mprotect from a second thread", "thread"),
    mprotect("100 times by one program: told once", "repeat", denied=(2, 10)),
    mprotect("mprotect by int 0x80 from a 64-bit program", "int80"),
    mprotect("mprotect in a 32-bit program", "mprotect_rwx",
             actor="actor_compat_32"),
    twin("mprotect RW to R", "actor_mprotect", "rw_to_r"),
    twin("mprotect RW to RW", "actor_mprotect", "rw_to_rw"),
    twin("mprotect to PROT_NONE", "actor_mprotect", "prot_none"),
    twin("mprotect of text, RX to R", "actor_mprotect", "rx_text_to_r"),
    twin("mprotect RWX of no bytes", "actor_mprotect", "len0"),
    twin("mprotect RWX where nothing is mapped", "actor_mprotect", "bad_address"),
    twin("mprotect RWX of an unaligned address", "actor_mprotect", "unaligned"),
    twin("mprotect to R in a 32-bit program", "actor_compat_32", "mprotect_r"),

    # Programs that start from memory.
    memory_exec("memfd by fexecve", "memfd_fexecve",
                fields={"exec.name": "wxg", "exec.seals": SEALS[:1],
                        "syscall.name": "execveat"}),
    memory_exec("memfd by an O_PATH descriptor", "memfd_o_path"),
    memory_exec("sealed memfd", "memfd_sealed", fields={"exec.seals": SEALS}),
    memory_exec("memfd by /proc/self/fd/N", "proc_self_fd",
                fields={"syscall.name": "execve"}),
    memory_exec("memfd of the parent by /proc/PID/fd/N", "proc_pid_fd"),
    memory_exec("memfd behind a symbolic link", "symlink"),
    memory_exec("script in a memfd", "script_memfd", script=True),
    memory_exec("script whose interpreter is a memfd", "interpreter_memfd", round=1),
    memory_exec("memfd called runc_cloned:/proc/self/exe", "runc_name",
                fields={"exec.name": "runc_cloned:/proc/self/exe"}),
    memory_exec("memfd with a hostile name", "hostile_name"),
    memory_exec("memfd from a second thread", "thread"),
    memory_exec("memfd with 6 KiB of arguments", "long_args"),
    memory_exec("script in huge pages", "hugetlb", "memfd_hugetlb",
                "actor_exec_special", script=True),
    memory_exec("shared anonymous memory by map_files", "shared_anon_map_files",
                "shared_anon", "actor_exec_special"),
    memory_exec("SysV memory by map_files", "sysv_map_files", "sysv_shm",
                "actor_exec_special"),
    memory_exec("binfmt_misc interpreter in a memfd", "binfmt_misc_memfd",
                actor="actor_exec_special", round=1),
    memory_exec("file in /dev/shm", "dev_shm", "dev_shm", "actor_exec_special"),
    memory_exec("file below /dev/shm", "dev_shm_deep", "dev_shm",
                "actor_exec_special"),
    memory_exec("file in /run/shm", "run_shm", "run_shm", "actor_exec_special"),
    twin("file on disk by fexecve", "actor_exec", "disk_fexecve"),
    twin("file on disk by /proc/self/fd/N", "actor_exec", "disk_proc_self_fd"),
    twin("file on disk called memfd:x", "actor_exec", "disk_named_memfd"),
    twin("script on disk", "actor_exec", "disk_script"),
    twin("memfd that is only data", "actor_exec", "memfd_as_data"),
    twin("file in a tmpfs elsewhere", "actor_exec_special", "tmpfs_elsewhere"),
    twin("file in /dev/shmX", "actor_exec_special", "dev_shmx"),
    twin("file in DIRECTORY/dev/shm", "actor_exec_special", "shm_in_name"),
    twin("shared anonymous memory that is only data", "actor_exec_special",
         "shared_anon_as_data"),

    # Memory files as code, without an exec.
    memory_map("memfd mapped RX, private", "memfd_rx_private"),
    memory_map("memfd mapped RX, shared", "memfd_rx_shared"),
    memory_map("memfd mapped twice, RW and RX", "memfd_dual"),
    memory_map("dlopen of a memfd", "dlopen_memfd", "actor_load", own=False),
    memory_map("loader started on a memfd", "loader_on_memfd", "actor_load",
               own=False),
    memory_map("program whose loader is a memfd", "interp_is_memfd",
               "actor_load", own=False, result=0),
    twin("file on disk mapped RX", "actor_mmap", "disk_rx"),
    twin("memfd mapped RW", "actor_mmap", "memfd_rw"),
    twin("dlopen of a library on disk", "actor_load", "dlopen_disk"),
    twin("loader started on a file on disk", "actor_load", "loader_on_disk"),

    # Mappings that are writable and executable from birth.
    rwx_map("mmap RWX", "anon_rwx",
            fields={"memory.region": "anon", "syscall.name": "mmap"}),
    rwx_map("mmap RWX, shared", "shared_anon_rwx"),
    rwx_map("mmap RW with READ_IMPLIES_EXEC", "implies_exec",
            fields={"memory.prot_asked": "rw-"}),
    rwx_map("shmat with SHM_EXEC", "shmat_exec", fields={"syscall.name": "shmat"}),
    rwx_map("program with a writable code segment", "rwx_load", denied=(1, -11),
            result=0),
    rwx_map("mmap RWX in a 32-bit program", "mmap_rwx", "actor_compat_32"),
    twin("mmap RW", "actor_mmap", "anon_rw"),
    twin("mmap RX of nothing", "actor_mmap", "anon_rx"),
    twin("shmat", "actor_mmap", "shmat_rw"),
)
