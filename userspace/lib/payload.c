// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See payload.h. No I/O but in payload_copy().
 */
#include "payload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

void payload_begin(struct payload *payload, unsigned int limit)
{
	memset(payload, 0, sizeof(*payload));
	payload->limit = limit > PAYLOAD_STRINGS_MAX ? PAYLOAD_STRINGS_MAX : limit;
	sha256_init(&payload->context);
}

static int end_string(struct payload *payload)
{
	struct payload_string *current = &payload->current, *bigger;

	if (current->len < PAYLOAD_STRING_MIN) {
		current->len = 0;
		return 0;
	}
	payload->strings++;
	if (payload->kept < payload->limit) {
		/* The list doubles at each power of two. */
		if (!(payload->kept & (payload->kept - 1))) {
			bigger = realloc(payload->string, sizeof(*bigger) *
					 (payload->kept ? 2 * (size_t)payload->kept : 1));
			if (!bigger)
				return -ENOMEM;
			payload->string = bigger;
		}
		current->shown = current->len < PAYLOAD_STRING_MAX ? current->len :
								     PAYLOAD_STRING_MAX;
		current->text[current->shown] = '\0';
		payload->string[payload->kept++] = *current;
	}
	current->len = 0;
	return 0;
}

static int take_byte(struct payload *payload, uint8_t byte, uint64_t offset)
{
	struct payload_string *current = &payload->current;

	if ((byte < ' ' || byte > '~') && byte != '\t')
		return current->len ? end_string(payload) : 0;
	if (!current->len)
		current->offset = offset;
	if (current->len < PAYLOAD_STRING_MAX)
		current->text[current->len] = (char)byte;
	current->len++;
	return 0;
}

int payload_add(struct payload *payload, const uint8_t *data, size_t len)
{
	size_t i;
	int error = 0;

	sha256_update(&payload->context, len, data);
	for (i = 0; i < len && !error; i++) {
		payload->seen[data[i]]++;
		error = take_byte(payload, data[i], payload->size + i);
	}
	payload->size += len;
	return error;
}

/* log2(x) for x from 1 on, without the mathematical library. */
static double log_2(double x)
{
	double result = 0, bit = 1;
	int i;

	for (; x >= 2; x /= 2)
		result++;
	for (i = 0; i < 24; i++) {
		x *= x;
		bit /= 2;
		if (x >= 2) {
			x /= 2;
			result += bit;
		}
	}
	return result;
}

static unsigned int entropy_of(const struct payload *payload)
{
	double sum = 0;
	int i;

	for (i = 0; i < 256; i++)
		if (payload->seen[i])
			sum += (double)payload->seen[i] *
			       log_2((double)payload->size / (double)payload->seen[i]);
	return payload->size ? (unsigned int)(sum / (double)payload->size * 1000 + 0.5) : 0;
}

int payload_end(struct payload *payload)
{
	int error = payload->current.len ? end_string(payload) : 0;

	sha256_digest(&payload->context, sizeof(payload->sha256), payload->sha256);
	payload->entropy = entropy_of(payload);
	return error;
}

void payload_free(struct payload *payload)
{
	free(payload->string);
	payload->string = NULL;
}

static int write_all(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t done = write(fd, data, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

int payload_copy_region(int mem, uint64_t address, uint64_t size, int to,
			struct payload *payload, unsigned int limit)
{
	uint8_t *chunk = malloc(CHUNK);
	ssize_t got = 1;
	int error = chunk ? 0 : -ENOMEM;

	payload_begin(payload, limit);
	while (!error && got > 0 && payload->size < size) {
		size_t len = size - payload->size < CHUNK ? size - payload->size : CHUNK;

		got = pread(mem, chunk, len, (off_t)(address + payload->size));
		if (got > 0 && to >= 0)
			error = write_all(to, chunk, (size_t)got);
		if (got > 0 && !error)
			error = payload_add(payload, chunk, (size_t)got);
	}
	free(chunk);
	if (!error && !payload->size)
		error = -EFAULT;
	if (!error)
		error = payload_end(payload);
	if (error)
		payload_free(payload);
	return error;
}

static int copy_chunk(struct payload *payload, int to, const uint8_t *chunk, size_t len,
		      uint64_t max)
{
	int error = 0;

	if (len > max - payload->size)
		return -EFBIG;
	if (to >= 0)
		error = write_all(to, chunk, len);
	return error ? error : payload_add(payload, chunk, len);
}

int payload_copy(int fd, int to, uint64_t max, int (*poll)(void *arg), void *arg,
		 struct payload *payload, unsigned int limit)
{
	uint8_t *chunk = malloc(CHUNK);
	ssize_t got = 1;
	int error = chunk ? 0 : -ENOMEM;

	payload_begin(payload, limit);
	while (!error && got) {
		got = pread(fd, chunk, CHUNK, (off_t)payload->size);
		if (got < 0)
			error = errno == EINTR ? 0 : -errno;
		else if (got)
			error = copy_chunk(payload, to, chunk, (size_t)got, max);
		if (!error && poll && poll(arg))
			error = -EINTR;
	}
	free(chunk);
	if (!error)
		error = payload_end(payload);
	if (error)
		payload_free(payload);
	return error;
}
