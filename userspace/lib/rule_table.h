/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a class means to the reader of a finding: one row per class, with the
 * identity, weight and ATT&CK mapping that all outputs take from here.
 */
#ifndef WXG_LIB_RULE_TABLE_H
#define WXG_LIB_RULE_TABLE_H

#include <stdint.h>

#define RULE_TECHNIQUES_MAX 2

/* An ATT&CK technique; sub_* NULL when it has no subtechnique. */
struct rule_technique {
	const char *id, *name;
	const char *sub_id, *sub_name;
};

struct rule {
	uint32_t class;			/* enum wxguard_class */
	const char *id;			/* published id, or WXG-1xx */
	const char *uuid;		/* NULL if the id is no UUID */
	const char *name;		/* title; also the start of the message */
	const char *version;
	const char *code;		/* event.code: "fileless_execution" */
	const char *action;		/* event.action: "fileless-execution" */
	const char *type;		/* event.type: "start", "change", "info" */
	const char *category;		/* "defense-evasion" */
	const char *tag;
	const char *severity;		/* "low", "medium", "high" */
	int risk;			/* 21, 47, 73: also event.severity */
	const char *source;		/* who published the detection */
	int source_severity;		/* in the source's own scale, -1 none */
	const char *stix_id;		/* NULL if none */
	const char *description;	/* own wording */
	const char *reference, *reference_more;	/* the second may be NULL */
	const char *tactic_id, *tactic_name;
	struct rule_technique technique[RULE_TECHNIQUES_MAX];
};

/* The row of a class; a row "unknown class" for a number we do not know. */
const struct rule *rule_lookup(uint32_t class);

#endif
