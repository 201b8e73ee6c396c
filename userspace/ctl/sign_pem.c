// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PEM of an Ed25519 key, as RFC 8410 has it. Pure; wipes what it used of a
 * secret key.
 */
#include <stdio.h>
#include <string.h>

#include <nettle/base64.h>

#include "sign_pem.h"

#define DER_MAX 48

struct form {
	const char *begin, *end;
	uint8_t head[16];	/* what stands before the key */
	size_t head_len;
};

static const struct form forms[] = {
	{ .begin = "-----BEGIN PUBLIC KEY-----\n", .end = "\n-----END PUBLIC KEY-----\n",
	  .head = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 },
	  .head_len = 12 },
	{ .begin = "-----BEGIN PRIVATE KEY-----\n", .end = "\n-----END PRIVATE KEY-----\n",
	  .head = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
		    0x04, 0x22, 0x04, 0x20 },
	  .head_len = 16 },
};

void sign_pem_print(bool secret, const uint8_t key[ED25519_LEN], char text[SIGN_PEM_MAX])
{
	const struct form *form = &forms[secret];
	size_t len = form->head_len + ED25519_LEN;
	char base64[BASE64_ENCODE_RAW_LENGTH(DER_MAX) + 1];
	uint8_t der[DER_MAX];

	memcpy(der, form->head, form->head_len);
	memcpy(der + form->head_len, key, ED25519_LEN);
	base64_encode_raw(base64, len, der);
	base64[BASE64_ENCODE_RAW_LENGTH(len)] = 0;
	snprintf(text, SIGN_PEM_MAX, "%s%s%s", form->begin, base64, form->end);
	explicit_bzero(der, sizeof(der));
	explicit_bzero(base64, sizeof(base64));
}

/* What is printed for the key that was read must be what was read. */
static bool is_same(bool secret, const uint8_t key[ED25519_LEN], const char *text, size_t len)
{
	char again[SIGN_PEM_MAX];
	size_t wanted;
	bool same;

	sign_pem_print(secret, key, again);
	wanted = strlen(again);
	same = len >= wanted && !memcmp(text, again, wanted);
	explicit_bzero(again, sizeof(again));
	for (; same && wanted < len; wanted++)
		same = strchr(" \t\r\n", text[wanted]) && text[wanted];
	return same;
}

bool sign_pem_parse(bool secret, const char *text, size_t len, uint8_t key[ED25519_LEN])
{
	const struct form *form = &forms[secret];
	size_t begin = strlen(form->begin), der_len = form->head_len + ED25519_LEN;
	size_t base64_len = BASE64_ENCODE_RAW_LENGTH(der_len), got = 0;
	/* nettle asks for room by the length of the text. */
	uint8_t der[BASE64_DECODE_LENGTH(BASE64_ENCODE_RAW_LENGTH(DER_MAX))];
	struct base64_decode_ctx decode;
	bool good = false;

	if (len < begin + base64_len)
		return false;
	base64_decode_init(&decode);
	got = sizeof(der);
	if (base64_decode_update(&decode, &got, der, base64_len, text + begin) && got == der_len) {
		memcpy(key, der + form->head_len, ED25519_LEN);
		good = is_same(secret, key, text, len);
	}
	explicit_bzero(der, sizeof(der));
	explicit_bzero(&decode, sizeof(decode));
	if (!good)
		explicit_bzero(key, ED25519_LEN);
	return good;
}
