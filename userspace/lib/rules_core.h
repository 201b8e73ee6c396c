/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as user space has them, into those of the core. For the library.
 */
#ifndef WXG_LIB_RULES_CORE_H
#define WXG_LIB_RULES_CORE_H

#include "../../module/core/rules.h"
#include "client.h"
#include "rules_why.h"

/* The rules as the core wants them, and the memory behind its pointers. */
struct rules_core {
	struct wxg_rules rules;
	struct wxg_exemption *exemption;
	struct wxg_scope *scope;
};

/*
 * 0, or -errno with a sentence in @why of RULES_TEXT_WHY_MAX bytes;
 * rules_core_free() it also then.
 */
int rules_core_make(const struct client_rules *rules, struct rules_core *core, char *why);
void rules_core_free(struct rules_core *core);

/* What the core asks of an event; borrows its bytes. */
struct wxg_subject rules_core_subject(const struct rules_case *event);

/* @to is all zero before; the core keeps no count of hits. */
void rules_core_exemption(const struct client_exemption *from, struct wxg_exemption *to);

#endif
