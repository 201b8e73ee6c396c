// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard show: everything about one finding.
 */
#include "detail.h"
#include "pick.h"

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	json_t *doc = NULL;
	int64_t row;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 1, 1))
		return walk.exit;
	code = pick_finding(ctl, verb, walk.argv[0], &doc, &row);
	if (code)
		return code;
	if (ctl->json)
		return ctl_print_json(doc) ? CTL_FAILED : ctl_flush();
	detail_print(stdout, ctl, doc);
	json_decref(doc);
	return ctl_flush();
}

const struct verb verb_show = {
	.name = "show",
	.args = "ID",
	.purpose = "Show everything about one finding",
	.reads = true,
	.run = run,
};
