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
#include "seal.h"

enum { KEY_KEY = 256 };

static const struct verb_option options[] = {
	{ KEY_KEY, "key", "FILE", "sign it with this secret key (wxguard baseline key makes one)" },
	{ 0 }
};

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

static int put_all(FILE *out, const struct baseline *baseline)
{
	char host[256] = "";
	size_t i;
	int error;

	gethostname(host, sizeof(host) - 1);
	error = put_line(out, baseline_header_json(host, (uint64_t)time(NULL), baseline->count));
	for (i = 0; i < baseline->count && !error; i++)
		error = put_line(out, baseline_entry_json(&baseline->entry[i]));
	return error;
}

/* All of it in memory, since one signature is over all of it. */
struct text {
	char *data;
	size_t len;
	char line[SEAL_LINE_MAX];	/* that signs it, or "" */
};

static int make_text(const struct baseline *baseline, const struct sign_secret *secret,
		     struct text *text)
{
	FILE *out = open_memstream(&text->data, &text->len);
	int error = out ? put_all(out, baseline) : -ENOMEM;

	if (out && fclose(out) && !error)
		error = -ENOMEM;
	if (!error && secret)
		seal_line(secret, text->data, text->len, text->line);
	return error;
}

static int put_text(FILE *out, void *arg)
{
	const struct text *text = arg;

	fwrite(text->data, 1, text->len, out);
	fputs(text->line, out);
	return ferror(out) ? -errno : 0;
}

static int write_text(const char *path, struct text *text)
{
	int error;

	if (!path && put_text(stdout, text))
		return ctl_fail(CTL_FAILED, "the output could not be written");
	error = path ? file_replace(path, false, put_text, text) : 0;
	return error ? ctl_unwritten(path, error) : 0;
}

static int write_baseline(const char *path, const struct baseline *baseline,
			  const struct sign_secret *secret, size_t left_out)
{
	struct text text = { 0 };
	int code;

	if (make_text(baseline, secret, &text))
		code = ctl_fail(CTL_FAILED, "out of memory");
	else
		code = write_text(path, &text);
	free(text.data);
	if (code)
		return code;
	if (path) {
		printf("exported: %zu executables to ", baseline->count);
		text_print(stdout, text_bytes(path), 0);
		if (secret)
			printf(", signed by the key %s", secret->key.id);
		putchar('\n');
	}
	if (!secret)
		fputs("wxguard: it is not signed (--key), so other hosts take it with --unsigned only\n",
		      stderr);
	if (left_out)
		fprintf(stderr, "wxguard: %zu left out: their file is gone, or another one by now\n",
			left_out);
	return 0;
}

static int export(const char *path, const struct sign_secret *secret)
{
	struct baseline baseline = { 0 };
	struct review review;
	struct client *client;
	size_t left_out;
	int code = ctl_connect(&client);

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
		code = write_baseline(path, &baseline, secret, left_out);
	baseline_free(&baseline);
	review_free(&review);
	return code ? code : ctl_flush();
}

static int read_key(const char *path, struct sign_secret *secret)
{
	char why[SIGN_WHY_MAX];
	int error;

	if (!ed25519_load())
		return ctl_fail(CTL_FAILED, "nothing was exported: " ED25519_NEEDS);
	error = sign_secret_read(path, secret, why);
	if (!error)
		return 0;
	return ctl_fail(error == -EINVAL ? CTL_INVALID : ctl_unread(error),
			"nothing was exported: %s", why);
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct sign_secret secret = { 0 };
	const char *key_path = NULL;
	struct option_walk walk;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0)
		key_path = walk.value;
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 1);
	if (!code && key_path)
		code = read_key(key_path, &secret);
	if (!code)
		code = export(walk.argc && strcmp(walk.argv[0], "-") ? walk.argv[0] : NULL,
			      key_path ? &secret : NULL);
	sign_secret_wipe(&secret);
	return code;
}

const struct verb verb_baseline_export = {
	.name = "baseline export",
	.args = "[FILE]",
	.purpose = "Write what was learnt or pinned, by path and SHA-256, for other hosts",
	.options = options,
	.notes = "One JSON object per line, a header first, and last, with --key, the signature over\n"
		 "all of it; to stdout without FILE. Only classes whose rule exempts what is known;\n"
		 "exclusions are in the rules file instead.\n",
	.run = run,
};
