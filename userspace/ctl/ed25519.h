/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ed25519 by the public-key half of nettle, libhogweed, which is loaded when a
 * signature is made or checked and not before: a host that signs nothing and
 * imports nothing needs neither it nor libgmp.
 */
#ifndef WXG_CTL_ED25519_H
#define WXG_CTL_ED25519_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ED25519_LEN 32		/* of a public key, and of the seed of a secret one */
#define ED25519_SIGN_LEN 64

/* What is missing when ed25519_load() says no, for a sentence. */
#define ED25519_NEEDS "the library libhogweed.so.6 is missing (Debian: apt install libhogweed6, or libhogweed6t64)"

/* Before the others, which may be called only when it says yes. */
bool ed25519_load(void);
void ed25519_public(const uint8_t seed[ED25519_LEN], uint8_t public_key[ED25519_LEN]);
void ed25519_sign(const uint8_t seed[ED25519_LEN], const uint8_t public_key[ED25519_LEN],
		  const char *data, size_t len, uint8_t signature[ED25519_SIGN_LEN]);
bool ed25519_verify(const uint8_t public_key[ED25519_LEN], const char *data, size_t len,
		    const uint8_t signature[ED25519_SIGN_LEN]);

#endif
