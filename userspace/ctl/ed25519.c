// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The door to libhogweed. Its header says what the functions look like; the
 * name of the library carries the version of that.
 */
#include <dlfcn.h>
#include <nettle/eddsa.h>

#include "ed25519.h"

#define LIBRARY "libhogweed.so.6"

static struct {
	__typeof__(&nettle_ed25519_sha512_public_key) public_key;
	__typeof__(&nettle_ed25519_sha512_sign) sign;
	__typeof__(&nettle_ed25519_sha512_verify) verify;
} hogweed;

bool ed25519_load(void)
{
	void *library;

	if (hogweed.verify)
		return true;
	/* Stays until the process ends. */
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	*(void **)&hogweed.public_key = dlsym(library, "nettle_ed25519_sha512_public_key");
	*(void **)&hogweed.sign = dlsym(library, "nettle_ed25519_sha512_sign");
	if (hogweed.public_key && hogweed.sign)
		*(void **)&hogweed.verify = dlsym(library, "nettle_ed25519_sha512_verify");
	return hogweed.verify;
}

void ed25519_public(const uint8_t seed[ED25519_LEN], uint8_t public_key[ED25519_LEN])
{
	hogweed.public_key(public_key, seed);
}

void ed25519_sign(const uint8_t seed[ED25519_LEN], const uint8_t public_key[ED25519_LEN],
		  const char *data, size_t len, uint8_t signature[ED25519_SIGN_LEN])
{
	hogweed.sign(public_key, seed, len, (const uint8_t *)data, signature);
}

bool ed25519_verify(const uint8_t public_key[ED25519_LEN], const char *data, size_t len,
		    const uint8_t signature[ED25519_SIGN_LEN])
{
	return hogweed.verify(public_key, len, (const uint8_t *)data, signature);
}
