// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard mode: say or change what the module does with what it sees.
 */
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "ctl.h"

static int print_mode(const struct ctl *ctl, uint32_t mode)
{
	if (ctl->json)
		return ctl_print_json(json_pack("{s:s}", "mode", wxg_mode_name(mode)));
	puts(wxg_mode_name(mode));
	return CTL_OK;
}

static int print_change(const struct ctl *ctl, uint32_t before, uint32_t mode)
{
	if (ctl->json)
		return ctl_print_json(json_pack("{s:s, s:s}", "mode", wxg_mode_name(mode),
						"before", wxg_mode_name(before)));
	printf("%s -> %s\n", wxg_mode_name(before), wxg_mode_name(mode));
	return CTL_OK;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct client *client;
	uint32_t before;
	int mode = -1, code, error;

	option_start(&walk, ctl, verb, argc, argv);
	if (option_next(&walk))
		return walk.exit;
	code = option_operands(&walk, 0, 1);
	if (code)
		return code;
	if (walk.argc) {
		mode = wxg_mode_parse(walk.argv[0], strlen(walk.argv[0]));
		if (mode < 0)
			return option_wrong(verb, "the mode is off, learn, detect or enforce, not \"%s\"",
					    walk.argv[0]);
	}

	code = ctl_connect(&client);
	if (code)
		return code;
	error = client_mode_get(client, &before);
	if (!error && mode >= 0)
		error = client_mode_set(client, (uint32_t)mode, 0);
	if (error)
		code = ctl_refused(client, error, NULL);
	else if (mode < 0)
		code = print_mode(ctl, before);
	else
		code = print_change(ctl, before, (uint32_t)mode);
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_mode = {
	.name = "mode",
	.args = "[off|learn|detect|enforce]",
	.purpose = "Print the mode, or change it",
	.reads = true,
	.run = run,
};
