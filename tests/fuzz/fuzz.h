/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the targets share: how a broken promise is told, and what is promised
 * of each JSON line. A target takes any bytes, must not fail on any of them,
 * and may not keep anything from one input to the next.
 */
#ifndef WXG_TESTS_FUZZ_H
#define WXG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "finding.h"

/* The engine keeps the input of a process that aborts. */
#define PROMISE(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: broken promise: %s\n", \
				__FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is it UTF-8 in which nothing is invisible, a control, or turns text round? */
bool fuzz_is_inert(const char *text);

/* Holds @json to what json_line() promises of it, and frees it. */
void fuzz_line(json_t *json);

/* All that can be said of a finding, as JSON and as ECS. */
void fuzz_finding(const struct finding *finding);

#endif
