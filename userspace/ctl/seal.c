// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes and checks the signature of a text that is in memory as a whole: what
 * was checked is what is read afterwards, whatever happens to the file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seal.h"

#define LINE_BEGIN "{\"wxguard_signature\":"
#define LINE_FORMAT LINE_BEGIN "1,\"key\":\"%s\",\"ed25519\":\"%s\"}\n"
#define HEX_LEN (2 * ED25519_SIGN_LEN)
#define ROOM_FIRST (1 << 16)

static void print_line(const char *id, const uint8_t signature[ED25519_SIGN_LEN],
		       char line[SEAL_LINE_MAX])
{
	char hex[HEX_LEN + 1];
	size_t i;

	for (i = 0; i < ED25519_SIGN_LEN; i++)
		sprintf(hex + 2 * i, "%02x", signature[i]);
	snprintf(line, SEAL_LINE_MAX, LINE_FORMAT, id, hex);
}

void seal_line(const struct sign_secret *secret, const char *data, size_t len,
	       char line[SEAL_LINE_MAX])
{
	uint8_t signature[ED25519_SIGN_LEN];

	ed25519_sign(secret->seed, secret->key.public_key, data, len, signature);
	print_line(secret->key.id, signature, line);
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_hex(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (digit(text[i]) < 0)
			return false;
	return true;
}

/* Takes the line apart by its fixed places; then it must be what we would print. */
static bool parse_line(const char *line, size_t len, char id[SIGN_ID_LEN + 1],
		       uint8_t signature[ED25519_SIGN_LEN])
{
	const size_t id_at = strlen(LINE_BEGIN "1,\"key\":\"");
	const size_t hex_at = id_at + SIGN_ID_LEN + strlen("\",\"ed25519\":\"");
	char again[SEAL_LINE_MAX];
	size_t i;

	if (len != hex_at + HEX_LEN + strlen("\"}\n"))
		return false;
	if (!is_hex(line + id_at, SIGN_ID_LEN) || !is_hex(line + hex_at, HEX_LEN))
		return false;
	memcpy(id, line + id_at, SIGN_ID_LEN);
	id[SIGN_ID_LEN] = 0;
	for (i = 0; i < ED25519_SIGN_LEN; i++)
		signature[i] = (uint8_t)(digit(line[hex_at + 2 * i]) << 4 |
					 digit(line[hex_at + 2 * i + 1]));
	print_line(id, signature, again);
	return !memcmp(line, again, len);
}

/* Where the last line begins, which may lack its newline. */
static size_t last_line(const char *data, size_t len)
{
	const char *before = len > 1 ? memrchr(data, '\n', len - 1) : NULL;

	return before ? (size_t)(before - data) + 1 : 0;
}

bool seal_is_there(const char *data, size_t len)
{
	size_t line = last_line(data, len);

	return len - line >= strlen(LINE_BEGIN) && !memcmp(data + line, LINE_BEGIN, strlen(LINE_BEGIN));
}

static enum seal stranger(const struct sign_trusted *trusted, const char *id,
			  char why[SIGN_WHY_MAX])
{
	snprintf(why, SIGN_WHY_MAX, "is signed by the key %s, which is not among the %zu that are trusted here",
		 id, trusted->count);
	return SEAL_STRANGER;
}

enum seal seal_check(const char *data, size_t len, const struct sign_trusted *trusted,
		     size_t *body, const struct sign_key **by, char why[SIGN_WHY_MAX])
{
	size_t line = last_line(data, len), i;
	uint8_t signature[ED25519_SIGN_LEN];
	char id[SIGN_ID_LEN + 1];
	bool known = false;

	*by = NULL;
	*body = len;
	if (!seal_is_there(data, len)) {
		snprintf(why, SIGN_WHY_MAX, "is not signed, or its end is missing");
		return SEAL_NONE;
	}
	if (!parse_line(data + line, len - line, id, signature)) {
		snprintf(why, SIGN_WHY_MAX, "has a signature that was cut or changed");
		return SEAL_BROKEN;
	}
	*body = line;
	for (i = 0; i < trusted->count && !*by; i++) {
		if (strcmp(trusted->key[i].id, id))
			continue;
		known = true;
		if (ed25519_verify(trusted->key[i].public_key, data, line, signature))
			*by = &trusted->key[i];
	}
	if (!known)
		return stranger(trusted, id, why);
	if (*by)
		return SEAL_GOOD;
	snprintf(why, SIGN_WHY_MAX, "is not what the key %s has signed; it was changed afterwards", id);
	return SEAL_BROKEN;
}

/* ---- reading ---- */

static int grow(char **data, size_t *room, size_t max)
{
	size_t wanted = *room ? 2 * *room : ROOM_FIRST;
	char *grown;

	/* One byte more than is taken tells that there is more; one for the NUL. */
	if (wanted > max + 2)
		wanted = max + 2;
	grown = realloc(*data, wanted);
	if (!grown)
		return -ENOMEM;
	*data = grown;
	*room = wanted;
	return 0;
}

static int read_all(int fd, size_t max, char **data, size_t *len)
{
	size_t room = 0;
	ssize_t got;

	for (;;) {
		if (*len + 1 >= room && grow(data, &room, max))
			return -ENOMEM;
		got = read(fd, *data + *len, room - *len - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		*len += (size_t)got;
		if (*len > max)
			return -EFBIG;
	}
	(*data)[*len] = 0;
	return 0;
}

int seal_read(int fd, size_t max, char **data, size_t *len)
{
	struct stat st;
	int error;

	*data = NULL;
	*len = 0;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && (uint64_t)st.st_size > max)
		return -EFBIG;
	error = read_all(fd, max, data, len);
	if (error) {
		free(*data);
		*data = NULL;
	}
	return error;
}
