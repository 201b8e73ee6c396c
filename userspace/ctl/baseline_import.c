// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline import: enter what another host exported, where the same
 * content is at the same path here. The file is checked to its end before
 * the module hears of any of it; the module takes the identity from the
 * descriptor that was digested.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "../lib/json_text.h"
#include "../lib/text.h"
#include "baseline_file.h"
#include "known_file.h"
#include "term.h"

enum result { ENTERED, DIFFERS, ABSENT, UNREADABLE, RESULTS };

static const char *const result_names[] = {
	[ENTERED] = "entered", [DIFFERS] = "differs", [ABSENT] = "absent",
	[UNREADABLE] = "unreadable",
};

/* Nothing is said about what is as it should be. */
static int tell(const struct ctl *ctl, const struct baseline_entry *entry, enum result result)
{
	json_t *json;

	if (ctl->json) {
		json = json_pack("{s:s}", "result", result_names[result]);
		if (json && json_put_text(json, "path", "raw.path", text_bytes(entry->path))) {
			json_decref(json);
			json = NULL;
		}
		return ctl_print_json(json);
	}
	if (result == ENTERED)
		return 0;
	term_put(stdout, ctl->color, TERM_YELLOW, result_names[result], 10);
	putchar(' ');
	text_print(stdout, text_bytes(entry->path), 0);
	putchar('\n');
	return 0;
}

static enum result open_same(const struct baseline_entry *entry, int *fd)
{
	uint8_t digest[WXGUARD_SHA256_LEN];
	struct stat stat_buf;
	int error;

	*fd = exe_file_open(entry->path);
	if (*fd < 0)
		return *fd == -ENOENT || *fd == -ENOTDIR ? ABSENT :
		       *fd == -ELOOP ? DIFFERS : UNREADABLE;
	if (fstat(*fd, &stat_buf))
		return UNREADABLE;
	if (!S_ISREG(stat_buf.st_mode) || (uint64_t)stat_buf.st_size != entry->size)
		return DIFFERS;
	error = exe_file_digest(*fd, &stat_buf, digest);
	if (error)
		return error == -ESTALE ? DIFFERS : UNREADABLE;
	return memcmp(digest, entry->sha256, sizeof(digest)) ? DIFFERS : ENTERED;
}

static int add(struct client *client, int fd, struct client_known *known)
{
	return known->classes ? client_known_add(client, fd, known) : 0;
}

/* wx_transition has an entry per shape; the other classes share the first. */
static int enter(struct client *client, int fd, const struct baseline_entry *entry)
{
	const uint32_t wx = 1U << WXGUARD_CLASS_WX_TRANSITION;
	struct client_known known = { .classes = entry->classes & ~wx,
				      .flags = WXGUARD_KNOWN_F_PINNED };
	uint32_t shape;
	int error;

	known.first_seen = known.last_seen = (uint64_t)time(NULL);
	known.path_len = strlen(entry->path);
	memcpy(known.path, entry->path, known.path_len);
	error = add(client, fd, &known);
	known.classes = wx;
	for (shape = 0; shape < 32 && !error; shape++) {
		if (!(entry->shapes & 1U << shape))
			continue;
		known.shape = shape;
		error = add(client, fd, &known);
	}
	return error;
}

static int import_one(const struct ctl *ctl, struct client *client,
		      const struct baseline_entry *entry, size_t count[RESULTS])
{
	enum result result;
	int fd, error = 0, code = 0;

	result = open_same(entry, &fd);
	if (result == ENTERED)
		error = enter(client, fd, entry);
	if (fd >= 0)
		close(fd);
	if (error)
		return known_file_refused(client, error, entry->path);
	count[result]++;
	code = tell(ctl, entry, result);
	return code;
}

static int summary(const struct ctl *ctl, const size_t count[RESULTS])
{
	if (!ctl->json)
		printf("imported: %zu entered, %zu differ, %zu absent, %zu unreadable\n",
		       count[ENTERED], count[DIFFERS], count[ABSENT], count[UNREADABLE]);
	return count[DIFFERS] || count[ABSENT] || count[UNREADABLE] ? CTL_NOT_FOUND : 0;
}

static int import(const struct ctl *ctl, struct client *client, const struct baseline *baseline)
{
	size_t count[RESULTS] = { 0 }, i;
	struct client_status status;
	int code = 0, error = client_status(client, &status);

	if (error)
		return ctl_refused(client, error, "nothing was imported");
	if (baseline->count > status.known_max)
		return ctl_fail(CTL_FAILED, "nothing was imported: the baseline has %zu executables, the known set holds %u; load the module with known_max=%zu or more",
				baseline->count, status.known_max, 2 * baseline->count);
	for (i = 0; i < baseline->count && !code; i++)
		code = import_one(ctl, client, &baseline->entry[i], count);
	if (!code)
		return summary(ctl, count);
	summary(ctl, count);
	return code;
}

static int read_file(const char *path, struct baseline *baseline)
{
	char why[BASELINE_WHY_MAX], *shown;
	FILE *in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int error, code;

	shown = text_quote(text_bytes(path), 0);
	if (!in) {
		error = errno;
		code = ctl_fail(error == ENOENT ? CTL_NOT_FOUND :
				error == EACCES ? CTL_PERMISSION : CTL_FAILED,
				"%s cannot be read: %s", shown ? shown : "?", strerror(error));
		free(shown);
		return code;
	}
	error = baseline_read(in, shown ? shown : "?", baseline, why);
	free(shown);
	if (in != stdin)
		fclose(in);
	if (!error)
		return 0;
	return ctl_fail(error == -EINVAL ? CTL_INVALID : CTL_FAILED, "nothing was imported: %s",
			error == -ENOMEM ? "out of memory" : why);
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct baseline baseline;
	struct option_walk walk;
	struct client *client;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (option_next(&walk))
		return walk.exit;
	code = option_operands(&walk, 1, 1);
	if (!code)
		code = read_file(walk.argv[0], &baseline);
	if (code)
		return code;
	code = ctl_connect(&client);
	if (!code) {
		code = import(ctl, client, &baseline);
		client_close(client);
	}
	baseline_free(&baseline);
	if (code && code != CTL_NOT_FOUND)
		return code;
	return ctl_flush() ? CTL_FAILED : code;
}

const struct verb verb_baseline_import = {
	.name = "baseline import",
	.args = "FILE",
	.purpose = "Enter what another host exported, where path and SHA-256 are the same here",
	.notes = "What is entered is pinned. The whole file is checked first; \"-\" is stdin. With -j\n"
		 "one object per executable, \"result\": entered, differs, absent or unreadable.\n"
		 "Exit codes: 3 some differ, are absent or unreadable (or FILE is), 7 FILE is no\n"
		 "valid baseline and nothing was done.\n",
	.reads = true,
	.run = run,
};
