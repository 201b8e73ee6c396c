// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hostile client of the module's netlink family: each row is a request
 * that must be refused with this errno, with a sentence where the module
 * could say one, and must leave the state as it was. Then the same socket
 * work without privilege, and a few requests that must succeed, so that
 * refusing everything is no pass.
 *
 * Runs in the guest, as root. Leaves the rules at their defaults and the
 * known set as it was.
 */
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "badwire.h"

/* Descriptors that the rows name. */
#define FD_PROGRAM	100	/* this program */
#define FD_FOLDER	101
#define FD_PIPE		102
#define FD_PATH_ONLY	103	/* this program, O_PATH */
#define FD_CLOSED	104

static const char big[65000];
static const char letters[4096] = { [0 ... 4095] = 'a' };

struct row {
	const char *name;
	uint8_t command;
	bool dump;
	const struct attr *attrs;
	int error;
	bool told;		/* a sentence is expected */
};

#define DO	false
#define DUMP	true
#define TOLD	true
#define MUTE	false		/* the core of netlink refuses without a word */

/* An exemption without fault, to be varied: a later attribute wins. */
#define FAULTLESS \
	TEXT(WXGUARD_EXEMPTION_NAME, "one"), \
	U32(WXGUARD_EXEMPTION_CLASSES, 1 << WXGUARD_CLASS_RWX_MPROTECT), \
	TEXT(WXGUARD_EXEMPTION_EXE, "/usr/bin/one"), \
	TEXT(WXGUARD_EXEMPTION_REASON, "a reason")
#define EXEMPTION(...)	ATTRS(NEST(WXGUARD_A_EXEMPTION, FAULTLESS, __VA_ARGS__))
#define CLASS(...)	ATTRS(NEST(WXGUARD_A_CLASS, __VA_ARGS__))
#define BUDGET(...)	ATTRS(NEST(WXGUARD_A_BUDGET, __VA_ARGS__))
/* The same for scopes. */
#define GOOD_SCOPE \
	TEXT(WXGUARD_SCOPE_NAME, "one"), \
	TEXT(WXGUARD_SCOPE_CGROUP, "/nowhere/**"), \
	U32(WXGUARD_SCOPE_CLASSES, 1 << WXGUARD_CLASS_RWX_MPROTECT), \
	U32(WXGUARD_SCOPE_ACTION, WXGUARD_ACTION_LOG)
#define SCOPE(...)	ATTRS(NEST(WXGUARD_A_SCOPE, GOOD_SCOPE, __VA_ARGS__))
#define FILE_IS(...) \
	EXEMPTION(U32(WXGUARD_EXEMPTION_DEV, 1), __VA_ARGS__)
/* Would stop each program: nothing is known for exec_unknown. */
#define LOCKOUT \
	NEST(WXGUARD_A_SCOPE, GOOD_SCOPE, \
	     U32(WXGUARD_SCOPE_CLASSES, 1 << WXGUARD_CLASS_EXEC_UNKNOWN), \
	     U32(WXGUARD_SCOPE_ACTION, WXGUARD_ACTION_DENY))
#define KNOWN(...)	ATTRS(NEST(WXGUARD_A_KNOWN, __VA_ARGS__))
#define ADD(...) \
	ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM), NEST(WXGUARD_A_KNOWN, __VA_ARGS__))
#define SEEN_FOR(bits)	U32(WXGUARD_KNOWN_CLASSES, bits)
#define IDENTITY \
	U32(WXGUARD_KNOWN_DEV, 1), U64(WXGUARD_KNOWN_INO, 2), \
	U32(WXGUARD_KNOWN_GENERATION, 3), U64(WXGUARD_KNOWN_CTIME_SEC, 4), \
	U32(WXGUARD_KNOWN_CTIME_NSEC, 5)

static const struct row rows[] = {
	{ "unknown command", 200, DO, NONE, EOPNOTSUPP, MUTE },
	{ "command 0", WXGUARD_CMD_UNSPEC, DO, NONE, EOPNOTSUPP, MUTE },
	{ "doorbell is not for asking", WXGUARD_CMD_DOORBELL, DO, NONE, EOPNOTSUPP, MUTE },
	{ "loss is not for asking", WXGUARD_CMD_LOSS, DUMP, NONE, EOPNOTSUPP, MUTE },

	{ "status: as a dump", WXGUARD_CMD_STATUS_GET, DUMP, NONE, EOPNOTSUPP, MUTE },
	{ "status: an attribute", WXGUARD_CMD_STATUS_GET, DO, ATTRS(U64(WXGUARD_A_SEQ, 1)), EINVAL, TOLD },
	{ "status: an unknown attribute", WXGUARD_CMD_STATUS_GET, DO, ATTRS(U32(999, 1)), EINVAL, TOLD },
	{ "status: a PAD that is not empty", WXGUARD_CMD_STATUS_GET, DO, ATTRS(RAW(WXGUARD_A_PAD, 8, big)), ERANGE, TOLD },

	{ "findings: not as a dump", WXGUARD_CMD_FINDING_GET, DO, NONE, EOPNOTSUPP, MUTE },
	{ "findings: number of 4 bytes", WXGUARD_CMD_FINDING_GET, DUMP, ATTRS(U32(WXGUARD_A_SEQ, 1)), EINVAL, TOLD },
	{ "findings: number of 7 bytes", WXGUARD_CMD_FINDING_GET, DUMP, ATTRS(RAW(WXGUARD_A_SEQ, 7, big)), EINVAL, TOLD },
	{ "findings: number of 9 bytes", WXGUARD_CMD_FINDING_GET, DUMP, ATTRS(RAW(WXGUARD_A_SEQ, 9, big)), EINVAL, TOLD },
	{ "findings: number of 65000 bytes", WXGUARD_CMD_FINDING_GET, DUMP, ATTRS(RAW(WXGUARD_A_SEQ, 65000, big)), EINVAL, TOLD },
	{ "findings: an unknown attribute", WXGUARD_CMD_FINDING_GET, DUMP, ATTRS(U32(WXGUARD_A_MAX + 1, 1)), EINVAL, TOLD },
	{ "findings: an attribute of another command", WXGUARD_CMD_FINDING_GET, DUMP, ATTRS(U32(WXGUARD_A_MODE, 1)), EINVAL, TOLD },

	{ "ack: without a number", WXGUARD_CMD_FINDING_ACK, DO, NONE, EINVAL, TOLD },
	{ "ack: a number not given yet", WXGUARD_CMD_FINDING_ACK, DO, ATTRS(U64(WXGUARD_A_SEQ, 1ULL << 60)), ERANGE, TOLD },
	{ "ack: the largest number", WXGUARD_CMD_FINDING_ACK, DO, ATTRS(U64(WXGUARD_A_SEQ, ~0ULL)), ERANGE, TOLD },
	{ "ack: an attribute longer than the message", WXGUARD_CMD_FINDING_ACK, DO, ATTRS({ .type = WXGUARD_A_SEQ, .len = 8, .data = big, .lie = 400 }), EINVAL, TOLD },
	{ "ack: an attribute shorter than its header", WXGUARD_CMD_FINDING_ACK, DO, ATTRS({ .type = WXGUARD_A_SEQ, .len = 8, .data = big, .lie = -10 }), EINVAL, TOLD },
	{ "ack: as a dump", WXGUARD_CMD_FINDING_ACK, DUMP, ATTRS(U64(WXGUARD_A_SEQ, 0)), EOPNOTSUPP, MUTE },

	{ "known list: not as a dump", WXGUARD_CMD_KNOWN_GET, DO, NONE, EOPNOTSUPP, MUTE },
	{ "known list: an attribute", WXGUARD_CMD_KNOWN_GET, DUMP, ATTRS(U32(WXGUARD_A_FD, 1)), EINVAL, TOLD },

	{ "add: nothing", WXGUARD_CMD_KNOWN_ADD, DO, NONE, EINVAL, TOLD },
	{ "add: no descriptor", WXGUARD_CMD_KNOWN_ADD, DO, KNOWN(SEEN_FOR(2)), EINVAL, TOLD },
	{ "add: no description", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM)), EINVAL, TOLD },
	{ "add: no classes", WXGUARD_CMD_KNOWN_ADD, DO, ADD(RAW(WXGUARD_KNOWN_PATH, 1, "/")), EINVAL, TOLD },
	{ "add: class bits 0", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(0)), ERANGE, TOLD },
	{ "add: bit of class 0", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(1)), ERANGE, TOLD },
	{ "add: bit of a class that does not exist", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2U << WXGUARD_CLASS_MAX)), ERANGE, TOLD },
	{ "add: unknown flag", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), U32(WXGUARD_KNOWN_FLAGS, 8)), EINVAL, TOLD },
	{ "add: path of 256 bytes", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), RAW(WXGUARD_KNOWN_PATH, WXGUARD_KNOWN_PATH_MAX + 1, letters)), ERANGE, TOLD },
	{ "add: a time that is none", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), U64(WXGUARD_KNOWN_LAST_SEEN, ~0ULL)), ERANGE, TOLD },
	{ "add: first seen after last seen", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), U64(WXGUARD_KNOWN_FIRST_SEEN, 1000), U64(WXGUARD_KNOWN_LAST_SEEN, 999)), EINVAL, TOLD },
	{ "add: shape that does not exist", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(1 << WXGUARD_CLASS_WX_TRANSITION), U32(WXGUARD_KNOWN_SHAPE, WXGUARD_REGION_FILE_SHARED + 1)), ERANGE, TOLD },
	{ "add: shape of 8 bytes", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(1 << WXGUARD_CLASS_WX_TRANSITION), U64(WXGUARD_KNOWN_SHAPE, 1)), EINVAL, TOLD },
	{ "add: shape of another class", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), U32(WXGUARD_KNOWN_SHAPE, 1)), EINVAL, TOLD },
	{ "add: shape of two classes", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2 | 1 << WXGUARD_CLASS_WX_TRANSITION), U32(WXGUARD_KNOWN_SHAPE, 1)), EINVAL, TOLD },
	{ "add: closed descriptor", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_CLOSED), NEST(WXGUARD_A_KNOWN, SEEN_FOR(2))), EBADF, TOLD },
	{ "add: descriptor ~0", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, ~0U), NEST(WXGUARD_A_KNOWN, SEEN_FOR(2))), EBADF, TOLD },
	{ "add: descriptor of a folder", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_FOLDER), NEST(WXGUARD_A_KNOWN, SEEN_FOR(2))), EINVAL, TOLD },
	{ "add: descriptor of a pipe", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_PIPE), NEST(WXGUARD_A_KNOWN, SEEN_FOR(2))), EINVAL, TOLD },
	{ "add: descriptor with O_PATH", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_PATH_ONLY), NEST(WXGUARD_A_KNOWN, SEEN_FOR(2))), EBADF, TOLD },
	{ "add: identity of another file", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), IDENTITY), ESTALE, TOLD },
	{ "add: half an identity", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), U64(WXGUARD_KNOWN_INO, 1)), EINVAL, TOLD },
	{ "add: unknown attribute in the nest", WXGUARD_CMD_KNOWN_ADD, DO, ADD(SEEN_FOR(2), U32(77, 1)), EINVAL, TOLD },
	{ "add: a nest without its flag", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM), { .type = WXGUARD_A_KNOWN, .nest = ATTRS(SEEN_FOR(2)), .bare = true }), EINVAL, TOLD },
	{ "add: a nest cut short", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM), { .type = WXGUARD_A_KNOWN, .nest = ATTRS(SEEN_FOR(2)), .lie = -2 }), EINVAL, TOLD },
	{ "add: a nest of 3 loose bytes", WXGUARD_CMD_KNOWN_ADD, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM), RAW(WXGUARD_A_KNOWN | NLA_F_NESTED, 3, letters)), ERANGE, TOLD },

	{ "remove: nothing", WXGUARD_CMD_KNOWN_DEL, DO, NONE, EINVAL, TOLD },
	{ "remove: an identity that is not there", WXGUARD_CMD_KNOWN_DEL, DO, KNOWN(IDENTITY), ENOENT, TOLD },
	{ "remove: a shape that does not exist", WXGUARD_CMD_KNOWN_DEL, DO, KNOWN(IDENTITY, U32(WXGUARD_KNOWN_SHAPE, ~0U)), ERANGE, TOLD },
	{ "remove: a shape alone", WXGUARD_CMD_KNOWN_DEL, DO, KNOWN(U32(WXGUARD_KNOWN_SHAPE, 1)), EINVAL, TOLD },
	{ "remove: a shape that is not there", WXGUARD_CMD_KNOWN_DEL, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM), NEST(WXGUARD_A_KNOWN, U32(WXGUARD_KNOWN_SHAPE, 1))), ENOENT, TOLD },
	{ "remove: half an identity", WXGUARD_CMD_KNOWN_DEL, DO, KNOWN(U64(WXGUARD_KNOWN_INO, 2)), EINVAL, TOLD },
	{ "remove: an empty identity", WXGUARD_CMD_KNOWN_DEL, DO, ATTRS(RAW(WXGUARD_A_KNOWN | NLA_F_NESTED, 0, NULL)), EINVAL, TOLD },
	{ "remove: descriptor and identity", WXGUARD_CMD_KNOWN_DEL, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM), NEST(WXGUARD_A_KNOWN, IDENTITY)), EINVAL, TOLD },
	{ "remove: a file that is not known", WXGUARD_CMD_KNOWN_DEL, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM)), ENOENT, TOLD },
	{ "remove: closed descriptor", WXGUARD_CMD_KNOWN_DEL, DO, ATTRS(U32(WXGUARD_A_FD, FD_CLOSED)), EBADF, TOLD },
	{ "remove: descriptor of 2 bytes", WXGUARD_CMD_KNOWN_DEL, DO, ATTRS(RAW(WXGUARD_A_FD, 2, letters)), EINVAL, TOLD },

	{ "flush: an attribute", WXGUARD_CMD_KNOWN_FLUSH, DO, ATTRS(U32(WXGUARD_A_MODE, 1)), EINVAL, TOLD },
	{ "flush: as a dump", WXGUARD_CMD_KNOWN_FLUSH, DUMP, NONE, EOPNOTSUPP, MUTE },

	{ "pin: nothing", WXGUARD_CMD_KNOWN_PIN, DO, NONE, EINVAL, TOLD },
	{ "pin: no flags", WXGUARD_CMD_KNOWN_PIN, DO, KNOWN(IDENTITY), EINVAL, TOLD },
	{ "pin: another flag", WXGUARD_CMD_KNOWN_PIN, DO, KNOWN(IDENTITY, U32(WXGUARD_KNOWN_FLAGS, WXGUARD_KNOWN_F_LEARNED)), EINVAL, TOLD },
	{ "pin: an identity that is not there", WXGUARD_CMD_KNOWN_PIN, DO, KNOWN(IDENTITY, U32(WXGUARD_KNOWN_FLAGS, 1)), ENOENT, TOLD },
	{ "pin: a path", WXGUARD_CMD_KNOWN_PIN, DO, KNOWN(IDENTITY, RAW(WXGUARD_KNOWN_PATH, 1, "/")), EINVAL, TOLD },

	{ "rules list: not as a dump", WXGUARD_CMD_RULES_GET, DO, NONE, EOPNOTSUPP, MUTE },
	{ "rules list: an attribute", WXGUARD_CMD_RULES_GET, DUMP, ATTRS(U32(WXGUARD_A_GENERATION, 1)), EINVAL, TOLD },

	{ "rules: an old generation", WXGUARD_CMD_RULES_SET, DO, ATTRS(U32(WXGUARD_A_GENERATION, ~0U)), ESTALE, TOLD },
	{ "rules: generation of 8 bytes", WXGUARD_CMD_RULES_SET, DO, ATTRS(U64(WXGUARD_A_GENERATION, 1)), EINVAL, TOLD },
	{ "rules: class without id", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ACTION, 1)), EINVAL, TOLD },
	{ "rules: class 0", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 0)), ERANGE, TOLD },
	{ "rules: class that does not exist", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, WXGUARD_CLASS_MAX + 1)), ERANGE, TOLD },
	{ "rules: class ~0", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, ~0U)), ERANGE, TOLD },
	{ "rules: action that does not exist", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_ACTION, 4)), ERANGE, TOLD },
	{ "rules: deny what cannot be denied", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, WXGUARD_CLASS_SENSOR_TAMPER), U32(WXGUARD_CLASS_A_ACTION, WXGUARD_ACTION_DENY)), EINVAL, TOLD },
	{ "rules: known 2", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_KNOWN, 2)), ERANGE, TOLD },
	{ "rules: window 0", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_WINDOW, 0)), ERANGE, TOLD },
	{ "rules: window of more than ten years", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_WINDOW, WXGUARD_WINDOW_MAX + 1)), ERANGE, TOLD },
	{ "rules: window of 8 bytes", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U64(WXGUARD_CLASS_A_WINDOW, 5)), EINVAL, TOLD },
	{ "rules: a class twice", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_CLASS, U32(WXGUARD_CLASS_A_ID, 1)), NEST(WXGUARD_A_CLASS, U32(WXGUARD_CLASS_A_ID, 1))), EEXIST, TOLD },
	{ "rules: a good class, then a bad one", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_CLASS, U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_ACTION, 0)), NEST(WXGUARD_A_CLASS, U32(WXGUARD_CLASS_A_ID, 99))), ERANGE, TOLD },

	{ "rules: repeat of more than a day", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_REPEAT, WXGUARD_REPEAT_MAX + 1)), ERANGE, TOLD },
	{ "rules: repeat of 8 bytes", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U64(WXGUARD_CLASS_A_REPEAT, 5)), EINVAL, TOLD },
	{ "rules: self_clone 2", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 2), U32(WXGUARD_CLASS_A_SELF_CLONE, 2)), ERANGE, TOLD },
	{ "rules: self_clone of rwx_mprotect", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_SELF_CLONE, 1)), EINVAL, TOLD },
	{ "rules: init ~0", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, 1), U32(WXGUARD_CLASS_A_INIT, ~0U)), ERANGE, TOLD },
	{ "rules: init where nothing can be denied", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, WXGUARD_CLASS_SENSOR_TAMPER), U32(WXGUARD_CLASS_A_INIT, 1)), EINVAL, TOLD },
	{ "rules: force with a value", WXGUARD_CMD_RULES_SET, DO, ATTRS(U32(WXGUARD_A_FORCE, 1)), ERANGE, TOLD },
	{ "rules: an attribute of another command", WXGUARD_CMD_RULES_SET, DO, ATTRS(U32(WXGUARD_A_CONFIRM, 1)), EINVAL, TOLD },

	{ "budget: more than a million", WXGUARD_CMD_RULES_SET, DO, BUDGET(U32(WXGUARD_BUDGET_PER_MINUTE, WXGUARD_BUDGET_MAX + 1)), ERANGE, TOLD },
	{ "budget: none for an executable", WXGUARD_CMD_RULES_SET, DO, BUDGET(U32(WXGUARD_BUDGET_PER_EXE, 0)), ERANGE, TOLD },
	{ "budget: ~0 for an executable", WXGUARD_CMD_RULES_SET, DO, BUDGET(U32(WXGUARD_BUDGET_PER_EXE, ~0U)), ERANGE, TOLD },
	{ "budget: of 8 bytes", WXGUARD_CMD_RULES_SET, DO, BUDGET(U64(WXGUARD_BUDGET_PER_MINUTE, 1)), EINVAL, TOLD },
	{ "budget: unknown attribute", WXGUARD_CMD_RULES_SET, DO, BUDGET(U32(WXGUARD_BUDGET_A_MAX + 1, 1)), EINVAL, TOLD },
	{ "budget: twice", WXGUARD_CMD_RULES_SET, DO, ATTRS({ .type = WXGUARD_A_BUDGET, .nest = ATTRS(U32(WXGUARD_BUDGET_PER_MINUTE, 1)), .times = 2 }), EEXIST, TOLD },
	{ "budget: a nest without its flag", WXGUARD_CMD_RULES_SET, DO, ATTRS({ .type = WXGUARD_A_BUDGET, .nest = ATTRS(U32(WXGUARD_BUDGET_PER_MINUTE, 1)), .bare = true }), EINVAL, TOLD },

	{ "scope: an empty nest", WXGUARD_CMD_RULES_SET, DO, ATTRS(RAW(WXGUARD_A_SCOPE | NLA_F_NESTED, 0, NULL)), EINVAL, TOLD },
	{ "scope: without a name", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_SCOPE, TEXT(WXGUARD_SCOPE_CGROUP, "/a"), U32(WXGUARD_SCOPE_CLASSES, 2), U32(WXGUARD_SCOPE_ACTION, 1))), EINVAL, TOLD },
	{ "scope: without a cgroup", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_SCOPE, TEXT(WXGUARD_SCOPE_NAME, "a"), U32(WXGUARD_SCOPE_CLASSES, 2), U32(WXGUARD_SCOPE_ACTION, 1))), EINVAL, TOLD },
	{ "scope: without a class", WXGUARD_CMD_RULES_SET, DO, SCOPE(U32(WXGUARD_SCOPE_CLASSES, 0)), EINVAL, TOLD },
	{ "scope: without an action", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_SCOPE, TEXT(WXGUARD_SCOPE_NAME, "a"), TEXT(WXGUARD_SCOPE_CGROUP, "/a"), U32(WXGUARD_SCOPE_CLASSES, 2))), EINVAL, TOLD },
	{ "scope: a name with a slash", WXGUARD_CMD_RULES_SET, DO, SCOPE(TEXT(WXGUARD_SCOPE_NAME, "a/b")), EINVAL, TOLD },
	{ "scope: a name of 64 bytes", WXGUARD_CMD_RULES_SET, DO, SCOPE(TEXT(WXGUARD_SCOPE_NAME, "0123456789012345678901234567890123456789012345678901234567890123")), EINVAL, TOLD },
	{ "scope: a relative cgroup", WXGUARD_CMD_RULES_SET, DO, SCOPE(TEXT(WXGUARD_SCOPE_CGROUP, "machine.slice")), EINVAL, TOLD },
	{ "scope: an empty cgroup", WXGUARD_CMD_RULES_SET, DO, SCOPE(TEXT(WXGUARD_SCOPE_CGROUP, "")), EINVAL, TOLD },
	{ "scope: a NUL inside the cgroup", WXGUARD_CMD_RULES_SET, DO, SCOPE(TEXT(WXGUARD_SCOPE_CGROUP, "/a\0b")), EINVAL, TOLD },
	{ "scope: a cgroup without its NUL", WXGUARD_CMD_RULES_SET, DO, SCOPE(RAW(WXGUARD_SCOPE_CGROUP, 2, "/a")), EINVAL, TOLD },
	{ "scope: a cgroup of 1024 bytes", WXGUARD_CMD_RULES_SET, DO, SCOPE(RAW(WXGUARD_SCOPE_CGROUP, WXGUARD_GLOB_MAX + 1, letters)), EINVAL, TOLD },
	{ "scope: class bits ~0", WXGUARD_CMD_RULES_SET, DO, SCOPE(U32(WXGUARD_SCOPE_CLASSES, ~0U)), EINVAL, TOLD },
	{ "scope: action that does not exist", WXGUARD_CMD_RULES_SET, DO, SCOPE(U32(WXGUARD_SCOPE_ACTION, 4)), ERANGE, TOLD },
	{ "scope: action of 8 bytes", WXGUARD_CMD_RULES_SET, DO, SCOPE(U64(WXGUARD_SCOPE_ACTION, 1)), EINVAL, TOLD },
	{ "scope: kill what cannot be denied", WXGUARD_CMD_RULES_SET, DO, SCOPE(U32(WXGUARD_SCOPE_CLASSES, 1 << WXGUARD_CLASS_SENSOR_TAMPER), U32(WXGUARD_SCOPE_ACTION, WXGUARD_ACTION_KILL)), EINVAL, TOLD },
	{ "scope: known 2", WXGUARD_CMD_RULES_SET, DO, SCOPE(U32(WXGUARD_SCOPE_KNOWN, 2)), ERANGE, TOLD },
	{ "scope: hits from outside", WXGUARD_CMD_RULES_SET, DO, SCOPE(U64(WXGUARD_SCOPE_HITS, 1)), EINVAL, TOLD },
	{ "scope: unknown attribute", WXGUARD_CMD_RULES_SET, DO, SCOPE(U32(WXGUARD_SCOPE_MAX + 1, 1)), EINVAL, TOLD },
	{ "scope: one name twice", WXGUARD_CMD_RULES_SET, DO, ATTRS({ .type = WXGUARD_A_SCOPE, .nest = ATTRS(GOOD_SCOPE), .times = 2 }), EEXIST, TOLD },
	{ "scope: 65 of them", WXGUARD_CMD_RULES_SET, DO, ATTRS({ .type = WXGUARD_A_SCOPE, .nest = ATTRS(GOOD_SCOPE), .times = WXGUARD_SCOPES_MAX + 1 }), E2BIG, TOLD },
	{ "scope: a good one beside a class that is bad", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_SCOPE, GOOD_SCOPE), NEST(WXGUARD_A_CLASS, U32(WXGUARD_CLASS_A_ID, 99))), ERANGE, TOLD },
	{ "scope: denies exec_unknown, of which nothing is known", WXGUARD_CMD_RULES_SET, DO, ATTRS(LOCKOUT), EINVAL, TOLD },
	{ "rules: deny exec_unknown, of which nothing is known", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, WXGUARD_CLASS_EXEC_UNKNOWN), U32(WXGUARD_CLASS_A_ACTION, WXGUARD_ACTION_DENY)), EINVAL, TOLD },
	{ "rules: kill exec_unknown, known or not", WXGUARD_CMD_RULES_SET, DO, CLASS(U32(WXGUARD_CLASS_A_ID, WXGUARD_CLASS_EXEC_UNKNOWN), U32(WXGUARD_CLASS_A_KNOWN, 0), U32(WXGUARD_CLASS_A_ACTION, WXGUARD_ACTION_KILL)), EINVAL, TOLD },

	{ "exemption: an empty nest", WXGUARD_CMD_RULES_SET, DO, ATTRS(RAW(WXGUARD_A_EXEMPTION | NLA_F_NESTED, 0, NULL)), EINVAL, TOLD },
	{ "exemption: a name with a blank", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_NAME, "a b")), EINVAL, TOLD },
	{ "exemption: an empty name", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_NAME, "")), EINVAL, TOLD },
	{ "exemption: a name of 64 bytes", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_NAME, "0123456789012345678901234567890123456789012345678901234567890123")), EINVAL, TOLD },
	{ "exemption: a name without its NUL", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(RAW(WXGUARD_EXEMPTION_NAME, 3, "abc")), EINVAL, TOLD },
	{ "exemption: a NUL inside the glob", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_EXE, "/a\0b")), EINVAL, TOLD },
	{ "exemption: a glob of 1024 bytes", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(RAW(WXGUARD_EXEMPTION_EXE, WXGUARD_GLOB_MAX + 1, letters)), EINVAL, TOLD },
	{ "exemption: a glob of 60000 bytes", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(RAW(WXGUARD_EXEMPTION_EXE, 60000, big)), ERANGE, TOLD },
	{ "exemption: a relative glob", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_EXE, "bin/one")), EINVAL, TOLD },
	{ "exemption: a glob that ends in a backslash", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_CGROUP, "/a\\")), EINVAL, TOLD },
	{ "exemption: comm without unsafe", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_COMM, "node")), EINVAL, TOLD },
	{ "exemption: comm of 16 bytes", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_COMM, "0123456789abcdef")), EINVAL, TOLD },
	{ "exemption: unsafe with a value", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_UNSAFE, 1)), ERANGE, TOLD },
	{ "exemption: class bits 0", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_CLASSES, 0)), EINVAL, TOLD },
	{ "exemption: bit of class 0", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_CLASSES, 1)), EINVAL, TOLD },
	{ "exemption: class bits ~0", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_CLASSES, ~0U)), EINVAL, TOLD },
	{ "exemption: uid of 8 bytes", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U64(WXGUARD_EXEMPTION_UID, 0)), EINVAL, TOLD },
	{ "exemption: expired", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U64(WXGUARD_EXEMPTION_EXPIRES, 1)), EINVAL, TOLD },
	{ "exemption: hits from outside", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U64(WXGUARD_EXEMPTION_HITS, 1)), EINVAL, TOLD },
	{ "exemption: everything", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(TEXT(WXGUARD_EXEMPTION_EXE, "/**")), EINVAL, TOLD },
	{ "exemption: every cgroup", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_EXEMPTION, TEXT(WXGUARD_EXEMPTION_NAME, "a"), U32(WXGUARD_EXEMPTION_CLASSES, 2), TEXT(WXGUARD_EXEMPTION_CGROUP, "/**"), TEXT(WXGUARD_EXEMPTION_REASON, "a"))), EINVAL, TOLD },
	{ "exemption: expired, and forced", WXGUARD_CMD_RULES_SET, DO, ATTRS(RAW(WXGUARD_A_FORCE, 0, NULL), NEST(WXGUARD_A_EXEMPTION, FAULTLESS, U64(WXGUARD_EXEMPTION_EXPIRES, 1))), EINVAL, TOLD },
	{ "exemption: an identity of one part", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_DEV, 1)), EINVAL, TOLD },
	{ "exemption: an identity of four parts", WXGUARD_CMD_RULES_SET, DO, FILE_IS(U64(WXGUARD_EXEMPTION_INO, 2), U32(WXGUARD_EXEMPTION_GENERATION, 3), U64(WXGUARD_EXEMPTION_CTIME_SEC, 4)), EINVAL, TOLD },
	{ "exemption: an inode of 4 bytes", WXGUARD_CMD_RULES_SET, DO, FILE_IS(U32(WXGUARD_EXEMPTION_INO, 2)), EINVAL, TOLD },
	{ "exemption: descriptor and identity", WXGUARD_CMD_RULES_SET, DO, FILE_IS(U32(WXGUARD_EXEMPTION_FD, FD_PROGRAM), U64(WXGUARD_EXEMPTION_INO, 2), U32(WXGUARD_EXEMPTION_GENERATION, 3), U64(WXGUARD_EXEMPTION_CTIME_SEC, 4), U32(WXGUARD_EXEMPTION_CTIME_NSEC, 5)), EINVAL, TOLD },
	{ "exemption: closed descriptor", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_FD, FD_CLOSED)), EBADF, TOLD },
	{ "exemption: descriptor ~0", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_FD, ~0U)), EBADF, TOLD },
	{ "exemption: descriptor of a folder", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_FD, FD_FOLDER)), EINVAL, TOLD },
	{ "exemption: descriptor of a pipe", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_FD, FD_PIPE)), EINVAL, TOLD },
	{ "exemption: descriptor with O_PATH", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_FD, FD_PATH_ONLY)), EBADF, TOLD },
	{ "exemption: a digest of 31 bytes", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(RAW(WXGUARD_EXEMPTION_SHA256, 31, letters)), ERANGE, TOLD },
	{ "exemption: a digest of 33 bytes", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(RAW(WXGUARD_EXEMPTION_SHA256, 33, letters)), ERANGE, TOLD },
	{ "exemption: without a reason", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_EXEMPTION, TEXT(WXGUARD_EXEMPTION_NAME, "a"), U32(WXGUARD_EXEMPTION_CLASSES, 2), TEXT(WXGUARD_EXEMPTION_EXE, "/a"))), EINVAL, TOLD },
	{ "exemption: without a matcher", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_EXEMPTION, TEXT(WXGUARD_EXEMPTION_NAME, "a"), U32(WXGUARD_EXEMPTION_CLASSES, 2), TEXT(WXGUARD_EXEMPTION_REASON, "a"))), EINVAL, TOLD },
	{ "exemption: unknown attribute", WXGUARD_CMD_RULES_SET, DO, EXEMPTION(U32(WXGUARD_EXEMPTION_MAX + 1, 1)), EINVAL, TOLD },
	{ "exemption: one name twice", WXGUARD_CMD_RULES_SET, DO, ATTRS({ .type = WXGUARD_A_EXEMPTION, .nest = ATTRS(FAULTLESS), .times = 2 }), EEXIST, TOLD },
	{ "exemption: 1025 of them", WXGUARD_CMD_RULES_SET, DO, ATTRS({ .type = WXGUARD_A_EXEMPTION, .nest = ATTRS(FAULTLESS), .times = WXGUARD_EXEMPTIONS_MAX + 1 }), E2BIG, TOLD },
	{ "exemption: 20000 of them", WXGUARD_CMD_RULES_SET, DO, ATTRS({ .type = WXGUARD_A_EXEMPTION, .nest = ATTRS(FAULTLESS), .times = 20000 }), E2BIG, TOLD },
	{ "exemption: beside a class that is bad", WXGUARD_CMD_RULES_SET, DO, ATTRS(NEST(WXGUARD_A_EXEMPTION, FAULTLESS), NEST(WXGUARD_A_CLASS, U32(WXGUARD_CLASS_A_ID, 99))), ERANGE, TOLD },

	{ "mode: an attribute to the question", WXGUARD_CMD_MODE_GET, DO, ATTRS(U32(WXGUARD_A_MODE, 1)), EINVAL, TOLD },
	{ "mode: none", WXGUARD_CMD_MODE_SET, DO, NONE, EINVAL, TOLD },
	{ "mode: one that does not exist", WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, 4)), EINVAL, TOLD },
	{ "mode: ~0", WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, ~0U)), EINVAL, TOLD },
	{ "mode: of 1 byte", WXGUARD_CMD_MODE_SET, DO, ATTRS(RAW(WXGUARD_A_MODE, 1, big)), EINVAL, TOLD },
	{ "mode: empty", WXGUARD_CMD_MODE_SET, DO, ATTRS(RAW(WXGUARD_A_MODE, 0, NULL)), EINVAL, TOLD },
	{ "mode: to be confirmed at once", WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, 2), U32(WXGUARD_A_CONFIRM, 0)), ERANGE, TOLD },
	{ "mode: to be confirmed in more than a day", WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, 2), U32(WXGUARD_A_CONFIRM, WXGUARD_CONFIRM_MAX + 1)), ERANGE, TOLD },
	{ "mode: a confirmation of 8 bytes", WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, 2), U64(WXGUARD_A_CONFIRM, 60)), EINVAL, TOLD },
	{ "mode: a confirmation without a mode", WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_CONFIRM, 60)), EINVAL, TOLD },
	{ "mode: force with a value", WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, 2), U32(WXGUARD_A_FORCE, 1)), ERANGE, TOLD },
	{ "mode: as a dump", WXGUARD_CMD_MODE_SET, DUMP, ATTRS(U32(WXGUARD_A_MODE, 1)), EOPNOTSUPP, MUTE },

	{ "lock: an attribute", WXGUARD_CMD_LOCK, DO, ATTRS(RAW(WXGUARD_A_FORCE, 0, NULL)), EINVAL, TOLD },
	{ "lock: as a dump", WXGUARD_CMD_LOCK, DUMP, NONE, EOPNOTSUPP, MUTE },

	{ "evidence: without a number", WXGUARD_CMD_EVIDENCE_GET, DO, NONE, EINVAL, TOLD },
	{ "evidence: of no finding", WXGUARD_CMD_EVIDENCE_GET, DO, ATTRS(U64(WXGUARD_A_SEQ, 0)), ENOENT, TOLD },
	{ "evidence: of a number not given yet", WXGUARD_CMD_EVIDENCE_GET, DO, ATTRS(U64(WXGUARD_A_SEQ, ~0ULL)), ENOENT, TOLD },
	{ "evidence: a number of 4 bytes", WXGUARD_CMD_EVIDENCE_GET, DO, ATTRS(U32(WXGUARD_A_SEQ, 1)), EINVAL, TOLD },
	{ "evidence: a descriptor", WXGUARD_CMD_EVIDENCE_GET, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM)), EINVAL, TOLD },
	{ "evidence: as a dump", WXGUARD_CMD_EVIDENCE_GET, DUMP, ATTRS(U64(WXGUARD_A_SEQ, 1)), EOPNOTSUPP, MUTE },
	{ "evidence drop: without a number", WXGUARD_CMD_EVIDENCE_DROP, DO, NONE, EINVAL, TOLD },
	{ "evidence drop: of no finding", WXGUARD_CMD_EVIDENCE_DROP, DO, ATTRS(U64(WXGUARD_A_SEQ, 0)), ENOENT, TOLD },
};

static unsigned int number, passed, failed, skipped;

__attribute__((format(printf, 2, 3)))
static void verdict(bool good, const char *format, ...)
{
	va_list args;

	printf("%s %u - ", good ? "ok" : "not ok", ++number);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	if (good)
		passed++;
	else
		failed++;
}

static void skip(const char *name, const char *why)
{
	printf("ok %u - %s # SKIP %s\n", ++number, name, why);
	skipped++;
}

/* What no refused request may change. */
static struct answer state_of(struct wire *wire)
{
	struct answer answer;

	ask(wire, WXGUARD_CMD_STATUS_GET, DO, NONE, &answer);
	if (answer.error || !answer.messages)
		die("the status cannot be read: %s", strerror(answer.error));
	return answer;
}

static bool same_state(const struct answer *a, const struct answer *b)
{
	static const int kept[] = {
		WXGUARD_STATUS_MODE, WXGUARD_STATUS_GENERATION,
		WXGUARD_STATUS_KNOWN_COUNT, WXGUARD_STATUS_MODE_FIXED,
		WXGUARD_STATUS_CONFIRM_LEFT, WXGUARD_STATUS_LOCKED,
	};
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (a->values[kept[i]] != b->values[kept[i]])
			return false;
	return a->acked == b->acked;
}

static void check_row(struct wire *wire, const struct row *row)
{
	struct answer before = state_of(wire), after, answer;
	bool good;

	ask(wire, row->command, row->dump, row->attrs, &answer);
	after = state_of(wire);
	good = answer.error == row->error && !answer.messages &&
	       (!row->told || answer.text[0]) && same_state(&before, &after);
	verdict(good, "%s", row->name);
	printf("# %s%s%s\n", strerror(answer.error), answer.text[0] ? ": " : "",
	       answer.text);
	if (!same_state(&before, &after))
		printf("# the state has changed\n");
	if (answer.error != row->error)
		printf("# expected: %s\n", strerror(row->error));
}

/* What stands in request_buffer is refused as a whole. */
static void check_broken(struct wire *wire, bool told, const char *name)
{
	struct answer answer;

	exchange(wire, &answer, read_reply);
	verdict(answer.error == EINVAL && !answer.messages &&
		(!told || answer.text[0]), "%s", name);
}

static bool is_older_than(unsigned int major, unsigned int minor)
{
	struct utsname host;
	unsigned int is_major, is_minor;

	return !uname(&host) &&
	       sscanf(host.release, "%u.%u", &is_major, &is_minor) == 2 &&
	       (is_major < major || (is_major == major && is_minor < minor));
}

/* Headers that are wrong themselves. */
static void check_headers(struct wire *wire)
{
	struct answer before = state_of(wire), after;

	begin(wire, wire->family, WXGUARD_CMD_STATUS_GET);
	request_head()->nlmsg_len -= 2;
	check_broken(wire, MUTE, "a header cut in half");

	if (is_older_than(6, 1)) {
		skip("a reserved field that is not 0", "Linux looks at it since 6.1");
	} else {
		begin(wire, wire->family, WXGUARD_CMD_STATUS_GET)->reserved = 1;
		check_broken(wire, TOLD, "a reserved field that is not 0");
	}

	begin(wire, wire->family, WXGUARD_CMD_STATUS_GET);
	memset(mnl_nlmsg_get_payload_tail(request_head()), 0, 4);
	request_head()->nlmsg_len += 2;
	check_broken(wire, TOLD, "loose bytes behind the last attribute");

	/* Netlink answers such a message with silence. */
	begin(wire, wire->family, WXGUARD_CMD_MODE_SET);
	put_attrs(request_head(), ATTRS(U32(WXGUARD_A_MODE, WXGUARD_MODE_OFF)));
	mnl_socket_sendto(wire->socket, request_buffer,
			  request_head()->nlmsg_len - 4);
	wire->stray = 0;
	after = state_of(wire);
	verdict(!wire->stray && same_state(&before, &after),
		"a message that ends before its length is passed over");
}

static const struct {
	const char *name;
	uint8_t command;
	bool dump;
} commands[] = {
	{ "status", WXGUARD_CMD_STATUS_GET, DO },
	{ "findings", WXGUARD_CMD_FINDING_GET, DUMP },
	{ "ack", WXGUARD_CMD_FINDING_ACK, DO },
	{ "known list", WXGUARD_CMD_KNOWN_GET, DUMP },
	{ "add", WXGUARD_CMD_KNOWN_ADD, DO },
	{ "remove", WXGUARD_CMD_KNOWN_DEL, DO },
	{ "flush", WXGUARD_CMD_KNOWN_FLUSH, DO },
	{ "pin", WXGUARD_CMD_KNOWN_PIN, DO },
	{ "rules list", WXGUARD_CMD_RULES_GET, DUMP },
	{ "rules", WXGUARD_CMD_RULES_SET, DO },
	{ "mode get", WXGUARD_CMD_MODE_GET, DO },
	{ "mode set", WXGUARD_CMD_MODE_SET, DO },
	{ "lock", WXGUARD_CMD_LOCK, DO },
	{ "evidence", WXGUARD_CMD_EVIDENCE_GET, DO },
	{ "evidence drop", WXGUARD_CMD_EVIDENCE_DROP, DO },
};

static void check_refused(struct wire *wire, const char *who)
{
	struct answer answer;
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		ask(wire, commands[i].command, commands[i].dump, NONE, &answer);
		verdict(answer.error == EPERM && !answer.messages,
			"%s: %s is refused", who, commands[i].name);
	}
}

static void check_join(struct wire *wire, const char *who)
{
	int group = wire->group;

	verdict(mnl_socket_setsockopt(wire->socket, NETLINK_ADD_MEMBERSHIP,
				      &group, sizeof(group)) &&
		errno == EPERM, "%s: joining the group is refused", who);
}

static void become_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
	    setresuid(65534, 65534, 65534))
		die("privilege cannot be given up: %s", strerror(errno));
}

static void as_nobody(struct wire *roots)
{
	struct wire wire;

	become_nobody();
	verdict(!wire_open(&wire), "nobody: sees that the family exists");
	check_refused(&wire, "nobody");
	check_join(&wire, "nobody");
	check_refused(roots, "nobody with a socket of root's");
}

static void as_root_of_a_user_namespace(struct wire *roots)
{
	struct wire wire;

	(void)roots;
	become_nobody();
	if (unshare(CLONE_NEWUSER)) {
		skip("root of a user namespace", "nobody may make one");
		return;
	}
	wire_open(&wire);
	check_refused(&wire, "root of a user namespace");
	check_join(&wire, "root of a user namespace");
}

static void in_another_network(struct wire *roots)
{
	struct wire wire;

	(void)roots;
	if (unshare(CLONE_NEWNET))
		die("no network namespace: %s", strerror(errno));
	verdict(wire_open(&wire) == ENOENT,
		"another network namespace: the family is not there");
}

/* Run in a child that may give up what it likes; take over its counts. */
static void in_child(void (*body)(struct wire *), struct wire *wire)
{
	unsigned int counts[4] = { 0 };
	int channel[2], status;
	pid_t child;

	fflush(stdout);
	if (pipe(channel))
		die("no pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		die("no child: %s", strerror(errno));
	if (!child) {
		close(channel[0]);
		body(wire);
		counts[0] = number;
		counts[1] = passed;
		counts[2] = failed;
		counts[3] = skipped;
		if (write(channel[1], counts, sizeof(counts)) != sizeof(counts))
			exit(1);
		exit(0);
	}
	close(channel[1]);
	if (read(channel[0], counts, sizeof(counts)) != sizeof(counts))
		die("a child has died");
	close(channel[0]);
	waitpid(child, &status, 0);
	number = counts[0];
	passed = counts[1];
	failed = counts[2];
	skipped = counts[3];
	/* The child asked on the same socket. */
	wire->seq += 1000;
}

/* More of them than the module has room for sentences with values. */
#define CROWD 33

/* Is refused, says with which sentence, and stays until all were. */
static void one_of_a_crowd(int say, int stay)
{
	struct answer answer;
	struct wire wire;
	char said = '?';

	if (!wire_open(&wire))
		ask(&wire, WXGUARD_CMD_MODE_SET, DO,
		    ATTRS(U32(WXGUARD_A_MODE, 4)), &answer);
	if (strstr(answer.text, "mode 4"))
		said = 'v';
	else if (strstr(answer.text, "too many others"))
		said = 'n';
	exit(write(say, &said, 1) != 1 || read(stay, &said, 1) != 0);
}

static void check_crowd(struct wire *wire)
{
	int saying[2], staying[2];
	struct answer answer;
	char said[CROWD];
	unsigned int i;
	pid_t child;

	if (pipe(saying) || pipe(staying))
		die("no pipe: %s", strerror(errno));
	fflush(stdout);
	for (i = 0; i < CROWD; i++) {
		child = fork();
		if (child < 0)
			die("no child: %s", strerror(errno));
		if (!child) {
			close(staying[1]);
			one_of_a_crowd(saying[1], staying[0]);
		}
		if (read(saying[0], &said[i], 1) != 1)
			die("one of a crowd has died");
	}
	verdict(said[0] == 'v', "the first of a crowd is told the value");
	verdict(said[CROWD - 1] == 'n', "the last is told that it cannot be");
	close(staying[1]);
	while (wait(NULL) > 0)
		;
	ask(wire, WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, 4)),
	    &answer);
	verdict(strstr(answer.text, "mode 4"), "and once they have gone, it can");
	close(saying[0]);
	close(saying[1]);
	close(staying[0]);
}

static uint32_t known_count(struct wire *wire)
{
	return state_of(wire).values[WXGUARD_STATUS_KNOWN_COUNT];
}

/* The known set: in, pinned, and out again by descriptor. */
static void check_known(struct wire *wire)
{
	const struct attr *fd = ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM));
	uint32_t before = known_count(wire);
	struct answer answer;

	ask(wire, WXGUARD_CMD_KNOWN_ADD, DO,
	    ADD(SEEN_FOR(2), RAW(WXGUARD_KNOWN_PATH, WXGUARD_KNOWN_PATH_MAX, letters),
		U64(WXGUARD_KNOWN_LAST_SEEN, 1ULL << 40)), &answer);
	verdict(!answer.error && known_count(wire) == before + 1,
		"good: an executable is added, with the longest path");
	ask(wire, WXGUARD_CMD_KNOWN_PIN, DO,
	    ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM),
		  NEST(WXGUARD_A_KNOWN, U32(WXGUARD_KNOWN_FLAGS, 1))), &answer);
	verdict(!answer.error, "good: and pinned");
	ask(wire, WXGUARD_CMD_KNOWN_GET, DUMP, NONE, &answer);
	verdict(!answer.error && answer.messages >= before + 1,
		"good: and listed");
	ask(wire, WXGUARD_CMD_KNOWN_DEL, DO, fd, &answer);
	verdict(!answer.error && known_count(wire) == before,
		"good: and removed");
	ask(wire, WXGUARD_CMD_KNOWN_DEL, DO, fd, &answer);
	verdict(answer.error == ENOENT, "good: and then not there");
}

/* One entry for each kind of memory; a descriptor means them all. */
static void check_shapes(struct wire *wire)
{
	const struct attr *fd = ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM));
	uint32_t shape, before = known_count(wire);
	struct answer answer;

	for (shape = 0; shape < 3; shape++)
		ask(wire, WXGUARD_CMD_KNOWN_ADD, DO,
		    ADD(SEEN_FOR(1 << WXGUARD_CLASS_WX_TRANSITION),
			U32(WXGUARD_KNOWN_SHAPE, shape)), &answer);
	verdict(!answer.error && known_count(wire) == before + 3,
		"good: an executable is known for three kinds of memory");
	ask(wire, WXGUARD_CMD_KNOWN_PIN, DO,
	    ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM),
		  NEST(WXGUARD_A_KNOWN, U32(WXGUARD_KNOWN_FLAGS, 1))), &answer);
	verdict(!answer.error, "good: and pinned for all of them");
	ask(wire, WXGUARD_CMD_KNOWN_DEL, DO,
	    ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM),
		  NEST(WXGUARD_A_KNOWN, U32(WXGUARD_KNOWN_SHAPE, 1))), &answer);
	verdict(!answer.error && known_count(wire) == before + 2,
		"good: and forgotten for one");
	ask(wire, WXGUARD_CMD_KNOWN_DEL, DO, fd, &answer);
	verdict(!answer.error && known_count(wire) == before,
		"good: and forgotten for the others");
}

/* The scope is of a cgroup that is not there: nothing is stopped. */
static void check_force(struct wire *wire)
{
	uint32_t before = state_of(wire).values[WXGUARD_STATUS_GENERATION];
	uint32_t mode = state_of(wire).values[WXGUARD_STATUS_MODE];
	struct answer answer;

	ask(wire, WXGUARD_CMD_RULES_SET, DO,
	    ATTRS(RAW(WXGUARD_A_FORCE, 0, NULL), LOCKOUT), &answer);
	verdict(!answer.error && answer.generation == before + 1,
		"good: what needs force, forced");
	ask(wire, WXGUARD_CMD_MODE_SET, DO,
	    ATTRS(U32(WXGUARD_A_MODE, WXGUARD_MODE_ENFORCE)), &answer);
	verdict(answer.error == EINVAL && answer.text[0] &&
		state_of(wire).values[WXGUARD_STATUS_MODE] == mode,
		"enforce would stop each program: refused");
	printf("# %s\n", answer.text);
	ask(wire, WXGUARD_CMD_MODE_SET, DO,
	    ATTRS(U32(WXGUARD_A_MODE, WXGUARD_MODE_ENFORCE),
		  RAW(WXGUARD_A_FORCE, 0, NULL)), &answer);
	verdict(!answer.error, "good: enforce, forced");
	ask(wire, WXGUARD_CMD_KNOWN_FLUSH, DO, NONE, &answer);
	verdict(answer.error == EBUSY && answer.text[0],
		"no allowlist is emptied while it is in force: refused");
	printf("# %s\n", answer.text);
	ask(wire, WXGUARD_CMD_MODE_SET, DO, ATTRS(U32(WXGUARD_A_MODE, mode)),
	    &answer);
	verdict(!answer.error, "good: the mode from before");
	ask(wire, WXGUARD_CMD_KNOWN_ADD, DO,
	    ADD(SEEN_FOR(1 << WXGUARD_CLASS_EXEC_UNKNOWN)), &answer);
	ask(wire, WXGUARD_CMD_RULES_SET, DO, ATTRS(LOCKOUT), &answer);
	verdict(!answer.error, "good: with one program known, no force is needed");
	ask(wire, WXGUARD_CMD_KNOWN_DEL, DO, ATTRS(U32(WXGUARD_A_FD, FD_PROGRAM)),
	    &answer);
	ask(wire, WXGUARD_CMD_RULES_SET, DO, NONE, &answer);
	verdict(!answer.error, "good: the defaults again");
}

/* Of each part one, with all that it can have. */
static void check_whole_set(struct wire *wire)
{
	struct answer answer;

	ask(wire, WXGUARD_CMD_RULES_SET, DO, ATTRS(
		NEST(WXGUARD_A_SCOPE, GOOD_SCOPE, U32(WXGUARD_SCOPE_KNOWN, 1)),
		NEST(WXGUARD_A_SCOPE, GOOD_SCOPE, TEXT(WXGUARD_SCOPE_NAME, "two")),
		NEST(WXGUARD_A_BUDGET, U32(WXGUARD_BUDGET_PER_MINUTE, 0)),
		NEST(WXGUARD_A_CLASS, U32(WXGUARD_CLASS_A_ID, WXGUARD_CLASS_EXEC_MEMORY),
		     U32(WXGUARD_CLASS_A_REPEAT, 0), U32(WXGUARD_CLASS_A_INIT, 1),
		     U32(WXGUARD_CLASS_A_SELF_CLONE, 0)),
		NEST(WXGUARD_A_EXEMPTION, FAULTLESS,
		     U32(WXGUARD_EXEMPTION_FD, FD_PROGRAM),
		     RAW(WXGUARD_EXEMPTION_SHA256, WXGUARD_SHA256_LEN, letters)),
		NEST(WXGUARD_A_EXEMPTION, FAULTLESS,
		     TEXT(WXGUARD_EXEMPTION_NAME, "two"),
		     RAW(WXGUARD_EXEMPTION_SHA256, WXGUARD_SHA256_LEN, letters))),
	    &answer);
	verdict(!answer.error, "good: a set with all that there is");
	printf("# %s\n", answer.text);
	ask(wire, WXGUARD_CMD_RULES_GET, DUMP, NONE, &answer);
	verdict(!answer.error && answer.messages == 5,
		"good: classes, two scopes and two exemptions are listed");
}

static void check_rules(struct wire *wire)
{
	uint32_t before = state_of(wire).values[WXGUARD_STATUS_GENERATION];
	struct answer answer;

	ask(wire, WXGUARD_CMD_RULES_SET, DO,
	    EXEMPTION(TEXT(WXGUARD_EXEMPTION_COMM, "node"),
		      RAW(WXGUARD_EXEMPTION_UNSAFE, 0, NULL)), &answer);
	verdict(!answer.error && answer.generation == before + 1,
		"good: a set with one exemption");
	ask(wire, WXGUARD_CMD_RULES_GET, DUMP, NONE, &answer);
	verdict(!answer.error && answer.messages == 2 &&
		answer.generation == before + 1,
		"good: it is listed in two messages");
	ask(wire, WXGUARD_CMD_RULES_SET, DO,
	    (const struct attr[]){ { .type = WXGUARD_A_GENERATION, .len = 4,
				     .data = &answer.generation }, { 0 } },
	    &answer);
	verdict(!answer.error && answer.generation == before + 2,
		"good: the defaults, made from that generation");
}

static void check_mode(struct wire *wire)
{
	uint32_t mode = state_of(wire).values[WXGUARD_STATUS_MODE];
	struct answer answer;

	ask(wire, WXGUARD_CMD_MODE_GET, DO, NONE, &answer);
	verdict(!answer.error && answer.messages == 1 && answer.mode == mode,
		"good: the mode is the one of the status");
	ask(wire, WXGUARD_CMD_FINDING_GET, DUMP, NONE, &answer);
	verdict(!answer.error, "good: a dump of all findings");
	ask(wire, WXGUARD_CMD_FINDING_ACK, DO, ATTRS(U64(WXGUARD_A_SEQ, 0)),
	    &answer);
	verdict(!answer.error, "good: an old acknowledgement");
}

static void put_at(int from, int to)
{
	if (from < 0 || dup2(from, to) < 0)
		die("descriptor %d cannot be made: %s", to, strerror(errno));
	close(from);
}

static void open_descriptors(void)
{
	int ends[2];

	put_at(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), FD_PROGRAM);
	put_at(open("/", O_RDONLY | O_DIRECTORY), FD_FOLDER);
	if (pipe(ends))
		die("no pipe: %s", strerror(errno));
	put_at(ends[0], FD_PIPE);
	put_at(open("/proc/self/exe", O_PATH), FD_PATH_ONLY);
	close(FD_CLOSED);
}

int main(void)
{
	struct wire wire;
	size_t i;

	open_descriptors();
	if (wire_open(&wire))
		die("the module is not loaded");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&wire, &rows[i]);
	check_headers(&wire);
	in_child(as_nobody, &wire);
	in_child(as_root_of_a_user_namespace, &wire);
	in_child(in_another_network, &wire);
	check_crowd(&wire);
	check_known(&wire);
	check_shapes(&wire);
	check_whole_set(&wire);
	check_force(&wire);
	check_rules(&wire);
	check_mode(&wire);
	printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	return failed ? 1 : 0;
}
