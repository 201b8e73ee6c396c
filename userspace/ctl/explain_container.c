// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The container that the process was in: found by the path of its control
 * group, named by what its runtime keeps on disk. Only reads. Its names are
 * somebody's choice, and so quoted.
 */
#include <stdlib.h>

#include "../lib/text.h"
#include "cgroup.h"
#include "container.h"
#include "doc.h"
#include "explain.h"
#include "explain_case.h"
#include "term.h"

int explain_container(struct explain *explain)
{
	struct bytes cgroup = explain_bytes(explain->doc, "wxguard.process.cgroup",
					    "wxguard.raw.process.cgroup");
	uint32_t nanoseconds;
	int64_t then;
	json_t *container;

	if (!explain_time(doc_string(explain->doc, "@timestamp"), &then, &nanoseconds))
		then = 0;
	container = container_look("", CGROUP_ROOT, cgroup, then);
	free((void *)cgroup.data);
	return json_put(explain->out, "container", container);
}

static void print_value(FILE *out, const char *name, const json_t *from, const char *path)
{
	char *value = doc_quote_raw(from, path, "", 0);

	if (value) {
		term_label(out, name);
		fprintf(out, "%s\n", value);
	}
	free(value);
}

static void print_words(FILE *out, const char *name, const json_t *from, const char *path)
{
	char *words = doc_plain(from, path);

	if (words) {
		term_label(out, name);
		fprintf(out, "%s\n", words);
	}
	free(words);
}

/* A value that the state on disk may have, or not have. */
static void print_or_none(FILE *out, const char *name, const json_t *from, const char *path)
{
	if (doc_get(from, path)) {
		print_value(out, name, from, path);
		return;
	}
	term_label(out, name);
	fputs("not told by what the runtime keeps on disk\n", out);
}

void explain_print_container(FILE *out, const json_t *container)
{
	print_words(out, "state", container, "words");
	if (doc_get(container, "source")) {
		print_or_none(out, "name", container, "name");
		print_or_none(out, "image", container, "image.name");
		print_value(out, "", container, "image.id");
	} else {
		print_words(out, "name", container, "missing");
	}
	print_value(out, "pod", container, "pod.name");
	print_value(out, "of namespace", container, "pod.namespace");
	print_value(out, "kind", container, "kind");
	print_value(out, "runtime", container, "runtime");
	print_value(out, "namespace", container, "namespace");
	print_value(out, "bundle", container, "bundle");
	print_value(out, "root folder", container, "rootfs");
	print_value(out, "created", container, "created");
	print_value(out, "ended", container, "ended");
	print_value(out, "id", container, "id");
	print_value(out, "told by", container, "source");
}
