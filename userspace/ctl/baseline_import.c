// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline import: enter what another host exported, where the same
 * content is at the same path here. Who signed it is checked before a line of
 * it is read, and the file to its end before the module hears of any of it;
 * the module takes the identity from the descriptor that was digested.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "../lib/json_text.h"
#include "../lib/text.h"
#include "baseline_file.h"
#include "by.h"
#include "known_file.h"
#include "seal.h"
#include "term.h"

/* More than the largest known set makes; it is in memory as a whole. */
#define FILE_MAX (1UL << 30)

enum { KEY_UNSIGNED = 256, KEY_TRUSTED };

static const struct verb_option options[] = {
	{ KEY_TRUSTED, "trusted", "PATH", "a public key, or a folder of them (default " SIGN_TRUSTED_DIR ")" },
	{ KEY_UNSIGNED, "unsigned", NULL, "take it although no trusted key has signed it" },
	{ 0 }
};

struct wish {
	const char *path, *trusted;
	bool is_unsigned;
};

/* Who has signed it; "" = nobody that is trusted here. */
struct signer {
	char id[SIGN_ID_LEN + 1];
	char name[256];		/* of the file of the key */
};

enum result { ENTERED, DIFFERS, ABSENT, UNREADABLE, RESULTS };

static const char *const result_names[] = {
	[ENTERED] = "entered", [DIFFERS] = "differs", [ABSENT] = "absent",
	[UNREADABLE] = "unreadable",
};

/* Nothing is said about what is as it should be. */
static int tell(const struct ctl *ctl, const struct baseline_entry *entry, enum result result,
		const struct signer *signer)
{
	json_t *json;

	if (ctl->json) {
		json = json_pack("{s:s, s:s?}", "result", result_names[result], "signed_by",
				 *signer->id ? signer->id : NULL);
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
		      const struct baseline_entry *entry, const struct signer *signer,
		      size_t count[RESULTS])
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
	code = tell(ctl, entry, result, signer);
	return code;
}

static int summary(const struct ctl *ctl, const size_t count[RESULTS])
{
	if (!ctl->json)
		printf("imported: %zu entered, %zu differ, %zu absent, %zu unreadable\n",
		       count[ENTERED], count[DIFFERS], count[ABSENT], count[UNREADABLE]);
	return count[DIFFERS] || count[ABSENT] || count[UNREADABLE] ? CTL_NOT_FOUND : 0;
}

/* Whose it is, and how old: an old one is signed as well as a new one. */
static void tell_origin(const struct ctl *ctl, const struct baseline *baseline,
			const struct signer *signer)
{
	if (ctl->json)
		return;
	if (*signer->id) {
		printf("signed by the key %s (", signer->id);
		text_print(stdout, text_bytes(signer->name), 0);
		puts(")");
	} else {
		puts("signed by nobody who is trusted here");
	}
	fputs("made on ", stdout);
	text_print(stdout, text_bytes(baseline->host), 0);
	fputs(" at ", stdout);
	text_print(stdout, text_bytes(baseline->created), 0);
	putchar('\n');
}

/* Whose baseline it was is what makes them known. */
static void note(const struct baseline *baseline, const struct signer *signer, uint64_t entered)
{
	char from[512];

	snprintf(from, sizeof(from), "baseline of %.200s, %s%s", baseline->host,
		 *signer->id ? "signed by the key " : "signed by nobody who is trusted here", signer->id);
	by_known_many("entered and pinned", true, entered, from);
}

static int import(const struct ctl *ctl, struct client *client, const struct baseline *baseline,
		  const struct signer *signer)
{
	size_t count[RESULTS] = { 0 }, i;
	struct client_status status;
	int code = 0, error = client_status(client, &status);

	if (error)
		return ctl_refused(client, error, "nothing was imported");
	if (baseline->count > status.known_max)
		return ctl_fail(CTL_FAILED, "nothing was imported: the baseline has %zu executables, the known set holds %u; load the module with known_max=%zu or more",
				baseline->count, status.known_max, 2 * baseline->count);
	tell_origin(ctl, baseline, signer);
	for (i = 0; i < baseline->count && !code; i++)
		code = import_one(ctl, client, &baseline->entry[i], signer, count);
	note(baseline, signer, count[ENTERED]);
	if (!code)
		return summary(ctl, count);
	summary(ctl, count);
	return code;
}

/* ---- the file ---- */

/* All of it, at once: what is checked is what is read. */
static int load(const char *path, const char *shown, char **data, size_t *len)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	int error = fd < 0 ? -errno : seal_read(fd, FILE_MAX, data, len);

	if (fd > STDIN_FILENO)
		close(fd);
	if (error == -EFBIG)
		return ctl_fail(CTL_INVALID, "nothing was imported: %s has more than %lu MiB, which no baseline has",
				shown, FILE_MAX >> 20);
	if (error)
		return ctl_fail(ctl_unread(error), "%s cannot be read: %s", shown, strerror(-error));
	return 0;
}

static int unwanted(enum seal seal, const char *shown, const char *why)
{
	const char *next = seal == SEAL_BROKEN ? "get it anew from the host that made it" :
			   seal == SEAL_NONE ?
			   "sign it where it is made (wxguard baseline export --key), or say --unsigned" :
			   "when you know whose key it is, put its public half into " SIGN_TRUSTED_DIR;

	return ctl_fail(CTL_INVALID, "nothing was imported: %s %s; %s", shown, why, next);
}

/* *len becomes what of it is the baseline. 0, or the complaint's exit code. */
static int check(const struct wish *wish, const char *shown, const char *data, size_t *len,
		 struct signer *signer)
{
	struct sign_trusted trusted;
	const struct sign_key *by;
	char why[SIGN_WHY_MAX];
	enum seal seal;
	int error;

	/* Then there is nothing to check, and nothing that it takes to do so. */
	if (wish->is_unsigned && !seal_is_there(data, *len))
		return 0;
	if (!ed25519_load())
		return ctl_fail(CTL_FAILED, "nothing was imported: " ED25519_NEEDS);
	error = sign_trusted_read(wish->trusted, &trusted, why);
	if (error)
		return ctl_fail(error == -EINVAL ? CTL_INVALID : ctl_unread(error),
				"nothing was imported: %s", why);
	seal = seal_check(data, *len, &trusted, len, &by, why);
	if (seal == SEAL_GOOD) {
		strcpy(signer->id, by->id);
		snprintf(signer->name, sizeof(signer->name), "%s", by->name ? by->name : "");
	}
	sign_trusted_free(&trusted);
	if (seal == SEAL_GOOD || (wish->is_unsigned && seal != SEAL_BROKEN))
		return 0;
	return unwanted(seal, shown, why);
}

static int parse(const char *shown, char *data, size_t len, struct baseline *baseline)
{
	char why[BASELINE_WHY_MAX];
	FILE *in = fmemopen(data, len, "r");
	int error = -ENOMEM;

	if (in) {
		error = baseline_read(in, shown, baseline, why);
		fclose(in);
	}
	if (!error)
		return 0;
	return ctl_fail(error == -EINVAL ? CTL_INVALID : CTL_FAILED, "nothing was imported: %s",
			error == -ENOMEM ? "out of memory" : why);
}

static int read_file(const struct wish *wish, struct baseline *baseline, struct signer *signer)
{
	char *shown = text_quote(text_bytes(wish->path), 0), *data = NULL;
	size_t len = 0;
	int code;

	if (!shown)
		return ctl_fail(CTL_FAILED, "out of memory");
	code = load(wish->path, shown, &data, &len);
	if (!code)
		code = check(wish, shown, data, &len, signer);
	if (!code)
		code = parse(shown, data, len, baseline);
	free(data);
	free(shown);
	return code;
}

static int read_wish(struct option_walk *walk, struct wish *wish)
{
	int key, code;

	while ((key = option_next(walk)) > 0) {
		if (key == KEY_TRUSTED)
			wish->trusted = walk->value;
		else
			wish->is_unsigned = true;
	}
	if (key < 0)
		return -1;
	code = option_operands(walk, 1, 1);
	if (!code)
		wish->path = walk->argv[0];
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct signer signer = { "", "" };
	struct wish wish = { NULL };
	struct baseline baseline;
	struct option_walk walk;
	struct client *client;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	code = read_wish(&walk, &wish);
	if (code < 0)
		return walk.exit;
	if (!code)
		code = read_file(&wish, &baseline, &signer);
	if (code)
		return code;
	code = ctl_connect_to_decide(&client);
	if (!code) {
		code = import(ctl, client, &baseline, &signer);
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
	.options = options,
	.notes = "What is entered is pinned. The signature is checked before anything is read, the\n"
		 "whole file before anything is entered; \"-\" is stdin. A file that was changed after\n"
		 "a trusted key signed it is refused, whatever is said. With -j one object per\n"
		 "executable, \"result\": entered, differs, absent or unreadable; \"signed_by\": a key.\n"
		 "Exit codes: 3 some differ, are absent or unreadable (or FILE is), 7 FILE is not\n"
		 "signed as it should be, or no valid baseline, and nothing was done.\n",
	.reads = true,
	.run = run,
};
