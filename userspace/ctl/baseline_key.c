// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline key: a pair of keys, for baselines that other hosts take
 * because they know who made them; or whom this one knows. Needs no module
 * and no daemon.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../lib/json_text.h"
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

static int exit_of(int error)
{
	return error == -EACCES || error == -EPERM || error == -EROFS ? CTL_PERMISSION :
	       error == -EINVAL ? CTL_INVALID : CTL_FAILED;
}

static int make(const struct ctl *ctl, const char *path)
{
	struct sign_secret secret;
	char why[SIGN_WHY_MAX];
	int error, code = 0;

	if (!ed25519_load())
		return ctl_fail(CTL_FAILED, "no key was made: " ED25519_NEEDS);
	error = sign_key_make(path, &secret, why);
	if (error)
		code = ctl_fail(exit_of(error), "no key was made: %s", why);
	else if (ctl->json)
		code = ctl_print_json(json_pack("{s:s}", "key", secret.key.id));
	else
		tell(path, &secret.key);
	sign_secret_wipe(&secret);
	return code;
}

static int print_key(const struct ctl *ctl, const struct sign_key *key)
{
	const char *name = key->name ? key->name : "";

	if (ctl->json)
		return ctl_print_json(json_pack("{s:s, s:o}", "key", key->id, "file", json_text(name)));
	printf("%s  ", key->id);
	text_print(stdout, text_bytes(name), 0);
	putchar('\n');
	return 0;
}

static int list(const struct ctl *ctl)
{
	struct sign_trusted trusted;
	char why[SIGN_WHY_MAX];
	size_t i;
	int code = 0, error = sign_trusted_read(NULL, &trusted, why);

	if (error)
		return ctl_fail(exit_of(error), "no key is trusted: %s", why);
	if (!trusted.count && !ctl->json)
		puts("no key is trusted here; those in " SIGN_TRUSTED_DIR " would be");
	for (i = 0; i < trusted.count && !code; i++)
		code = print_key(ctl, &trusted.key[i]);
	sign_trusted_free(&trusted);
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 0, 1))
		return walk.exit;
	code = walk.argc ? make(ctl, walk.argv[0]) : list(ctl);
	return code ? code : ctl_flush();
}

const struct verb verb_baseline_key = {
	.name = "baseline key",
	.args = "[FILE]",
	.purpose = "Make a key that signs baselines, FILE and FILE.pub; or list the trusted ones",
	.notes = "Without FILE: the keys in " SIGN_TRUSTED_DIR ", whose baselines are imported here.\n"
		 "Ed25519 in PEM, as openssl(1) makes them too. FILE can be read by its owner only\n"
		 "and has no passphrase: keep it where baselines are made, and nowhere else. What\n"
		 "is there already is never overwritten.\n",
	.reads = true,
	.run = run,
};
