// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline key: a pair of keys, for baselines that other hosts take
 * because they know who made them. Needs no module and no daemon.
 */
#include <errno.h>
#include <stdio.h>

#include "../lib/text.h"
#include "ctl.h"
#include "sign_key.h"

static void tell(const char *path, const struct sign_key *key)
{
	printf("key     %s\nsecret  ", key->id);
	text_print(stdout, text_bytes(path), 0);
	fputs("\npublic  ", stdout);
	text_print(stdout, text_bytes(path), 0);
	puts(SIGN_TRUSTED_END);
	fputs("next: keep the secret one here, for: wxguard baseline export --key ", stdout);
	text_print(stdout, text_bytes(path), 0);
	puts(" FILE\n      copy the public one to " SIGN_TRUSTED_DIR " of each host that is to import what this one signs");
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct sign_secret secret;
	struct option_walk walk;
	char why[SIGN_WHY_MAX];
	int code, error;

	option_start(&walk, ctl, verb, argc, argv);
	if (option_next(&walk))
		return walk.exit;
	code = option_operands(&walk, 1, 1);
	if (code)
		return code;
	if (!ed25519_load())
		return ctl_fail(CTL_FAILED, "no key was made: " ED25519_NEEDS);
	error = sign_key_make(walk.argv[0], &secret, why);
	if (!error)
		tell(walk.argv[0], &secret.key);
	sign_secret_wipe(&secret);
	if (error)
		return ctl_fail(error == -EACCES || error == -EPERM || error == -EROFS ?
				CTL_PERMISSION : CTL_FAILED, "no key was made: %s", why);
	return ctl_flush();
}

const struct verb verb_baseline_key = {
	.name = "baseline key",
	.args = "FILE",
	.purpose = "Make a key that signs baselines: FILE, and its public half FILE.pub",
	.notes = "Ed25519 in PEM, as openssl(1) makes them too. FILE can be read by its owner only\n"
		 "and has no passphrase: keep it where baselines are made, and nowhere else. What\n"
		 "is there already is never overwritten.\n",
	.run = run,
};
