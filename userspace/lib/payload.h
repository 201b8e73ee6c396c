/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the bytes of a payload tell, whatever they are: digest, entropy,
 * strings. One pass, bounded memory; the bytes are hostile.
 */
#ifndef WXG_LIB_PAYLOAD_H
#define WXG_LIB_PAYLOAD_H

#include <nettle/sha2.h>

#include "client.h"

#define PAYLOAD_STRING_MIN 6		/* shorter ones are chance */
#define PAYLOAD_STRING_MAX 200		/* of one, what is shown */
#define PAYLOAD_STRINGS_MAX 4096

struct payload_string {
	uint64_t offset;
	size_t len, shown;		/* its length; how much of it is in text */
	char text[PAYLOAD_STRING_MAX + 1];
};

struct payload {
	uint64_t size;
	uint8_t sha256[WXGUARD_SHA256_LEN];
	unsigned int entropy;		/* of a byte, in thousandths of a bit, 0 to 8000 */
	uint64_t strings;		/* how many there are, */
	unsigned int kept;		/* and of the first ones, what they are */
	struct payload_string *string;	/* kept of them, malloc'ed */

	/* While bytes are added. */
	unsigned int limit;
	struct sha256_ctx context;
	uint64_t seen[256];
	struct payload_string current;
};

/* @limit: strings to keep, at most PAYLOAD_STRINGS_MAX. */
void payload_begin(struct payload *payload, unsigned int limit);
/* 0 or -ENOMEM. */
int payload_add(struct payload *payload, const uint8_t *data, size_t len);
int payload_end(struct payload *payload);
void payload_free(struct payload *payload);

/**
 * payload_copy() - read a file to its end, and write what was read
 * @fd: read by pread(), from its beginning
 * @to: -1 = nowhere
 * @max: more than this is refused
 * @poll: asked now and then; non-zero ends it with -EINTR. May be NULL
 *
 * What was read is what was written and what the facts are of, however the
 * file changes meanwhile. Begins and ends @payload.
 * Return: 0, -EFBIG, -EINTR, or the errno of a read or a write.
 */
int payload_copy(int fd, int to, uint64_t max, int (*poll)(void *arg), void *arg,
		 struct payload *payload, unsigned int limit);

/*
 * The same of a piece of another process's memory, by its /proc/PID/mem: up
 * to the first byte that cannot be read. -EFAULT when that is the first one.
 */
int payload_copy_region(int mem, uint64_t address, uint64_t size, int to,
			struct payload *payload, unsigned int limit);

/* Of a region, so much at most. */
#define PAYLOAD_REGION_MAX (16U << 20)

#endif
