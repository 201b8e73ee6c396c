// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard evidence: the payload of a finding, what it is, and a copy of it.
 * The facts are of the very bytes that are saved. Runs nothing of it.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/json_out.h"
#include "../lib/text.h"
#include "doc.h"
#include "evidence.h"
#include "pick.h"
#include "progress.h"
#include "units.h"

enum { KEY_SAVE = 256, KEY_REGION, KEY_STRINGS };

#define STRINGS_DEFAULT 40
/* Of a payload, so much at most: whoever raised the module's bound has room. */
#define SIZE_MAX_TAKEN (UINT64_C(16) << 30)

static const struct verb_option options[] = {
	{ KEY_SAVE, "save", "FILE", "write the bytes to a new file, mode 0600" },
	{ KEY_REGION, "region", NULL, "the memory of the finding, not the file behind it" },
	{ KEY_STRINGS, "strings", "N", "show so many strings (default 40, at most 4096)" },
	{ 0 }
};

struct request {
	const char *save;	/* NULL = nowhere */
	bool region;
	uint32_t strings;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static int poll_interrupt(void *arg)
{
	progress_tick(arg);
	return interrupted;
}

static int copy(struct evidence *evidence, int to, struct payload *payload, uint32_t strings)
{
	struct progress progress;
	uint64_t size = evidence->size < PAYLOAD_REGION_MAX ? evidence->size : PAYLOAD_REGION_MAX;
	int error;

	signal(SIGINT, on_interrupt);
	progress_start(&progress, "reading the payload");
	if (!strcmp(evidence->source, "process"))
		error = payload_copy_region(evidence->fd, evidence->address, size, to,
					    payload, strings);
	else
		error = payload_copy(evidence->fd, to, SIZE_MAX_TAKEN, poll_interrupt, &progress,
				     payload, strings);
	progress_end(&progress);
	signal(SIGINT, SIG_DFL);
	if (!error)
		return 0;
	if (error == -EFAULT || error == -EIO)
		return ctl_fail(CTL_NOT_FOUND, "the memory is not there any more");
	return ctl_fail(CTL_FAILED, error == -EINTR ? "interrupted; nothing was kept" :
			"the payload could not be copied: %s", strerror(-error));
}

static int show(struct ctl *ctl, const struct evidence *evidence, const struct payload *payload,
		int bytes, const char *saved)
{
	json_t *facts = evidence_json(evidence, payload, bytes);

	if (!facts)
		return ctl_fail(CTL_FAILED, "out of memory");
	if (ctl->json) {
		if (saved)
			json_put(facts, "saved", json_bytes(text_bytes(saved)));
		return ctl_print_json(facts) ? CTL_FAILED : ctl_flush();
	}
	evidence_print(stdout, ctl, facts);
	json_decref(facts);
	if (saved) {
		fputs("saved to      ", stdout);
		text_print(stdout, text_bytes(saved), 0);
		putchar('\n');
	}
	return ctl_flush();
}

static int make_room(const struct request *request, int *to)
{
	if (request->save)
		return evidence_create(request->save, to);
	*to = memfd_create("wxguard-evidence", MFD_CLOEXEC);
	return *to >= 0 ? 0 : ctl_fail(CTL_FAILED, "no memory for the payload: %s",
				       strerror(errno));
}

/* To the file, or to memory of our own: the facts are of what stays the same. */
static int take(struct ctl *ctl, struct evidence *evidence, const struct request *request)
{
	struct payload payload;
	int to, code = make_room(request, &to);

	if (code)
		return code;
	code = copy(evidence, to, &payload, request->strings);
	if (!code && request->save)
		code = evidence_settle(request->save, to);
	if (code && request->save)
		unlink(request->save);	/* made here a moment ago */
	if (!code) {
		code = show(ctl, evidence, &payload, to, request->save);
		payload_free(&payload);
	}
	close(to);
	return code;
}

static int work(struct ctl *ctl, const char *word, const json_t *doc, int64_t row,
		const struct request *request)
{
	struct evidence evidence = { .doc = doc, .row = row, .fd = -1 };
	int code;

	evidence.kind = request->region || !evidence_has(doc, EVIDENCE_PAYLOAD) ?
			EVIDENCE_REGION : EVIDENCE_PAYLOAD;
	if (!evidence_has(doc, evidence.kind))
		return ctl_fail(CTL_NOT_FOUND, request->region ?
				"finding %s names no memory" :
				"finding %s has no payload: it is about neither a memory file nor a piece of memory", word);
	code = evidence_find(&evidence);
	if (code)
		ctl_fail(code, "the %s of finding %s cannot be had: %s",
			 evidence.kind == EVIDENCE_PAYLOAD ? "payload" : "memory", word,
			 evidence.why);
	else
		code = take(ctl, &evidence, request);
	if (evidence.fd >= 0)
		close(evidence.fd);
	json_decref(evidence.seen);
	return code;
}

/* *go: it was not only help that was asked for. */
static int read_options(struct option_walk *walk, struct request *request, bool *go)
{
	int key;

	while ((key = option_next(walk)) > 0) {
		if (key == KEY_SAVE)
			request->save = walk->value;
		else if (key == KEY_REGION)
			request->region = true;
		else if (units_parse_u32(walk->value, &request->strings) ||
			 request->strings > PAYLOAD_STRINGS_MAX)
			return option_stop(walk, option_wrong(walk->verb,
				"--strings takes a number from 0 to %d, not \"%s\"",
				PAYLOAD_STRINGS_MAX, walk->value));
	}
	if (key < 0)
		return walk->exit;
	*go = true;
	return option_operands(walk, 1, 1);
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct request request = { .strings = STRINGS_DEFAULT };
	struct option_walk walk;
	json_t *doc = NULL;
	bool go = false;
	int64_t row = 0;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	code = read_options(&walk, &request, &go);
	if (!go || code)
		return code;
	code = pick_finding(ctl, verb, walk.argv[0], &doc, &row);
	if (!code)
		code = work(ctl, walk.argv[0], doc, row, &request);
	json_decref(doc);
	return code;
}

const struct verb verb_evidence = {
	.name = "evidence",
	.args = "ID",
	.purpose = "Show what a program in memory was, and save a copy of it",
	.options = options,
	.reads = true,
	.notes = "The payload of a memory exec, also when its process is gone or was denied; of a\n"
		 "memory finding the memory itself. FILE must not exist; it cannot be executed.\n",
	.run = run,
};
