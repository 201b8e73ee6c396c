/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row per class: its name, what kind of operation it is, and its
 * defaults. Everything else (parameters, rules, user space, man pages) reads
 * this table.
 */
#ifndef _WXG_CORE_CLASS_H
#define _WXG_CORE_CLASS_H

#include "port.h"

enum wxg_kind {
	WXG_KIND_EXEC,		/* a denial is EPERM */
	WXG_KIND_MEMORY,	/* a denial is EACCES */
	WXG_KIND_SENSOR,	/* cannot be denied */
};

struct wxg_class {
	const char *name;	/* "rwx_mprotect"; NULL for UNSPEC */
	enum wxg_kind kind;
	bool deniable;
	const char *denial;	/* how a refusal looks, or why there is none */
	u32 action;		/* default, enum wxguard_action */
	bool known;		/* default: known executables are exempt */
	u32 window;		/* default, s */
};

/**
 * wxg_class_lookup() - the row of a class
 * @class: enum wxguard_class
 *
 * Return: the row, NULL if there is no such class. Any context.
 */
const struct wxg_class *wxg_class_lookup(u32 class);

/* Return: the class of that name, WXGUARD_CLASS_UNSPEC if none. */
u32 wxg_class_parse(const char *name, size_t len);

/* Names for the enums of the UAPI, "?" if out of range; and back, -1 if none. */
const char *wxg_mode_name(u32 mode);
const char *wxg_action_name(u32 action);
const char *wxg_verdict_name(u32 verdict);
const char *wxg_origin_name(u32 origin);
const char *wxg_region_name(u32 region);
const char *wxg_role_name(u32 role);
const char *wxg_engine_name(u32 engine);
const char *wxg_hook_state_name(u32 state);
const char *wxg_tamper_name(u32 tamper);
int wxg_mode_parse(const char *name, size_t len);
int wxg_action_parse(const char *name, size_t len);

#endif
