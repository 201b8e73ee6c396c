// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An exclusion as a person reads it. Pure.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/exe_file.h"
#include "../lib/text.h"
#include "exclude_line.h"

static void put(FILE *out, const char *what, const char *value)
{
	if (!*value)
		return;
	fprintf(out, "%s%s ", ftell(out) > 0 ? " " : "", what);
	text_print(out, text_bytes(value), 0);
}

char *exclude_match(const struct client_exemption *exemption)
{
	char uid[16] = "", inode[96] = "", hex[EXE_FILE_HEX_MAX] = "", *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (exemption->has_uid)
		snprintf(uid, sizeof(uid), "%u", exemption->uid);
	if (exemption->has_sha256)
		exe_file_hex(exemption->sha256, hex);
	if (exemption->has_identity)
		snprintf(inode, sizeof(inode), "%u:%" PRIu64 ":%u:%" PRId64 ".%09u",
			 exemption->dev, exemption->ino, exemption->generation,
			 exemption->ctime_sec, exemption->ctime_nsec);
	put(out, "exe", exemption->exe);
	put(out, "sha256", hex);
	if (exemption->has_sha256)
		fprintf(out, " (%s)", *inode ? "pinned" : "not found yet");
	else
		put(out, "inode", inode);
	put(out, "comm", exemption->comm);
	put(out, "uid", uid);
	put(out, "cgroup", exemption->cgroup);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
