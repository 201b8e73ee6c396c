/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last line of a signed text:
 *
 *	{"wxguard_signature":1,"key":"0123456789abcdef","ed25519":"9f86..."}
 *
 * The signature (128 hexadecimal digits) is plain Ed25519 over every byte in
 * front of that line, so that openssl(1) can check it too. The line has this
 * one form, so that no byte of the file can be changed without being seen.
 */
#ifndef WXG_CTL_SEAL_H
#define WXG_CTL_SEAL_H

#include "sign_key.h"

#define SEAL_LINE_MAX 256

enum seal {
	SEAL_GOOD,
	SEAL_NONE,	/* no signature */
	SEAL_STRANGER,	/* by a key that is not trusted, so not looked at */
	SEAL_BROKEN,	/* a signature that is none, or not of this text */
};

/* The line for @data, with its newline and a NUL. ed25519_load() comes first. */
void seal_line(const struct sign_secret *secret, const char *data, size_t len,
	       char line[SEAL_LINE_MAX]);

/* Is the last line a signature, whatever it is worth? */
bool seal_is_there(const char *data, size_t len);

/**
 * seal_check() - who vouches for a text?
 * @body: how much of it is the text itself, in front of the signature
 * @by: whose signature it is, when it is good
 * @why: else a sentence that goes on behind the name of the file
 *
 * Nothing of the text is looked at but its last line. ed25519_load() comes
 * first.
 */
enum seal seal_check(const char *data, size_t len, const struct sign_trusted *trusted,
		     size_t *body, const struct sign_key **by, char why[SIGN_WHY_MAX]);

/**
 * seal_read() - a whole file in memory
 * @max: more bytes than that are refused
 * @data: free() it; with a NUL behind it
 *
 * Return: 0, -EFBIG, -ENOMEM or -EIO.
 */
int seal_read(int fd, size_t max, char **data, size_t *len);

#endif
