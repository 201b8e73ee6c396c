/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a key file. An Ed25519 key has one form only: a fixed head in
 * DER and its 32 bytes, in one line of base64.
 */
#ifndef WXG_CTL_SIGN_PEM_H
#define WXG_CTL_SIGN_PEM_H

#include "ed25519.h"

#define SIGN_PEM_MAX 256

/* With a NUL behind it. */
void sign_pem_print(bool secret, const uint8_t key[ED25519_LEN], char text[SIGN_PEM_MAX]);
/* Takes blanks behind it and nothing else. */
bool sign_pem_parse(bool secret, const char *text, size_t len, uint8_t key[ED25519_LEN]);

#endif
