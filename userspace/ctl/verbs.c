// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of verbs, in the order of the help: what main.c looks into, and
 * what the completion is made of.
 */
#include "ctl.h"

const struct verb *const verbs[] = {
	&verb_status,
	&verb_watch,
	&verb_list,
	&verb_show,
	&verb_ack,
	&verb_explain,
	&verb_evidence,
	&verb_allow,
	&verb_report,
	&verb_respond,
	&verb_known_list,
	&verb_known_add,
	&verb_known_forget,
	&verb_known_pin,
	&verb_known_unpin,
	&verb_exclude_list,
	&verb_exclude_add,
	&verb_exclude_remove,
	&verb_exclude_test,
	&verb_exclude_lint,
	&verb_scope_list,
	&verb_scope_add,
	&verb_scope_remove,
	&verb_rules_show,
	&verb_rules_load,
	&verb_rules_check,
	&verb_replay,
	&verb_baseline_start,
	&verb_baseline_status,
	&verb_baseline_stop,
	&verb_baseline_review,
	&verb_baseline_promote,
	&verb_baseline_export,
	&verb_baseline_import,
	&verb_baseline_scan,
	&verb_baseline_key,
	&verb_mode,
	&verb_lock,
	&verb_test,
	&verb_check,
	&verb_completion,
};

const size_t verb_count = sizeof(verbs) / sizeof(verbs[0]);
