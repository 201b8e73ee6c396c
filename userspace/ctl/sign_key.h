/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys as files, in the format that openssl(1) reads and makes: PEM, PKCS#8
 * for the secret one, SubjectPublicKeyInfo for the public one. A secret key is
 * never printed and is wiped when it was used.
 */
#ifndef WXG_CTL_SIGN_KEY_H
#define WXG_CTL_SIGN_KEY_H

#include "ed25519.h"

#define SIGN_TRUSTED_DIR "/etc/wxguard/trusted.d"
#define SIGN_TRUSTED_END ".pub"
#define SIGN_ID_LEN 16
#define SIGN_WHY_MAX 1024

struct sign_key {
	uint8_t public_key[ED25519_LEN];
	char id[SIGN_ID_LEN + 1];	/* first digits of the SHA-256 of that */
	char *name;			/* of the file, for sentences; may be NULL */
};

struct sign_secret {
	uint8_t seed[ED25519_LEN];
	struct sign_key key;
};

/* The keys that may vouch for something here. */
struct sign_trusted {
	struct sign_key *key;
	size_t count;
};

/*
 * All return 0, or -errno with a sentence in @why. ed25519_load() comes before
 * what has to do with a secret key.
 */

/* A new pair: @path for its owner only, and @path.pub. None of them may be there. */
int sign_key_make(const char *path, struct sign_secret *secret, char why[SIGN_WHY_MAX]);
/* One that others can read is refused. sign_secret_wipe() it. */
int sign_secret_read(const char *path, struct sign_secret *secret, char why[SIGN_WHY_MAX]);
void sign_secret_wipe(struct sign_secret *secret);

/**
 * sign_trusted_read() - read one public key, or all *.pub of a folder
 * @path: NULL = SIGN_TRUSTED_DIR, which may be absent
 *
 * One that others than its owner can write, or that is no key, spoils all.
 * sign_trusted_free() what it gave.
 */
int sign_trusted_read(const char *path, struct sign_trusted *trusted, char why[SIGN_WHY_MAX]);
void sign_trusted_free(struct sign_trusted *trusted);

#endif
