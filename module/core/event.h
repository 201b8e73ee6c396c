/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A finding as plain values. Filled by slow/, numbered and kept by ring.c,
 * encoded by genl.c. Nothing in it refers to a kernel object, so it needs no
 * reference and no context.
 */
#ifndef _WXG_CORE_EVENT_H
#define _WXG_CORE_EVENT_H

#include "port.h"

/* A byte string inside a finding's pool. len 0: absent (or empty). */
struct wxg_text {
	u32 off;
	u32 len;
};

/* Identity and stat of a file; see enum wxguard_attr_file for each unit. */
struct wxg_file {
	bool present;
	u32 dev;		/* major << 20 | minor, of the real inode */
	u32 generation;
	u64 ino;
	s64 ctime_sec;
	s64 mtime_sec;
	u32 ctime_nsec;
	u32 mtime_nsec;
	u64 size;
	u32 mode;
	u32 uid;
	u32 gid;
	u32 nlink;
	u32 magic;
	struct wxg_text path;
};

struct wxg_proc {
	bool brief;		/* pid, start, comm, uid and exe are all there is */
	u32 pid;		/* 0 = no process: nothing else is there */
	u32 tid;
	u32 vpid;
	u32 uid;
	u32 euid;
	u32 gid;
	u32 loginuid;
	u32 sessionid;
	u64 start;		/* ns since boot */
	u64 cap_effective;
	u64 cap_permitted;
	u64 pidns;
	u64 mntns;
	u8 comm[WXGUARD_COMM_MAX + 1];	/* NUL terminated */
	struct wxg_text exe;
	struct wxg_file exe_file;
	struct wxg_text args;
	struct wxg_text cwd;
	struct wxg_text cgroup;
};

struct wxg_ancestor {
	u32 pid;
	u64 start;
	u8 comm[WXGUARD_COMM_MAX + 1];
	struct wxg_text exe;
};

/* Another process that has a part in it: whose memory, or who writes. */
struct wxg_other {
	bool present;
	u32 pid;
	u32 uid;
	u64 start;		/* ns since boot */
	u8 comm[WXGUARD_COMM_MAX + 1];
	struct wxg_text exe;
};

struct wxg_syscall {
	bool present;
	u32 nr;
	u32 arch;
	u64 args[6];
	s64 ret;		/* valid unless WXGUARD_FLAG_NO_OUTCOME */
};

struct wxg_memory {
	u64 address;
	u64 size;
	bool has_before;
	u32 prot_before;
	u32 prot_asked;
	u32 prot_effective;
	u32 region;		/* enum wxguard_region */
	u32 origin;		/* enum wxguard_origin */
	struct wxg_file file;
};

struct wxg_exec {
	struct wxg_text filename;
	struct wxg_file file;
	u32 origin;		/* enum wxguard_origin */
	struct wxg_text name;
	bool has_seals;
	u32 seals;
	u32 round;
	bool script;
};

/**
 * struct wxg_finding - one finding, values only
 *
 * The texts are in its pool, which belongs to whoever has the struct. While
 * it is being filled (slow/), pool_size is the room; ring.c keeps a copy cut
 * to pool_used.
 */
struct wxg_finding {
	u64 seq;		/* given by the ring, 0 before */
	u32 class;		/* enum wxguard_class */
	u32 action;
	u32 verdict;
	u32 mode;
	u32 rules_generation;
	u32 flags;		/* WXGUARD_FLAG_* */
	u64 time_real;		/* ns */
	u64 time_boot;		/* ns */
	u32 window;		/* s, 0 = the known set was not asked */
	struct wxg_proc proc;
	u32 ancestors;
	struct wxg_ancestor ancestor[WXGUARD_ANCESTORS_MAX];
	struct wxg_syscall syscall;
	bool has_memory;
	bool has_exec;
	struct wxg_memory memory;
	struct wxg_exec exec;
	u64 repeat_of;		/* 0 = not a repeat */
	u64 repeat_count;
	u64 repeat_last;	/* ns since 1970 */
	u64 repeat_slot;	/* of repeat.c, 0 = none; not on the wire */
	u32 tamper;		/* enum wxguard_tamper */
	struct wxg_other target;
	struct wxg_other writer;
	u8 scope[WXGUARD_EXEMPTION_NAME_MAX + 1];	/* "" = none */
	u32 pool_size;
	u32 pool_used;
	u8 *pool;
};

/* Room for the longest of everything: 7 paths, arguments, ancestors. */
#define WXG_FINDING_POOL_MAX \
	(8 * (WXGUARD_PATH_MAX + 1) + WXGUARD_ARGS_MAX + \
	 WXGUARD_ANCESTORS_MAX * (WXGUARD_ANCESTOR_EXE_MAX + 1) + 512)

#endif
