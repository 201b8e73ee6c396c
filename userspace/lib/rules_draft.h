/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rules file while it is being read; only rules_*.c see this.
 * rules_parse.c knows libconfuse, rules_keys.c one value, rules_sections.c
 * one section; rules_scopes.c both of these for scopes and the budget.
 */
#ifndef WXG_LIB_RULES_DRAFT_H
#define WXG_LIB_RULES_DRAFT_H

#include <stdbool.h>

#include "rules_text.h"

struct rules_draft {
	const char *name;		/* of the file, for messages */
	const char *text;
	int lines;			/* that the file really has */
	char *why;			/* the first complaint counts */
	uint64_t now;
	unsigned int *expired;		/* NULL: expired is an error */
	struct client_rules rules;	/* built here, moved out at the end */
	uint32_t classes_given;		/* bits */
	bool budget_given;
	int error;			/* -ENOMEM, else every error is -EINVAL */
	/* The section that is open: what its keys gave so far. */
	struct client_exemption exemption;
	struct client_class class;
	struct client_scope scope;
	uint32_t keys_given;		/* bits, by place in the list of keys */
	int section_after;		/* line where the one before ended */
};

extern const char *const rules_class_keys[];	/* end in NULL */
extern const char *const rules_exclude_keys[];
extern const char *const rules_scope_keys[];
extern const char *const rules_budget_keys[];

/* Keep "NAME:LINE: ..." unless there is a complaint already. Returns -1. */
int rules_refuse(struct rules_draft *draft, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Text of the file, in quotes and short; good until the next call. */
const char *rules_shown(const char *value);
/* The classes that can be named, for a message. */
const char *rules_class_names(void);

/* One value of the open section. 0 or -1. */
int rules_set_class(struct rules_draft *draft, const char *key,
		    const char *value, int line);
int rules_set_exclude(struct rules_draft *draft, const char *key,
		      const char *value, int line);
int rules_set_scope(struct rules_draft *draft, const char *key,
		    const char *value, int line);
int rules_set_budget(struct rules_draft *draft, const char *key,
		     const char *value, int line);

/* Values that several sections have. 0 or -1. */
int rules_set_action(struct rules_draft *draft, uint32_t *action,
		     const char *value, int line);
int rules_set_known(struct rules_draft *draft, uint32_t *known,
		    const char *value, int line);
int rules_set_glob(struct rules_draft *draft, char to[WXGUARD_GLOB_MAX + 1],
		   const char *key, const char *value, int line);
/* One element of a list of classes, into the bits. */
int rules_add_class(struct rules_draft *draft, uint32_t *classes,
		    const char *value, int line);

/* The section NAME ends at @line. 0 or -1; either way none is open then. */
int rules_end_class(struct rules_draft *draft, const char *name, int line);
int rules_end_exclude(struct rules_draft *draft, const char *name, int line);
int rules_end_scope(struct rules_draft *draft, const char *name, int line);
int rules_end_budget(struct rules_draft *draft, int line);

/* Where the section of this kind began that ends at line @end. */
int rules_begin_of(const struct rules_draft *draft, const char *kind, int end);
/* Forget what its keys gave. */
void rules_close_section(struct rules_draft *draft, int line);
/* Into @to, of WXGUARD_EXEMPTION_NAME_MAX + 1 bytes. 0 or -1. */
int rules_set_name(struct rules_draft *draft, char *to, const char *name,
		   int line);

/* Every built class with its default. */
void rules_set_defaults(struct client_rules *rules);

#endif
