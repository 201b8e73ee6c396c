// SPDX-License-Identifier: GPL-2.0-only
/*
 * The class table: one row per enum wxguard_class, read by everything else.
 * Any context. Constant data: nothing here changes after it is built.
 */
#include "class.h"

static const struct wxg_class classes[] = {
	[WXGUARD_CLASS_UNSPEC] = {
		.kind = WXG_KIND_SENSOR,
		.action = WXGUARD_ACTION_OFF,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_RWX_MPROTECT] = {
		.name = "rwx_mprotect",
		.kind = WXG_KIND_MEMORY,
		.denial = "EACCES from the call; no page has changed",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.known = true,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_EXEC_MEMORY] = {
		.name = "exec_memory",
		.kind = WXG_KIND_EXEC,
		.denial = "EPERM from the exec; the caller goes on, no new image",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_MAP_MEMORY_EXEC] = {
		.name = "map_memory_exec",
		.kind = WXG_KIND_MEMORY,
		.denial = "EACCES from the call; no mapping was made or changed",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_EXEC_UNLINKED] = {
		.name = "exec_unlinked",
		.kind = WXG_KIND_EXEC,
		.denial = "EPERM from the exec; the caller goes on, no new image",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_WX_TRANSITION] = {
		.name = "wx_transition",
		.kind = WXG_KIND_MEMORY,
		.denial = "EACCES from the call; no page has changed",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.known = true,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_RWX_MMAP] = {
		.name = "rwx_mmap",
		.kind = WXG_KIND_MEMORY,
		.denial = "EACCES from the call, no mapping was made; a program with such a segment is killed while it is loaded",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.known = true,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_EXEC_STACK] = {
		.name = "exec_stack",
		.kind = WXG_KIND_MEMORY,
		.denial = "SIGKILL before the first instruction: at exec no hook can refuse it; EACCES where a library asks later",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.known = true,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_EXEC_ARG_MEMORY] = {
		.name = "exec_arg_memory",
		.kind = WXG_KIND_EXEC,
		.denial = "EPERM from the exec; the caller goes on, no new image",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_EXEC_UNKNOWN] = {
		.name = "exec_unknown",
		.kind = WXG_KIND_EXEC,
		.denial = "EPERM from the exec; the caller goes on, no new image",
		.deniable = true,
		.action = WXGUARD_ACTION_OFF,
		.known = true,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_FOREIGN_WRITE] = {
		.name = "foreign_write",
		.kind = WXG_KIND_MEMORY,
		.denial = "EIO from a write to /proc/PID/mem or by ptrace, EFAULT from process_vm_writev; nothing was written",
		.deniable = true,
		.action = WXGUARD_ACTION_LOG,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
	[WXGUARD_CLASS_SENSOR_TAMPER] = {
		.name = "sensor_tamper",
		.kind = WXG_KIND_SENSOR,
		.denial = "no: it tells of what has happened already; ftrace_enabled=0 and rmmod under lock are refused by the kernel itself",
		.action = WXGUARD_ACTION_LOG,
		.window = WXGUARD_WINDOW_DEFAULT,
	},
};

/* The enum only grows at its end, so an equal length is a complete table. */
static_assert(ARRAY_SIZE(classes) == __WXGUARD_CLASS_MAX, "a class has no row");
static_assert(__WXGUARD_CLASS_MAX <= 32, "class bits no longer fit u32");

const struct wxg_class *wxg_class_lookup(u32 class)
{
	if (class == WXGUARD_CLASS_UNSPEC || class >= __WXGUARD_CLASS_MAX)
		return NULL;
	return &classes[class];
}

u32 wxg_class_parse(const char *name, size_t len)
{
	u32 class;

	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		if (strlen(classes[class].name) == len &&
		    !memcmp(classes[class].name, name, len))
			return class;
	}
	return WXGUARD_CLASS_UNSPEC;
}
