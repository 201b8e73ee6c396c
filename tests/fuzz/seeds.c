// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes the samples of the unit tests as inputs of target_wire into the
 * folder given, so that a new attribute is fuzzed from the day that it has a
 * sample.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/sample.h"

static struct sample sample;
static const char *folder;

static void write_seed(const char *name, uint8_t decoder)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/seed-%s", folder, name);
	out = fopen(path, "w");
	if (!out || fputc(decoder, out) == EOF ||
	    fwrite(sample_attrs(&sample), 1, sample_len(&sample), out) !=
		    sample_len(&sample) || fclose(out)) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	folder = argv[1];
	sample_rwx(&sample);
	write_seed("rwx", 0);
	sample_memfd(&sample, WXGUARD_VERDICT_DENIED);
	write_seed("memfd", 0);
	sample_foreign(&sample, WXGUARD_FLAG_REPEAT);
	write_seed("foreign", 0);
	sample_dual(&sample);
	write_seed("dual", 0);
	sample_tamper(&sample, WXGUARD_TAMPER_CANARY);
	write_seed("tamper", 0);
	return 0;
}
