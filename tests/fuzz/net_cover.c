// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a message reached: edges of the module by KCOV, where the kernel has
 * it and the module was built for it; and everywhere what was answered, since
 * each refusal has a sentence of its own.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kcov.h>

#include "net.h"

#define WORDS		(1 << 17)
#define EDGES_MAX	(1 << 20)	/* a power of two */

static uint64_t *area;
static uint8_t seen[EDGES_MAX];
static unsigned int edges;

bool cover_open(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, WORDS))
		return false;
	area = mmap(NULL, WORDS * sizeof(*area), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (area == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC)) {
		area = NULL;
		return false;
	}
	return true;
}

/* What the last cover_end() saw for the first time, as far as it is kept. */
static uint32_t fresh[4096];
static unsigned int fresh_count;
/* What cover_forget() forgot. */
static uint32_t forgotten[4096];
static unsigned int forgotten_count;

/* Return: the place of the edge if it is new, or EDGES_MAX. */
static uint32_t mark(uint64_t edge)
{
	uint32_t at = (uint32_t)(edge * 0x9e3779b97f4a7c15 >> 44);

	if (seen[at])
		return EDGES_MAX;
	seen[at] = 1;
	edges++;
	return at;
}

void cover_begin(void)
{
	if (area)
		__atomic_store_n(area, 0, __ATOMIC_RELAXED);
}

unsigned int cover_end(void)
{
	uint64_t count, i, last = 0;
	unsigned int found = 0;

	fresh_count = 0;
	if (!area)
		return 0;
	count = __atomic_load_n(area, __ATOMIC_RELAXED);
	if (count > WORDS - 1)
		count = WORDS - 1;
	for (i = 1; i <= count; i++) {
		uint32_t at = mark(area[i] ^ last << 1);

		last = area[i];
		if (at == EDGES_MAX)
			continue;
		found++;
		if (fresh_count < 4096)
			fresh[fresh_count++] = at;
	}
	return found;
}

void cover_forget(void)
{
	unsigned int i;

	memcpy(forgotten, fresh, sizeof(fresh));
	forgotten_count = fresh_count;
	for (i = 0; i < forgotten_count; i++)
		seen[forgotten[i]] = 0;
	edges -= forgotten_count;
}

void cover_remember(void)
{
	unsigned int i;

	for (i = 0; i < forgotten_count; i++) {
		edges += !seen[forgotten[i]];
		seen[forgotten[i]] = 1;
	}
	forgotten_count = 0;
}

unsigned int cover_answer(uint8_t cmd, const struct answer *answer)
{
	uint64_t edge = (uint64_t)cmd << 56 | (uint64_t)answer->error << 40 |
			(answer->replies ? 1ULL << 39 : 0) | answer->said;

	return mark(edge) != EDGES_MAX;
}

unsigned int cover_edges(void)
{
	return edges;
}
