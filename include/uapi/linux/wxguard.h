/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * wxguard: the generic netlink interface between the kernel module and its
 * readers. A client can be written from this file alone; wxguard.yaml beside
 * it states the same in the kernel's netlink-spec format, and the two are
 * checked against each other (tests/lint/abi).
 *
 * Family WXGUARD_GENL_NAME, version WXGUARD_GENL_VERSION, visible from the
 * initial network namespace only. Every command, and joining the multicast
 * group, needs CAP_NET_ADMIN in the initial user namespace (EPERM otherwise).
 *
 * Validation is strict: an unknown, truncated, oversized or out-of-range
 * attribute refuses the whole request, nothing is applied, and the extended
 * ack (NETLINK_EXT_ACK) says what was given and what would be right.
 * Numbers are in host byte order. 64-bit attributes are aligned with the PAD
 * attribute of their set. Strings that come from a watched process (comm,
 * paths, arguments, names) are NLA_BINARY: length counts, no terminator, any
 * byte may occur. Strings that an administrator gave are NLA_NUL_STRING.
 *
 * WXGUARD_CMD_STATUS_GET (do)
 *	request:  -
 *	reply:    WXGUARD_A_STATUS (nest WXGUARD_STATUS_*),
 *	          WXGUARD_A_HOOK (nest WXGUARD_HOOK_A_*), once per hook
 *
 * WXGUARD_CMD_FINDING_GET (dump)
 *	request:  WXGUARD_A_SEQ: send findings with a greater number (0 = all)
 *	reply:    one message per finding, command WXGUARD_CMD_FINDING_GET,
 *	          WXGUARD_A_FINDING (nest WXGUARD_FINDING_*), numbers ascending.
 *	          Where numbers are missing, a message with command
 *	          WXGUARD_CMD_LOSS comes first: WXGUARD_A_LOSS (nest
 *	          WXGUARD_LOSS_*) with the first and last missing number.
 *	          So every number above the one asked for, up to the newest,
 *	          is accounted for exactly once, as a finding or inside a loss.
 *
 * WXGUARD_CMD_FINDING_ACK (do)
 *	request:  WXGUARD_A_SEQ: the daemon has committed everything up to here.
 *	          Overwriting a finding at or below it is no loss. A number
 *	          above the newest is refused (ERANGE); a lower number than
 *	          before changes nothing.
 *
 * WXGUARD_CMD_DOORBELL (multicast, group WXGUARD_GENL_GROUP)
 *	WXGUARD_A_SEQ: the newest number. Says "there is something to dump" and
 *	nothing more; bells may be merged or lost, dumps are not.
 *
 * WXGUARD_CMD_KNOWN_GET (dump)
 *	reply:    one message per executable and class: WXGUARD_A_KNOWN (nest
 *	          WXGUARD_KNOWN_*) with one bit in CLASSES, and LAST_SEEN and
 *	          PINNED (in FLAGS) of that class. Sent back one by one through KNOWN_ADD, they
 *	          restore the set.
 *
 * WXGUARD_CMD_KNOWN_ADD (do)
 *	request:  WXGUARD_A_FD: an open descriptor of the executable, in the
 *	          caller; the kernel takes the identity from it, so a path
 *	          cannot be swapped in between.
 *	          WXGUARD_A_KNOWN with CLASSES (required, bits 1 << class) and
 *	          optionally PATH, FIRST_SEEN, LAST_SEEN, COUNT, FLAGS. A time
 *	          still to come counts as now. An identity (DEV to CTIME_NSEC)
 *	          may be sent along: ESTALE if the descriptor has another.
 *	          Adding what is there widens CLASSES and keeps the newer
 *	          LAST_SEEN. PINNED pins it for CLASSES and no other. ENOSPC when
 *	          the set is full of pinned entries. A SHAPE other than 0
 *	          goes with wx_transition alone.
 * WXGUARD_CMD_KNOWN_DEL (do)
 *	request:  WXGUARD_A_FD: the file for every SHAPE, or for the one that
 *	          WXGUARD_A_KNOWN gives. Or WXGUARD_A_KNOWN with DEV, INO,
 *	          GENERATION, CTIME_SEC, CTIME_NSEC, SHAPE (absent = 0) as a
 *	          dump gave them. ENOENT if absent.
 * WXGUARD_CMD_KNOWN_FLUSH (do)
 *	request:  -. Removes every entry, pinned ones too. EBUSY in mode enforce
 *	          while the rules deny exec_unknown.
 * WXGUARD_CMD_KNOWN_PIN (do)
 *	request:  as KNOWN_DEL, and WXGUARD_A_KNOWN/FLAGS: PINNED set or clear,
 *	          for each class that the executable was seen doing so far.
 *
 * WXGUARD_CMD_RULES_GET (dump)
 *	reply:    first one message with WXGUARD_A_GENERATION, a
 *	          WXGUARD_A_CLASS (nest WXGUARD_CLASS_A_*) per built class and
 *	          WXGUARD_A_BUDGET, then one message per scope: WXGUARD_A_SCOPE
 *	          (nest WXGUARD_SCOPE_*), then one per exemption:
 *	          WXGUARD_A_EXEMPTION (nest WXGUARD_EXEMPTION_*). Each message
 *	          repeats the generation; a change in mid-dump sets
 *	          NLM_F_DUMP_INTR: ask again.
 * WXGUARD_CMD_RULES_SET (do)
 *	request:  the whole new set, applied whole or not at all:
 *	          WXGUARD_A_CLASS per class (a class left out gets its default),
 *	          WXGUARD_A_EXEMPTION per exemption (at most
 *	          WXGUARD_EXEMPTIONS_MAX), optionally WXGUARD_A_GENERATION: the
 *	          generation that the change was made from (ESTALE if it is no
 *	          longer the live one).
 *	          Also optionally WXGUARD_A_SCOPE per scope (at most
 *	          WXGUARD_SCOPES_MAX, the first that matches decides),
 *	          WXGUARD_A_BUDGET (left out: the default), and WXGUARD_A_FORCE:
 *	          publish a set that is legal but can lock the administrator
 *	          out (deny exec_unknown while nothing is known for it, or
 *	          whether known or not; an exemption that covers everything).
 *	reply:    WXGUARD_A_GENERATION: the new one
 *
 * WXGUARD_CMD_MODE_GET, WXGUARD_CMD_MODE_SET (do)
 *	WXGUARD_A_MODE (enum wxguard_mode). Refused with EPERM when the kernel
 *	command line fixed "off" (wxguard.mode=off).
 *	MODE_SET to enforce is refused (EINVAL) while the rules deny
 *	exec_unknown and would stop each program, unless WXGUARD_A_FORCE is set.
 *	MODE_SET may carry WXGUARD_A_CONFIRM, s: unless a MODE_SET without it
 *	comes within that time, the mode before this one returns by itself.
 *
 * WXGUARD_CMD_LOCK (do)
 *	request:  -. From now to the next boot the module cannot be unloaded;
 *	          there is no unlock. An attempt is a finding (sensor_tamper).
 *
 * WXGUARD_CMD_EVIDENCE_GET (do)
 *	request:  WXGUARD_A_SEQ: the number of a finding. The payload is the
 *	          memory file, or the file in /dev/shm or without a name, that
 *	          the finding is about: what was executed or mapped, or what an
 *	          interpreter was given. Needs CAP_SYS_PTRACE as well.
 *	reply:    WXGUARD_A_FD: a new descriptor of the caller, for reading,
 *	          close-on-exec. It is the file itself: it works also when the
 *	          process is gone or was denied, and shows what a writer who has
 *	          it open changes, unless it is sealed. ENOENT when it is not
 *	          held: a bounded number of the last is, for a while.
 * WXGUARD_CMD_EVIDENCE_DROP (do)
 *	request:  WXGUARD_A_SEQ: this payload is not needed any more. ENOENT
 *	          when it is not held.
 */
#ifndef _UAPI_LINUX_WXGUARD_H
#define _UAPI_LINUX_WXGUARD_H

#include <linux/types.h>

#define WXGUARD_GENL_NAME	"wxguard"
#define WXGUARD_GENL_VERSION	1
#define WXGUARD_GENL_GROUP	"findings"

/* Bounds. Lengths are in bytes and, for strings, without the terminator. */
#define WXGUARD_COMM_MAX	15
#define WXGUARD_PATH_MAX	4095
#define WXGUARD_ARGS_MAX	4096
#define WXGUARD_ANCESTORS_MAX	8
#define WXGUARD_ANCESTOR_EXE_MAX 255
#define WXGUARD_NAME_MAX	255
#define WXGUARD_EXEMPTIONS_MAX	1024
#define WXGUARD_SCOPES_MAX	64
#define WXGUARD_EXEMPTION_NAME_MAX 63
#define WXGUARD_GLOB_MAX	1023
#define WXGUARD_REASON_MAX	255
#define WXGUARD_AUTHOR_MAX	63
#define WXGUARD_WINDOW_MIN	1		/* seconds */
#define WXGUARD_WINDOW_MAX	315360000	/* ten years, in seconds */
#define WXGUARD_WINDOW_DEFAULT	604800		/* seven days, as published */
#define WXGUARD_REPEAT_DEFAULT	60		/* s, see WXGUARD_CLASS_A_REPEAT */
#define WXGUARD_REPEAT_MAX	86400		/* s */
#define WXGUARD_CONFIRM_MAX	86400		/* s */
#define WXGUARD_BUDGET_DEFAULT	120		/* denials per minute */
#define WXGUARD_BUDGET_EXE_DEFAULT 10		/* of these, by one executable */
#define WXGUARD_BUDGET_MAX	1000000
#define WXGUARD_SHA256_LEN	32

/**
 * enum wxguard_cmd - commands; append only
 */
enum wxguard_cmd {
	WXGUARD_CMD_UNSPEC,
	WXGUARD_CMD_STATUS_GET,
	WXGUARD_CMD_FINDING_GET,
	WXGUARD_CMD_FINDING_ACK,
	WXGUARD_CMD_DOORBELL,
	WXGUARD_CMD_LOSS,
	WXGUARD_CMD_KNOWN_GET,
	WXGUARD_CMD_KNOWN_ADD,
	WXGUARD_CMD_KNOWN_DEL,
	WXGUARD_CMD_KNOWN_FLUSH,
	WXGUARD_CMD_KNOWN_PIN,
	WXGUARD_CMD_RULES_GET,
	WXGUARD_CMD_RULES_SET,
	WXGUARD_CMD_MODE_GET,
	WXGUARD_CMD_MODE_SET,
	WXGUARD_CMD_LOCK,
	WXGUARD_CMD_EVIDENCE_GET,
	WXGUARD_CMD_EVIDENCE_DROP,

	__WXGUARD_CMD_MAX
};
#define WXGUARD_CMD_MAX (__WXGUARD_CMD_MAX - 1)

/**
 * enum wxguard_class - what kind of event a finding is about; append only
 *
 * In bit sets (CLASSES attributes) class C is bit 1 << C.
 */
enum wxguard_class {
	WXGUARD_CLASS_UNSPEC,
	WXGUARD_CLASS_RWX_MPROTECT,	/* mprotect made memory W and X */
	WXGUARD_CLASS_EXEC_MEMORY,	/* program start from a memory file */
	WXGUARD_CLASS_MAP_MEMORY_EXEC,	/* executable mapping of a memory file */
	WXGUARD_CLASS_EXEC_UNLINKED,	/* program start from an unlinked file */
	WXGUARD_CLASS_WX_TRANSITION,	/* written memory became executable */
	WXGUARD_CLASS_RWX_MMAP,		/* a mapping born W and X */
	WXGUARD_CLASS_EXEC_STACK,	/* executable stack */
	WXGUARD_CLASS_EXEC_ARG_MEMORY,	/* interpreter given a memory file */
	WXGUARD_CLASS_EXEC_UNKNOWN,	/* program outside the known set */
	WXGUARD_CLASS_FOREIGN_WRITE,	/* write into another's code */
	WXGUARD_CLASS_SENSOR_TAMPER,	/* the sensor was blinded */

	__WXGUARD_CLASS_MAX
};
#define WXGUARD_CLASS_MAX (__WXGUARD_CLASS_MAX - 1)

/**
 * enum wxguard_mode - what the module does with what it sees
 * @WXGUARD_MODE_OFF: judges nothing
 * @WXGUARD_MODE_LEARN: feeds the known set, reports nothing
 * @WXGUARD_MODE_DETECT: reports; deny and kill become "would have"
 * @WXGUARD_MODE_ENFORCE: reports and does what the rules say
 */
enum wxguard_mode {
	WXGUARD_MODE_OFF,
	WXGUARD_MODE_LEARN,
	WXGUARD_MODE_DETECT,
	WXGUARD_MODE_ENFORCE,

	__WXGUARD_MODE_MAX
};

/**
 * enum wxguard_action - what a rule asks for, per class
 * @WXGUARD_ACTION_OFF: the class is not looked at
 * @WXGUARD_ACTION_LOG: a finding
 * @WXGUARD_ACTION_DENY: a finding, and the operation fails (EPERM for an
 *	exec, EACCES for memory)
 * @WXGUARD_ACTION_KILL: as deny, and SIGKILL to the thread group
 */
enum wxguard_action {
	WXGUARD_ACTION_OFF,
	WXGUARD_ACTION_LOG,
	WXGUARD_ACTION_DENY,
	WXGUARD_ACTION_KILL,

	__WXGUARD_ACTION_MAX
};

/**
 * enum wxguard_verdict - what was done about one event
 * @WXGUARD_VERDICT_LOGGED: nothing but this finding
 * @WXGUARD_VERDICT_WOULD_DENY: detect mode; enforce would have denied
 * @WXGUARD_VERDICT_WOULD_KILL: detect mode; enforce would have killed
 * @WXGUARD_VERDICT_DENIED: the operation failed and had no effect
 * @WXGUARD_VERDICT_KILLED: denied, and SIGKILL was sent
 * @WXGUARD_VERDICT_SPARED: the rule says deny or kill, but the subject is
 *	pid 1 or an exec that the kernel itself started
 */
enum wxguard_verdict {
	WXGUARD_VERDICT_LOGGED,
	WXGUARD_VERDICT_WOULD_DENY,
	WXGUARD_VERDICT_WOULD_KILL,
	WXGUARD_VERDICT_DENIED,
	WXGUARD_VERDICT_KILLED,
	WXGUARD_VERDICT_SPARED,

	__WXGUARD_VERDICT_MAX
};

/**
 * enum wxguard_origin - where the bytes of an executed or mapped file live
 *
 * Told by the structure of the file (mount, superblock, link count), never by
 * its name, which the attacker chooses.
 */
enum wxguard_origin {
	WXGUARD_ORIGIN_FILE,		/* a file with a name somewhere */
	WXGUARD_ORIGIN_MEMFD,
	WXGUARD_ORIGIN_MEMFD_HUGETLB,
	WXGUARD_ORIGIN_SHARED_ANON,	/* mmap MAP_SHARED|MAP_ANONYMOUS */
	WXGUARD_ORIGIN_SYSV_SHM,
	WXGUARD_ORIGIN_MEMORY_OTHER,	/* kernel-internal tmpfs, other user */
	WXGUARD_ORIGIN_DEV_SHM,		/* under /dev/shm as the process sees it */
	WXGUARD_ORIGIN_RUN_SHM,		/* under /run/shm as the process sees it */

	__WXGUARD_ORIGIN_MAX
};

/**
 * enum wxguard_region - what a memory range is, for the reader
 */
enum wxguard_region {
	WXGUARD_REGION_ANON,
	WXGUARD_REGION_HEAP,
	WXGUARD_REGION_STACK,
	WXGUARD_REGION_FILE_PRIVATE,
	WXGUARD_REGION_FILE_SHARED,

	__WXGUARD_REGION_MAX
};

/* WXGUARD_FINDING_FLAGS */
#define WXGUARD_FLAG_ARGS_TRUNCATED	(1U << 0)
#define WXGUARD_FLAG_PATH_TRUNCATED	(1U << 1)	/* some path was cut */
#define WXGUARD_FLAG_ARGS_MISSING	(1U << 2)	/* could not be read */
#define WXGUARD_FLAG_COMPAT		(1U << 3)	/* 32-bit system call */
#define WXGUARD_FLAG_KERNEL_SPAWNED	(1U << 4)	/* usermode helper */
#define WXGUARD_FLAG_IMPLIED_EXEC	(1U << 5)	/* X came from READ_IMPLIES_EXEC */
#define WXGUARD_FLAG_NO_OUTCOME		(1U << 6)	/* result could not be seen */
#define WXGUARD_FLAG_ANCESTORS_CUT	(1U << 7)	/* more than 8 levels */
#define WXGUARD_FLAG_WRITTEN		(1U << 8)	/* region had private pages */
#define WXGUARD_FLAG_UNJUDGED		(1U << 9)	/* seen by a witness only */
#define WXGUARD_FLAG_DEBUGGER		(1U << 10)	/* a tracer on its own child, same user */
#define WXGUARD_FLAG_DUAL		(1U << 11)	/* the same file is mapped W and X */
#define WXGUARD_FLAG_REPEAT		(1U << 12)	/* tells of repeats, see REPEAT_* */
#define WXGUARD_FLAG_AGGREGATE		(1U << 13)	/* the repeats differ in detail */
#define WXGUARD_FLAG_SELF_CLONE		(1U << 14)	/* runs from a sealed copy of its EXE */
#define WXGUARD_FLAG_CHECKED		(1U << 15)	/* AT_EXECVE_CHECK: asked, not started */

/**
 * enum wxguard_tamper - why sensor_tamper fired; append only
 * @WXGUARD_TAMPER_EXEC: a memory file was executed and no judge saw it
 * @WXGUARD_TAMPER_MPROTECT: memory became W and X and no judge saw it
 * @WXGUARD_TAMPER_CANARY: the kernel's probes do not answer any more
 * @WXGUARD_TAMPER_MISSED: the kernel skipped calls of a probe (nmissed grew)
 * @WXGUARD_TAMPER_UNLOAD: somebody tried to unload the locked module
 * @WXGUARD_TAMPER_BUDGET: the budget of denials is spent, the mode is detect
 *
 * The subject of CANARY, MISSED and BUDGET cannot be told: their process has
 * pid 0.
 */
enum wxguard_tamper {
	WXGUARD_TAMPER_UNSPEC,
	WXGUARD_TAMPER_EXEC,
	WXGUARD_TAMPER_MPROTECT,
	WXGUARD_TAMPER_CANARY,
	WXGUARD_TAMPER_MISSED,
	WXGUARD_TAMPER_UNLOAD,
	WXGUARD_TAMPER_BUDGET,

	__WXGUARD_TAMPER_MAX
};

/* Known entries: WXGUARD_KNOWN_FLAGS */
#define WXGUARD_KNOWN_F_PINNED		(1U << 0)	/* never evicted, never expires */
#define WXGUARD_KNOWN_F_LEARNED		(1U << 1)	/* entered in learn mode */
#define WXGUARD_KNOWN_F_RESTORED	(1U << 2)	/* entered from user space */

/* Top level */
enum wxguard_attr {
	WXGUARD_A_UNSPEC,
	WXGUARD_A_PAD,
	WXGUARD_A_SEQ,			/* u64 */
	WXGUARD_A_STATUS,		/* nest WXGUARD_STATUS_* */
	WXGUARD_A_HOOK,			/* nest WXGUARD_HOOK_A_*, repeated */
	WXGUARD_A_FINDING,		/* nest WXGUARD_FINDING_* */
	WXGUARD_A_LOSS,			/* nest WXGUARD_LOSS_* */
	WXGUARD_A_FD,			/* u32, a descriptor of the caller */
	WXGUARD_A_KNOWN,		/* nest WXGUARD_KNOWN_* */
	WXGUARD_A_GENERATION,		/* u32, of the rules */
	WXGUARD_A_CLASS,		/* nest WXGUARD_CLASS_A_*, repeated */
	WXGUARD_A_EXEMPTION,		/* nest WXGUARD_EXEMPTION_*, repeated */
	WXGUARD_A_MODE,			/* u32, enum wxguard_mode */
	WXGUARD_A_SCOPE,		/* nest WXGUARD_SCOPE_*, repeated */
	WXGUARD_A_BUDGET,		/* nest WXGUARD_BUDGET_* */
	WXGUARD_A_CONFIRM,		/* u32, s, 1 to WXGUARD_CONFIRM_MAX */
	WXGUARD_A_FORCE,		/* flag */

	__WXGUARD_A_MAX
};
#define WXGUARD_A_MAX (__WXGUARD_A_MAX - 1)

enum wxguard_attr_status {
	WXGUARD_STATUS_UNSPEC,
	WXGUARD_STATUS_PAD,
	WXGUARD_STATUS_VERSION,		/* string, of the module */
	WXGUARD_STATUS_MODE,		/* u32, enum wxguard_mode */
	WXGUARD_STATUS_GENERATION,	/* u32, of the rules */
	WXGUARD_STATUS_SEQ,		/* u64, newest finding number, 0 = none */
	WXGUARD_STATUS_ACKED,		/* u64, committed by the daemon */
	WXGUARD_STATUS_OLDEST,		/* u64, oldest number still held */
	WXGUARD_STATUS_RING_COUNT,	/* u32, findings held */
	WXGUARD_STATUS_RING_MAX,	/* u32, findings that fit at most */
	WXGUARD_STATUS_RING_BYTES,	/* u64, bytes held */
	WXGUARD_STATUS_RING_BYTES_MAX,	/* u64 */
	WXGUARD_STATUS_LOST_OVERFLOW,	/* u64, overwritten before an ack */
	WXGUARD_STATUS_LOST_NOMEM,	/* u64, no memory for the finding */
	WXGUARD_STATUS_KNOWN_COUNT,	/* u32 */
	WXGUARD_STATUS_KNOWN_MAX,	/* u32 */
	WXGUARD_STATUS_KNOWN_EVICTED,	/* u64, left because the set was full */
	WXGUARD_STATUS_PENDING,		/* u32, tasks inside the slow path */
	WXGUARD_STATUS_CANARY,		/* u32, 1 = probe machinery answers */
	WXGUARD_STATUS_MODE_FIXED,	/* u32, 1 = "off" was fixed at boot */
	WXGUARD_STATUS_CLASSES,		/* u32, bits of the classes built */
	WXGUARD_STATUS_SPARED,		/* u64, denials not done (pid 1, kernel) */
	WXGUARD_STATUS_UNJUDGED,	/* u64, suspicious calls that passed unjudged */
	WXGUARD_STATUS_CONFIRM_LEFT,	/* u32, s until the mode goes back, 0 = stays */
	WXGUARD_STATUS_LOCKED,		/* u32, 1 = cannot be unloaded */
	WXGUARD_STATUS_DENIED,		/* u64, operations refused or killed */
	WXGUARD_STATUS_BUDGET_TRIPS,	/* u64, times that denials ended enforce */
	WXGUARD_STATUS_SELF_CLONES,	/* u64, execs recognised as self-clones */
	WXGUARD_STATUS_REPEATS,		/* u64, sightings folded into others */
	WXGUARD_STATUS_HEARTBEAT,	/* u64, ns since boot, of the last self-check */
	WXGUARD_STATUS_CONFIRM_MODE,	/* u32, enum wxguard_mode, where it goes back to */
	WXGUARD_STATUS_EVIDENCE_COUNT,	/* u32, payloads held */
	WXGUARD_STATUS_EVIDENCE_BYTES,	/* u64, that they keep alive */
	WXGUARD_STATUS_EVIDENCE_MISSED,	/* u64, let go or not held for want of room */

	__WXGUARD_STATUS_MAX
};
#define WXGUARD_STATUS_MAX (__WXGUARD_STATUS_MAX - 1)

/* Roles and states of a hook */
enum wxguard_hook_role {
	WXGUARD_ROLE_JUDGE,
	WXGUARD_ROLE_WITNESS,
	WXGUARD_ROLE_NET,		/* kretprobe behind a kprobe judge */

	__WXGUARD_ROLE_MAX
};

enum wxguard_hook_engine {
	WXGUARD_ENGINE_FTRACE,
	WXGUARD_ENGINE_KPROBE,
	WXGUARD_ENGINE_KRETPROBE,
	WXGUARD_ENGINE_TRACEPOINT,

	__WXGUARD_ENGINE_MAX
};

enum wxguard_hook_state {
	WXGUARD_HOOK_OFF,		/* not armed */
	WXGUARD_HOOK_ARMED,		/* armed, no call seen yet */
	WXGUARD_HOOK_PROVED,		/* armed and seen to fire */

	__WXGUARD_HOOK_STATE_MAX
};

enum wxguard_attr_hook {
	WXGUARD_HOOK_A_UNSPEC,
	WXGUARD_HOOK_A_PAD,
	WXGUARD_HOOK_A_NAME,		/* string, kernel symbol */
	WXGUARD_HOOK_A_ROLE,		/* u32, enum wxguard_hook_role */
	WXGUARD_HOOK_A_ENGINE,		/* u32, enum wxguard_hook_engine */
	WXGUARD_HOOK_A_STATE,		/* u32, enum wxguard_hook_state */
	WXGUARD_HOOK_A_HITS,		/* u64, calls seen */
	WXGUARD_HOOK_A_SUSPICIOUS,	/* u64, calls sent to the slow path */
	WXGUARD_HOOK_A_MISSED,		/* u64, as the kernel counts them */

	__WXGUARD_HOOK_A_MAX
};
#define WXGUARD_HOOK_A_MAX (__WXGUARD_HOOK_A_MAX - 1)

enum wxguard_attr_loss {
	WXGUARD_LOSS_UNSPEC,
	WXGUARD_LOSS_PAD,
	WXGUARD_LOSS_FIRST,		/* u64, first missing number */
	WXGUARD_LOSS_LAST,		/* u64, last missing number */

	__WXGUARD_LOSS_MAX
};
#define WXGUARD_LOSS_MAX (__WXGUARD_LOSS_MAX - 1)

enum wxguard_attr_finding {
	WXGUARD_FINDING_UNSPEC,
	WXGUARD_FINDING_PAD,
	WXGUARD_FINDING_SEQ,		/* u64, number, per boot, from 1 */
	WXGUARD_FINDING_CLASS,		/* u32, enum wxguard_class */
	WXGUARD_FINDING_ACTION,		/* u32, what the rule asked for */
	WXGUARD_FINDING_VERDICT,	/* u32, what was done */
	WXGUARD_FINDING_MODE,		/* u32, mode at that moment */
	WXGUARD_FINDING_GENERATION,	/* u32, rules that decided */
	WXGUARD_FINDING_FLAGS,		/* u32, WXGUARD_FLAG_* */
	WXGUARD_FINDING_TIME_REAL,	/* u64, ns since 1970, UTC */
	WXGUARD_FINDING_TIME_BOOT,	/* u64, ns since boot, suspend included */
	WXGUARD_FINDING_WINDOW,		/* u32, s; present if "known" was asked */
	WXGUARD_FINDING_PROCESS,	/* nest WXGUARD_PROC_* */
	WXGUARD_FINDING_ANCESTOR,	/* nest WXGUARD_PROC_*, repeated, parent first */
	WXGUARD_FINDING_SYSCALL,	/* nest WXGUARD_SYSCALL_* */
	WXGUARD_FINDING_MEMORY,		/* nest WXGUARD_MEMORY_*, memory classes */
	WXGUARD_FINDING_EXEC,		/* nest WXGUARD_EXEC_*, exec classes */
	WXGUARD_FINDING_REPEAT_OF,	/* u64, number of the first of these */
	WXGUARD_FINDING_REPEAT_COUNT,	/* u64, sightings since that one */
	WXGUARD_FINDING_REPEAT_LAST,	/* u64, ns since 1970, of the last one */
	WXGUARD_FINDING_TAMPER,		/* u32, enum wxguard_tamper */
	WXGUARD_FINDING_TARGET,		/* nest WXGUARD_PROC_*: whose memory (foreign_write) */
	WXGUARD_FINDING_WRITER,		/* nest WXGUARD_PROC_*, DUAL: the other side of it */
	WXGUARD_FINDING_SCOPE,		/* string, name of the scope that decided */

	__WXGUARD_FINDING_MAX
};
#define WXGUARD_FINDING_MAX (__WXGUARD_FINDING_MAX - 1)

/*
 * A process as it was at the moment of the event. For an exec that went
 * through, COMM, EXE and ARGS of the subject are those of the new program,
 * read before its first instruction; for a denied one, those of the caller.
 * An ancestor has PID, START, COMM and, where it could be had, EXE.
 */
enum wxguard_attr_proc {
	WXGUARD_PROC_UNSPEC,
	WXGUARD_PROC_PAD,
	WXGUARD_PROC_PID,		/* u32, thread group, initial pid namespace */
	WXGUARD_PROC_TID,		/* u32 */
	WXGUARD_PROC_VPID,		/* u32, in its own pid namespace */
	WXGUARD_PROC_START,		/* u64, ns since boot */
	WXGUARD_PROC_COMM,		/* binary */
	WXGUARD_PROC_EXE,		/* binary, path as the process sees it */
	WXGUARD_PROC_EXE_FILE,		/* nest WXGUARD_FILE_* */
	WXGUARD_PROC_ARGS,		/* binary, each argument ends in NUL */
	WXGUARD_PROC_CWD,		/* binary */
	WXGUARD_PROC_UID,		/* u32, initial user namespace, real */
	WXGUARD_PROC_EUID,		/* u32 */
	WXGUARD_PROC_GID,		/* u32, real */
	WXGUARD_PROC_LOGINUID,		/* u32, ~0 = not set */
	WXGUARD_PROC_SESSIONID,		/* u32, audit session, ~0 = not set */
	WXGUARD_PROC_CAP_EFFECTIVE,	/* u64, bit set */
	WXGUARD_PROC_CAP_PERMITTED,	/* u64, bit set */
	WXGUARD_PROC_CGROUP,		/* binary, path in the default hierarchy */
	WXGUARD_PROC_PIDNS,		/* u64, inode number of the namespace */
	WXGUARD_PROC_MNTNS,		/* u64, inode number of the namespace */

	__WXGUARD_PROC_MAX
};
#define WXGUARD_PROC_MAX (__WXGUARD_PROC_MAX - 1)

enum wxguard_attr_syscall {
	WXGUARD_SYSCALL_UNSPEC,
	WXGUARD_SYSCALL_PAD,
	WXGUARD_SYSCALL_NR,		/* u32, in the numbering of ARCH */
	WXGUARD_SYSCALL_ARCH,		/* u32, AUDIT_ARCH_* */
	WXGUARD_SYSCALL_ARGS,		/* binary, six u64 */
	WXGUARD_SYSCALL_RETURN,		/* s64; absent with WXGUARD_FLAG_NO_OUTCOME */

	__WXGUARD_SYSCALL_MAX
};
#define WXGUARD_SYSCALL_MAX (__WXGUARD_SYSCALL_MAX - 1)

/* The identity of a file. DEV, INO: of the real inode (below overlayfs). */
enum wxguard_attr_file {
	WXGUARD_FILE_UNSPEC,
	WXGUARD_FILE_PAD,
	WXGUARD_FILE_PATH,		/* binary, as the process sees it */
	WXGUARD_FILE_DEV,		/* u32, major << 20 | minor */
	WXGUARD_FILE_INO,		/* u64 */
	WXGUARD_FILE_GENERATION,	/* u32, inode generation */
	WXGUARD_FILE_CTIME_SEC,		/* s64 */
	WXGUARD_FILE_CTIME_NSEC,	/* u32 */
	WXGUARD_FILE_MTIME_SEC,		/* s64 */
	WXGUARD_FILE_MTIME_NSEC,	/* u32 */
	WXGUARD_FILE_SIZE,		/* u64 */
	WXGUARD_FILE_MODE,		/* u32, st_mode */
	WXGUARD_FILE_UID,		/* u32 */
	WXGUARD_FILE_GID,		/* u32 */
	WXGUARD_FILE_NLINK,		/* u32 */
	WXGUARD_FILE_MAGIC,		/* u32, of the file system */

	__WXGUARD_FILE_MAX
};
#define WXGUARD_FILE_MAX (__WXGUARD_FILE_MAX - 1)

enum wxguard_attr_memory {
	WXGUARD_MEMORY_UNSPEC,
	WXGUARD_MEMORY_PAD,
	WXGUARD_MEMORY_ADDRESS,		/* u64, first byte; 0 = not known */
	WXGUARD_MEMORY_SIZE,		/* u64, bytes; 0 = not known (shmat) */
	WXGUARD_MEMORY_PROT_BEFORE,	/* u32, PROT_*; absent for a new mapping */
	WXGUARD_MEMORY_PROT_ASKED,	/* u32, as the caller passed it */
	WXGUARD_MEMORY_PROT_EFFECTIVE,	/* u32, what the kernel would set */
	WXGUARD_MEMORY_REGION,		/* u32, enum wxguard_region */
	WXGUARD_MEMORY_ORIGIN,		/* u32, enum wxguard_origin, of FILE */
	WXGUARD_MEMORY_FILE,		/* nest WXGUARD_FILE_*, if backed */

	__WXGUARD_MEMORY_MAX
};
#define WXGUARD_MEMORY_MAX (__WXGUARD_MEMORY_MAX - 1)

enum wxguard_attr_exec {
	WXGUARD_EXEC_UNSPEC,
	WXGUARD_EXEC_PAD,
	WXGUARD_EXEC_FILENAME,		/* binary, as the kernel was given it */
	WXGUARD_EXEC_FILE,		/* nest WXGUARD_FILE_*: the memory file */
	WXGUARD_EXEC_ORIGIN,		/* u32, enum wxguard_origin */
	WXGUARD_EXEC_NAME,		/* binary, its name without "memfd:" */
	WXGUARD_EXEC_SEALS,		/* u32, F_SEAL_*; memfd only */
	WXGUARD_EXEC_ROUND,		/* u32, 0 = the file asked for, n = its
					 * nth interpreter (script, binfmt_misc)
					 */
	WXGUARD_EXEC_SCRIPT,		/* u32, 1 = starts with "#!" */

	__WXGUARD_EXEC_MAX
};
#define WXGUARD_EXEC_MAX (__WXGUARD_EXEC_MAX - 1)

enum wxguard_attr_known {
	WXGUARD_KNOWN_UNSPEC,
	WXGUARD_KNOWN_PAD,
	WXGUARD_KNOWN_DEV,		/* u32, as WXGUARD_FILE_DEV */
	WXGUARD_KNOWN_INO,		/* u64 */
	WXGUARD_KNOWN_GENERATION,	/* u32 */
	WXGUARD_KNOWN_CTIME_SEC,	/* s64 */
	WXGUARD_KNOWN_CTIME_NSEC,	/* u32 */
	WXGUARD_KNOWN_PATH,		/* binary, where it was first seen */
	WXGUARD_KNOWN_FIRST_SEEN,	/* u64, s since 1970 */
	WXGUARD_KNOWN_LAST_SEEN,	/* u64, s since 1970 */
	WXGUARD_KNOWN_COUNT,		/* u64, sightings */
	WXGUARD_KNOWN_CLASSES,		/* u32, bits: known for these classes */
	WXGUARD_KNOWN_FLAGS,		/* u32, WXGUARD_KNOWN_F_* */
	WXGUARD_KNOWN_SHAPE,		/* u32, enum wxguard_region, wx_transition only:
					 * an executable is known for each kind of
					 * memory on its own; part of the identity,
					 * absent = 0
					 */

	__WXGUARD_KNOWN_MAX
};
#define WXGUARD_KNOWN_MAX (__WXGUARD_KNOWN_MAX - 1)
#define WXGUARD_KNOWN_PATH_MAX 255	/* bytes of WXGUARD_KNOWN_PATH */

enum wxguard_attr_class {
	WXGUARD_CLASS_A_UNSPEC,
	WXGUARD_CLASS_A_ID,		/* u32, enum wxguard_class */
	WXGUARD_CLASS_A_ACTION,		/* u32, enum wxguard_action */
	WXGUARD_CLASS_A_KNOWN,		/* u32, 1 = known executables are exempt */
	WXGUARD_CLASS_A_WINDOW,		/* u32, s, WXGUARD_WINDOW_MIN..MAX */
	WXGUARD_CLASS_A_REPEAT,		/* u32, s, 0..WXGUARD_REPEAT_MAX: within this
					 * time the same again is counted, not told;
					 * 0 = tell each
					 */
	WXGUARD_CLASS_A_SELF_CLONE,	/* u32, 1 = self-clones are exempt (exec_memory) */
	WXGUARD_CLASS_A_INIT,		/* u32, 1 = deny also pid 1, execs by the kernel,
					 * and the daemon
					 */

	__WXGUARD_CLASS_A_MAX
};
#define WXGUARD_CLASS_A_MAX (__WXGUARD_CLASS_A_MAX - 1)

/*
 * An exemption matches when every matcher it has (EXE, COMM, UID, CGROUP,
 * the identity) matches; it needs at least one. A match yields no finding and
 * no denial, and the executable does not enter the known set. The identity is
 * that of the executable which EXE names: the caller's, and for exec_unknown
 * that of the program to be started.
 * Globs: "*" stays within a path component, "**" crosses "/", "?" is one
 * byte other than "/", "\" quotes; all other bytes stand for themselves.
 * COMM is text that any process can set: it needs UNSAFE as well.
 */
enum wxguard_attr_exemption {
	WXGUARD_EXEMPTION_UNSPEC,
	WXGUARD_EXEMPTION_PAD,
	WXGUARD_EXEMPTION_NAME,		/* string, unique, required: [A-Za-z0-9._-] */
	WXGUARD_EXEMPTION_CLASSES,	/* u32, bits, required, not 0 */
	WXGUARD_EXEMPTION_EXE,		/* string, glob, absolute */
	WXGUARD_EXEMPTION_COMM,		/* string, exact */
	WXGUARD_EXEMPTION_UID,		/* u32, real uid */
	WXGUARD_EXEMPTION_CGROUP,	/* string, glob, absolute */
	WXGUARD_EXEMPTION_UNSAFE,	/* flag */
	WXGUARD_EXEMPTION_REASON,	/* string, required, not empty */
	WXGUARD_EXEMPTION_AUTHOR,	/* string */
	WXGUARD_EXEMPTION_EXPIRES,	/* u64, s since 1970; absent = never */
	WXGUARD_EXEMPTION_HITS,		/* u64, replies only */
	WXGUARD_EXEMPTION_FD,		/* u32, requests only: a descriptor of the caller;
					 * the kernel takes the identity from it
					 */
	WXGUARD_EXEMPTION_DEV,		/* u32: the identity, as in WXGUARD_FILE_*; */
	WXGUARD_EXEMPTION_INO,		/* u64  DEV to CTIME_NSEC together */
	WXGUARD_EXEMPTION_GENERATION,	/* u32 */
	WXGUARD_EXEMPTION_CTIME_SEC,	/* s64 */
	WXGUARD_EXEMPTION_CTIME_NSEC,	/* u32 */
	WXGUARD_EXEMPTION_SHA256,	/* binary, WXGUARD_SHA256_LEN: for which content the
					 * identity was pinned; without an identity
					 * the exemption matches nothing yet
					 */

	__WXGUARD_EXEMPTION_MAX
};
#define WXGUARD_EXEMPTION_MAX (__WXGUARD_EXEMPTION_MAX - 1)

/*
 * A scope gives some classes another rule for a subtree of cgroups. The first
 * scope that names the class and whose CGROUP matches decides. CGROUP is a
 * glob as above: "/x" is /x alone, a further "/" and "**" what lies below it.
 */
enum wxguard_attr_scope {
	WXGUARD_SCOPE_UNSPEC,
	WXGUARD_SCOPE_PAD,
	WXGUARD_SCOPE_NAME,		/* string, unique, required, as an exemption's */
	WXGUARD_SCOPE_CGROUP,		/* string, glob, absolute, required */
	WXGUARD_SCOPE_CLASSES,		/* u32, bits, required, not 0 */
	WXGUARD_SCOPE_ACTION,		/* u32, enum wxguard_action, required */
	WXGUARD_SCOPE_KNOWN,		/* u32, 0 or 1; absent = as the class */
	WXGUARD_SCOPE_HITS,		/* u64, replies only: events it decided */

	__WXGUARD_SCOPE_MAX
};
#define WXGUARD_SCOPE_MAX (__WXGUARD_SCOPE_MAX - 1)

/*
 * Denials that are allowed within a minute before enforce goes back to detect
 * by itself, for a rule that denies this much is wrong. One executable counts
 * at most PER_EXE of them, so that a single attacker cannot spend it all.
 * PER_MINUTE 0 = no limit.
 */
enum wxguard_attr_budget {
	WXGUARD_BUDGET_UNSPEC,
	WXGUARD_BUDGET_PER_MINUTE,	/* u32, 0..WXGUARD_BUDGET_MAX */
	WXGUARD_BUDGET_PER_EXE,		/* u32, 1..WXGUARD_BUDGET_MAX */

	__WXGUARD_BUDGET_A_MAX
};
#define WXGUARD_BUDGET_A_MAX (__WXGUARD_BUDGET_A_MAX - 1)

#endif /* _UAPI_LINUX_WXGUARD_H */
