// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard mode: say or change what the module does with what it sees. A mode
 * can be tried: the module itself goes back unless it is confirmed in time.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "by.h"
#include "ctl.h"
#include "units.h"

enum { KEY_CONFIRM = 256, KEY_FORCE };

static const struct verb_option options[] = {
	{ KEY_CONFIRM, "confirm", "TIME", "go back after TIME (60s, 5m) unless confirmed" },
	{ KEY_FORCE, "force", NULL, "also where enforce would stop each program" },
	{ 0 }
};

/* What the command line asks for. */
struct wish {
	int mode;		/* -1 = say it */
	bool keep;		/* "mode confirm" */
	bool force;
	uint32_t confirm;	/* s, 0 = for good */
};

/* Where it goes back to, NULL if it stays. */
static const char *mode_back(const struct client_status *status)
{
	return status->confirm_left ? wxg_mode_name(status->confirm_mode) : NULL;
}

static void print_trial(const struct client_status *status)
{
	char left[32];

	if (status->confirm_left)
		printf("goes back to %s by itself in %s; to keep it: wxguard mode confirm\n",
		       mode_back(status),
		       units_print_duration(left, sizeof(left), status->confirm_left));
}

static int print_mode(const struct ctl *ctl, const struct client_status *status)
{
	const char *name = wxg_mode_name(status->mode);

	if (ctl->json)
		return ctl_print_json(json_pack("{s:s, s:I, s:s?}", "mode", name, "confirm_left",
						(json_int_t)status->confirm_left,
						"confirm_mode", mode_back(status)));
	puts(name);
	print_trial(status);
	return CTL_OK;
}

/* Asked again: where a trial goes back to, its first one has decided. */
static int print_change(const struct ctl *ctl, struct client *client, uint32_t before,
			const struct wish *wish)
{
	const char *name = wxg_mode_name((uint32_t)wish->mode);
	struct client_status status = { 0 };
	int error = wish->confirm ? client_status(client, &status) : 0;

	if (error)
		return ctl_refused(client, error, NULL);
	if (ctl->json)
		return ctl_print_json(json_pack("{s:s, s:s, s:I, s:s?}", "mode", name, "before",
						wxg_mode_name(before), "confirm_left",
						(json_int_t)wish->confirm,
						"confirm_mode", mode_back(&status)));
	printf("%s -> %s\n", wxg_mode_name(before), name);
	print_trial(&status);
	return CTL_OK;
}

static int keep_mode(const struct ctl *ctl, struct client *client,
		     struct client_status *status)
{
	const char *name = wxg_mode_name(status->mode);
	int error;

	if (!status->confirm_left)
		return ctl_fail(CTL_FAILED, "there is nothing to confirm: the mode is %s, and stays", name);
	error = by_mode_set(client, status->mode, 0, false);
	if (error)
		return ctl_refused(client, error, NULL);
	status->confirm_left = 0;
	if (ctl->json)
		return print_mode(ctl, status);
	printf("%s stays\n", name);
	return CTL_OK;
}

static int act(const struct ctl *ctl, struct client *client, const struct wish *wish)
{
	struct client_status status;
	int error = client_status(client, &status);

	if (error)
		return ctl_refused(client, error, NULL);
	if (wish->keep)
		return keep_mode(ctl, client, &status);
	if (wish->mode < 0)
		return print_mode(ctl, &status);
	error = by_mode_set(client, (uint32_t)wish->mode, wish->confirm, wish->force);
	if (error == -EINVAL)
		return ctl_fail(CTL_INVALID, "the mode stays %s: %s (--force)",
				wxg_mode_name(status.mode), client_error(client));
	if (error)
		return ctl_refused(client, error, NULL);
	return print_change(ctl, client, status.mode, wish);
}

static int set_confirm(const struct option_walk *walk, struct wish *wish)
{
	uint64_t seconds;

	if (units_parse_duration(walk->value, &seconds) || !seconds ||
	    seconds > WXGUARD_CONFIRM_MAX)
		return option_wrong(walk->verb, "--confirm is a time from 1s to 1d, such as 60s or 5m, not \"%s\"",
				    walk->value);
	wish->confirm = (uint32_t)seconds;
	return 0;
}

static int set_operand(const struct option_walk *walk, struct wish *wish)
{
	const char *word = walk->argc ? walk->argv[0] : "";

	wish->keep = !strcmp(word, "confirm");
	if (walk->argc && !wish->keep) {
		wish->mode = wxg_mode_parse(word, strlen(word));
		if (wish->mode < 0)
			return option_wrong(walk->verb, "the mode is off, learn, detect or enforce, not \"%s\"",
					    word);
	}
	if (wish->confirm && wish->mode < 0)
		return option_wrong(walk->verb, "--confirm goes with a mode, as in: wxguard mode enforce --confirm 60s");
	return 0;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct wish wish = { .mode = -1 };
	struct option_walk walk;
	struct client *client;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		wish.force |= key == KEY_FORCE;
		code = key == KEY_CONFIRM ? set_confirm(&walk, &wish) : 0;
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 1);
	if (!code)
		code = set_operand(&walk, &wish);
	if (!code)
		code = wish.mode < 0 && !wish.keep ? ctl_connect(&client) :
						 ctl_connect_to_decide(&client);
	if (code)
		return code;
	code = act(ctl, client, &wish);
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_mode = {
	.name = "mode",
	.args = "[MODE|confirm]",
	.purpose = "Print the mode, or change it",
	.options = options,
	.notes = "MODE is off, learn, detect or enforce.\n"
		 "With --confirm the module returns to the mode before by itself, unless\n"
		 "\"wxguard mode confirm\" comes in time: for a rule that could lock you out.\n",
	.reads = true,
	.run = run,
};
