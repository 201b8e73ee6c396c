// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard exclude lint: which of the live exclusions are dangerous, over,
 * covered by others, or of no use. Only reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../lib/json_out.h"
#include "../lib/text.h"
#include "ctl.h"
#include "exclude_lint.h"
#include "term.h"

static int print_json(const struct client_exemption *row, unsigned int faults, const char *said)
{
	json_t *words = json_array();
	json_t *json = json_object();
	int i, error;

	for (i = 0; i < EXCLUDE_FAULTS; i++)
		if (faults & 1U << i)
			json_array_append_new(words, json_string(exclude_fault_words[i]));
	error = json_put(json, "name", json_bytes(text_bytes(row->name))) |
		json_put(json, "faults", words) |
		json_put(json, "says", json_bytes(text_bytes(said)));
	return ctl_print_json(json_finish(json, error));
}

static int print_row(const struct ctl *ctl, const struct client_rules *rules, unsigned int i,
		     unsigned int *all)
{
	const struct client_exemption *row = &rules->exemption[i];
	unsigned int faults;
	char *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);
	int code = 0;

	if (!out)
		return ctl_fail(CTL_FAILED, "out of memory");
	faults = exclude_lint(rules, i, (uint64_t)time(NULL), out);
	if (fclose(out))
		code = ctl_fail(CTL_FAILED, "out of memory");
	*all |= faults;
	if (!code && faults && ctl->json) {
		code = print_json(row, faults, said);
	} else if (!code && faults) {
		term_put(stdout, ctl->color, faults & FAULT_DANGEROUS ? TERM_ALARM : TERM_BOLD,
			 row->name, 0);
		printf("\n%s", said);
	}
	free(said);
	return code;
}

static int lint(const struct ctl *ctl, struct client *client)
{
	struct client_rules rules;
	unsigned int i, faults = 0;
	int code = 0, error = client_rules_get(client, &rules);

	if (error)
		return ctl_refused(client, error, NULL);
	for (i = 0; i < rules.count && !code; i++)
		code = print_row(ctl, &rules, i, &faults);
	if (!code && !faults && !ctl->json)
		printf("%u exclusions, nothing to say about them\n", rules.count);
	client_rules_free(&rules);
	return code ? code : faults ? CTL_FAILED : CTL_OK;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct client *client;
	int code, end;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_connect(&walk, 0, 0, &client))
		return walk.exit;
	code = lint(ctl, client);
	client_close(client);
	end = ctl_flush();
	return code ? code : end;
}

const struct verb verb_exclude_lint = {
	.name = "exclude lint",
	.args = "",
	.purpose = "Say which exclusions are dangerous, expired, shadowed or unused",
	.reads = true,
	.notes = "Exit code 1 when there is something to say.\n",
	.run = run,
};
