# SPDX-License-Identifier: GPL-2.0-or-later
"""Program starts: from memory, from files without a name, of interpreters."""

from row import actor_path, family, innocent

SEALS = ["F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE"]

memory = family("exec_memory", "file on disk by fexecve", actor="actor_exec", fields={
    "exec.origin": "memfd", "exec.round": 0, "exec.script": False})
special = family("exec_memory", "file in a tmpfs elsewhere", actor="actor_exec_special",
                 fields={"exec.round": 0})
unlinked = family("exec_unlinked", "file on disk by fexecve, linked", actor="actor_unlinked",
                  fields={"exec.origin": "file", "exec.file.nlink": 0, "exec.round": 0})
argument = family("exec_arg_memory", "cat of a memfd", actor="actor_arg", fields={
    "exec.origin": "memfd", "exec.name": "script", "exec.file.nlink": 0})
clone = family("exec_memory", "sealed copy of itself", actor="actor_clone", fields={
    "exec.origin": "memfd", "exec.name": "runc_cloned:/proc/self/exe"})

ROWS = (
    memory("memfd by fexecve", "memfd_fexecve", {
        "exec.name": "wxg", "exec.seals": SEALS[:1], "syscall.name": "execveat"}),
    memory("memfd by an O_PATH descriptor", "memfd_o_path"),
    memory("sealed memfd", "memfd_sealed", {"exec.seals": SEALS}),
    memory("memfd by /proc/self/fd/N", "proc_self_fd", {"syscall.name": "execve"},
           twin="file on disk by /proc/self/fd/N"),
    memory("memfd of the parent by /proc/PID/fd/N", "proc_pid_fd",
           twin="file on disk by /proc/self/fd/N"),
    memory("memfd behind a symbolic link", "symlink",
           twin="file on disk by /proc/self/fd/N"),
    memory("script in a memfd", "script_memfd", {"exec.script": True},
           twin="script on disk"),
    memory("script whose interpreter is a memfd", "interpreter_memfd",
           {"exec.round": 1}, twin="script on disk"),
    memory("memfd called runc_cloned:/proc/self/exe", "runc_name", {
        "exec.name": "runc_cloned:/proc/self/exe"}, twin="sealed copy of itself"),
    memory("memfd with a hostile name", "hostile_name",
           twin="file on disk called memfd:x"),
    memory("memfd from a second thread", "thread"),
    memory("memfd with 6 KiB of arguments", "long_args"),
    special("script in huge pages", "hugetlb", {
        "exec.origin": "memfd_hugetlb", "exec.script": True},
        twin="script on disk"),
    special("shared anonymous memory by map_files", "shared_anon_map_files", {
        "exec.origin": "shared_anon"},
        twin="shared anonymous memory that is only data"),
    special("SysV memory by map_files", "sysv_map_files", {
        "exec.origin": "sysv_shm"},
        twin="shared anonymous memory that is only data"),
    special("binfmt_misc interpreter in a memfd", "binfmt_misc_memfd", {
        "exec.origin": "memfd", "exec.round": 1}, twin="script on disk"),
    special("transparent binfmt_misc interpreter in a memfd",
            "binfmt_misc_transparent", {"exec.origin": "memfd", "exec.round": 1},
            twin="script on disk"),
    special("memfd asked about with AT_EXECVE_CHECK", "check_memfd", {
        "exec.origin": "memfd", "syscall.name": "execveat"}, flags=("checked",),
        twin="file on disk asked about with AT_EXECVE_CHECK"),
    special("file in /dev/shm", "dev_shm", {"exec.origin": "dev_shm"},
            twin="file in /dev/shmX"),
    special("file below /dev/shm", "dev_shm_deep", {"exec.origin": "dev_shm"},
            twin="file in DIRECTORY/dev/shm"),
    special("file too far below /dev/shm for its path", "dev_shm_long", {
        "exec.origin": "dev_shm"}, twin="file in DIRECTORY/dev/shm"),
    special("file in /run/shm", "run_shm", {"exec.origin": "run_shm"}),
    innocent("file on disk by fexecve", "actor_exec", "disk_fexecve"),
    innocent("file on disk by /proc/self/fd/N", "actor_exec", "disk_proc_self_fd"),
    innocent("file on disk called memfd:x", "actor_exec", "disk_named_memfd"),
    innocent("script on disk", "actor_exec", "disk_script"),
    innocent("memfd that is only data", "actor_exec", "memfd_as_data"),
    innocent("file on disk asked about with AT_EXECVE_CHECK",
             "actor_exec_special", "check_disk"),
    innocent("file in a tmpfs elsewhere", "actor_exec_special", "tmpfs_elsewhere"),
    innocent("file in /dev/shmX", "actor_exec_special", "dev_shmx"),
    innocent("file in DIRECTORY/dev/shm", "actor_exec_special", "shm_in_name"),
    innocent("shared anonymous memory that is only data", "actor_exec_special",
             "shared_anon_as_data"),

    # A program that starts a copy of itself, and what only looks like it.
    clone("copy of itself, not sealed", "unsealed"),
    clone("copy of itself, sealed but for writing", "still_writable"),
    clone("sealed copy of itself with one byte changed", "one_byte"),
    clone("sealed copy of itself with one byte more", "one_byte_more"),
    clone("sealed memfd with a runtime's name, another program", "name_only"),
    clone("sealed copy of a file that anybody may write", "world_writable"),
    clone("sealed copy of a file that a group may write", "group_writable"),
    clone("sealed copy of a file that is a user's", "of_a_user"),
    family("rwx_mprotect", "sealed copy of itself", actor="actor_clone")(
        "RWX by a sealed copy is its original's", "sealed_then_rwx", {
            "process.exe": actor_path, "process.exe_file.nlink": 1}),
    innocent("sealed copy of itself", "actor_clone", "sealed"),
    innocent("sealed copy of a sealed copy", "actor_clone", "clone_of_clone"),

    # Files of a disk that no directory holds.
    unlinked("O_TMPFILE by fexecve", "tmpfile_fexecve", {
        "syscall.name": "execveat"}),
    unlinked("unlinked file by fexecve", "unlinked_fexecve"),
    unlinked("unlinked file by /proc/self/fd/N", "unlinked_proc_self_fd", {
        "syscall.name": "execve"}, twin="one of two names unlinked"),
    unlinked("unlinked script by /proc/self/fd/N", "unlinked_script", {
        "exec.script": True}, twin="script on disk"),
    unlinked("deleted while running, started again by /proc/self/exe",
             "self_again", twin="upgraded daemon restarts its child"),
    innocent("file on disk by fexecve, linked", "actor_unlinked", "linked_fexecve"),
    innocent("one of two names unlinked", "actor_unlinked", "one_link_left"),
    innocent("upgraded daemon restarts its child", "actor_unlinked",
             "upgraded_daemon"),

    # Interpreters that are given a memory file.
    argument("sh /proc/self/fd/N", "sh_proc_self_fd",
             twin="sh /proc/self/fd/N, a file on disk"),
    argument("sh with a memfd as standard input", "sh_stdin",
             twin="sh with a file on disk as standard input"),
    argument("sh -s with a memfd as standard input", "sh_stdin_s",
             twin="sh with a file on disk as standard input"),
    argument("sh with an option before /proc/self/fd/N", "sh_option",
             twin="sh -c beside an inherited memfd"),
    argument("sh on a symbolic link to /proc/self/fd/N", "sh_symlink",
             twin="sh /proc/self/fd/N, a file on disk"),
    argument("sh /proc/PARENT/fd/N", "sh_parent_fd",
             twin="sh /proc/self/fd/N that exec closes"),
    argument("busybox sh /proc/self/fd/N", "busybox_sh"),
    argument("python3 /dev/fd/N", "python_dev_fd", twin="python3 on a file on disk"),
    argument("python3 /dev/fd/N behind a word that is too long for a path",
             "python_long_word", twin="python3 on a file on disk"),
    argument("perl /proc/self/fd/N", "perl_proc_self_fd"),
    innocent("cat of a memfd", "actor_arg", "cat_dev_fd"),
    innocent("sh /proc/self/fd/N, a file on disk", "actor_arg", "sh_disk_fd"),
    innocent("sh with a file on disk as standard input", "actor_arg",
             "sh_disk_stdin"),
    innocent("sh /proc/self/fd/N that exec closes", "actor_arg", "sh_closed_fd"),
    innocent("sh -c beside an inherited memfd", "actor_arg", "sh_c"),
    innocent("python3 on a file on disk", "actor_arg", "python_disk"),
)
