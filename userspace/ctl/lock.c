// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard lock: the module stays until the next boot. There is no unlock, so
 * it is asked first.
 */
#include <stdio.h>

#include "ask.h"

enum { KEY_YES = 256 };

static const struct verb_option options[] = {
	{ KEY_YES, "yes", NULL, "do not ask" },
	{ 0 }
};

static int lock(struct client *client)
{
	struct client_status status;
	int error = client_status(client, &status);

	if (!error && status.locked) {
		puts("locked already: the module cannot be unloaded until the next boot");
		return 0;
	}
	if (!error)
		error = client_lock(client);
	if (error)
		return ctl_refused(client, error, "not locked");
	puts("locked: the module cannot be unloaded until the next boot");
	return 0;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct client *client;
	bool yes = false;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0)
		yes = true;
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code)
		code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	if (!yes)
		code = ask_yes("Keep the module from being unloaded until the next boot? There is no way back.",
			       "lock lasts until the next boot and cannot be taken back; say --yes as well",
			       "nothing was locked");
	if (!code)
		code = lock(client);
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_lock = {
	.name = "lock",
	.args = "",
	.purpose = "Keep the module from being unloaded until the next boot",
	.options = options,
	.notes = "An attempt to unload it is a finding (sensor_tamper). Mode and rules can be\n"
		 "changed as before; boot with wxguard.mode=off if enforce locks you out.\n",
	.run = run,
};
