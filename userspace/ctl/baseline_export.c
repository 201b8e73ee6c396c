// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline export: what is known for good here, by path and content,
 * for other hosts. A file that is to hold it is complete or not there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/file_replace.h"
#include "../lib/json_out.h"
#include "../lib/text.h"
#include "baseline_file.h"
#include "review.h"

/* One entry per file, of the rows that are one file and follow each other. */
static int collect(const struct review *review, struct baseline *baseline, size_t *left_out)
{
	uint32_t classes = review_known_classes(&review->rules);
	const struct review_row *last = NULL;
	struct baseline_entry *entry = NULL;
	size_t i;

	*left_out = 0;
	baseline->count = 0;
	baseline->entry = calloc(review->count + 1, sizeof(*baseline->entry));
	if (!baseline->entry)
		return -ENOMEM;
	for (i = 0; i < review->count; i++) {
		const struct review_row *row = &review->row[i];

		if (!(classes & 1U << row->class))
			continue;
		if (!last || !review_same_file(&row->known, &last->known)) {
			last = row;
			entry = NULL;
			*left_out += !row->hashed;
		}
		if (!row->hashed)
			continue;
		if (!entry) {
			entry = &baseline->entry[baseline->count++];
			memcpy(entry->path, row->known.path, row->known.path_len);
			memcpy(entry->sha256, row->sha256, sizeof(entry->sha256));
			entry->size = (uint64_t)row->stat.st_size;
		}
		entry->classes |= 1U << row->class;
		if (row->class == WXGUARD_CLASS_WX_TRANSITION)
			entry->shapes |= 1U << row->known.shape;
	}
	return 0;
}

static int put_line(FILE *out, json_t *json)
{
	char *line = json ? json_line(json, NULL) : NULL;
	int error = !line ? -ENOMEM : fprintf(out, "%s\n", line) < 0 ? -errno : 0;

	free(line);
	json_decref(json);
	return error;
}

/* A file_replace() of the @baseline. */
static int put_all(FILE *out, void *arg)
{
	const struct baseline *baseline = arg;
	char host[256] = "";
	size_t i;
	int error;

	gethostname(host, sizeof(host) - 1);
	error = put_line(out, baseline_header_json(host, (uint64_t)time(NULL), baseline->count));
	for (i = 0; i < baseline->count && !error; i++)
		error = put_line(out, baseline_entry_json(&baseline->entry[i]));
	return error;
}

static int write_baseline(const char *path, struct baseline *baseline, size_t left_out)
{
	int error;

	if (!path && put_all(stdout, baseline))
		return ctl_fail(CTL_FAILED, "the output could not be written");
	error = path ? file_replace(path, false, put_all, baseline) : 0;
	if (error)
		return ctl_unwritten(path, error);
	if (path) {
		printf("exported: %zu executables to ", baseline->count);
		text_print(stdout, text_bytes(path), 0);
		putchar('\n');
	}
	if (left_out)
		fprintf(stderr, "wxguard: %zu left out: their file is gone, or another one by now\n",
			left_out);
	return 0;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct baseline baseline = { 0 };
	struct option_walk walk;
	struct review review;
	struct client *client;
	size_t left_out;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (option_next(&walk))
		return walk.exit;
	code = option_operands(&walk, 0, 1);
	if (!code)
		code = ctl_connect(&client);
	if (code)
		return code;
	code = review_read(client, WXGUARD_KNOWN_F_LEARNED | WXGUARD_KNOWN_F_PINNED, -1, &review);
	client_close(client);
	if (code)
		return code;
	review_sort_by_file(&review);
	if (collect(&review, &baseline, &left_out))
		code = ctl_fail(CTL_FAILED, "out of memory");
	else
		code = write_baseline(walk.argc && strcmp(walk.argv[0], "-") ? walk.argv[0] : NULL,
				      &baseline, left_out);
	baseline_free(&baseline);
	review_free(&review);
	return code ? code : ctl_flush();
}

const struct verb verb_baseline_export = {
	.name = "baseline export",
	.args = "[FILE]",
	.purpose = "Write what was learnt or pinned, by path and SHA-256, for other hosts",
	.notes = "One JSON object per line, a header first; to stdout without FILE. Only classes\n"
		 "whose rule exempts what is known; exclusions are in the rules file instead.\n",
	.run = run,
};
