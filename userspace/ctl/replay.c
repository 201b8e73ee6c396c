// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard replay: what other rules would have made of findings that are past,
 * from the store or from a file of documents. Only reads; may be interrupted
 * at any moment.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "../lib/exe_file.h"
#include "../lib/json_out.h"
#include "../lib/rules_judge.h"
#include "../lib/rules_text.h"
#include "../lib/text.h"
#include "doc.h"
#include "explain_case.h"
#include "progress.h"
#include "records.h"
#include "units.h"

enum { KEY_SINCE = 256, KEY_RULES, KEY_MODE };

static const struct verb_option options[] = {
	{ KEY_SINCE, "since", "TIME", "findings of the store since then, in place of FILE" },
	{ KEY_RULES, "rules", "FILE", "the rules to try (default: the rules file of this host)" },
	{ KEY_MODE, "mode", "MODE", "as if in this mode (default: the mode of each finding)" },
	{ 0 }
};

/* More kinds of difference than that nobody reads; the rest is counted. */
#define ROWS_MAX 2048
#define SLOTS (4 * ROWS_MAX)
#define AFTER_MAX (WXGUARD_EXEMPTION_NAME_MAX + 16)

struct row {
	uint32_t class;
	const char *before;	/* a verdict's name */
	char after[AFTER_MAX];
	char *exe;		/* quoted */
	uint64_t count, number;	/* how often, and the number of the first */
};

struct replay {
	const struct ctl *ctl;
	struct rules_judge *judge;
	struct progress progress;
	int mode;		/* -1: that of the finding */
	uint64_t same, different, unread, others;
	struct row row[ROWS_MAX];
	uint16_t slot[SLOTS];	/* place in row + 1, 0 = free */
	size_t rows;
};

static uint32_t verdict_of(const char *name)
{
	uint32_t verdict;

	for (verdict = 0; verdict < __WXGUARD_VERDICT_MAX; verdict++)
		if (wxg_verdict_name(verdict) && !strcmp(wxg_verdict_name(verdict), name))
			return verdict;
	return __WXGUARD_VERDICT_MAX;
}

static size_t hash_of(uint32_t class, const char *before, const char *after, const char *exe)
{
	const char *const part[] = { before, after, exe };
	uint64_t hash = UINT64_C(14695981039346656037) ^ class;
	const char *at;
	size_t i;

	for (i = 0; i < 3; i++)
		for (at = part[i]; at == part[i] || at[-1]; at++)
			hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	return hash % SLOTS;
}

/* Gives up @exe. */
static void count(struct replay *replay, uint32_t class, const char *before, const char *after,
		  char *exe, uint64_t number)
{
	size_t at = hash_of(class, before, after, exe);
	struct row *row;

	for (; replay->slot[at]; at = (at + 1) % SLOTS) {
		row = &replay->row[replay->slot[at] - 1];
		if (row->class == class && !strcmp(row->before, before) &&
		    !strcmp(row->after, after) && !strcmp(row->exe, exe)) {
			row->count++;
			free(exe);
			return;
		}
	}
	if (replay->rows == ROWS_MAX) {
		replay->others++;
		free(exe);
		return;
	}
	row = &replay->row[replay->rows++];
	replay->slot[at] = (uint16_t)replay->rows;
	row->class = class;
	row->before = before;
	snprintf(row->after, sizeof(row->after), "%s", after);
	row->exe = exe;
	row->count = 1;
	row->number = number;
}

static void say_after(const struct rules_ruling *ruling, char after[AFTER_MAX])
{
	if (ruling->exemption)
		snprintf(after, AFTER_MAX, "excluded: %s", ruling->exemption);
	else
		snprintf(after, AFTER_MAX, "%s", ruling->off ? "off" : !ruling->report ?
			 "not reported" : wxg_verdict_name(ruling->verdict));
}

static void judge(struct replay *replay, const json_t *doc, const struct explain_case *found)
{
	const char *hex = found->by_parent ? "" : doc_string(doc, "process.hash.sha256");
	const char *before = doc_string(doc, "wxguard.finding.verdict");
	const char *mode = doc_string(doc, "wxguard.finding.mode");
	struct rules_past past = { .event = found->event, .verdict = verdict_of(before) };
	struct rules_ruling ruling;
	uint8_t digest[WXGUARD_SHA256_LEN];
	char after[AFTER_MAX], *exe;
	uint64_t number = 0;
	int then = wxg_mode_parse(mode, strlen(mode));

	if (!past.event.class || past.verdict == __WXGUARD_VERDICT_MAX || then < 0) {
		replay->unread++;
		return;
	}
	past.mode = (uint32_t)(replay->mode < 0 ? then : replay->mode);
	if (*hex && !exe_file_unhex(hex, digest))
		past.sha256 = digest;
	ruling = rules_judge_ask(replay->judge, &past);
	say_after(&ruling, after);
	if (!strcmp(before, after)) {
		replay->same++;
		return;
	}
	replay->different++;
	doc_number(doc, "wxguard.finding.number", &number);
	exe = text_quote(found->event.exe.data ? found->event.exe : text_bytes("-"), 96);
	if (exe)
		count(replay, past.event.class, wxg_verdict_name(past.verdict), after, exe, number);
}

static void take(struct replay *replay, const char *line, size_t len)
{
	json_t *doc = json_loadb(line, len, 0, NULL);
	struct explain_case found;

	if (!doc) {
		replay->unread++;
	} else if (!strcmp(doc_string(doc, "event.kind"), "alert") && doc_get(doc, "wxguard.finding.class")) {
		explain_case(doc, (uint64_t)time(NULL), &found);
		judge(replay, doc, &found);
		explain_case_free(&found);
	}
	json_decref(doc);
	progress_tick(&replay->progress);
}

static int on_record(const struct store_record *record, void *arg)
{
	take(arg, record->json, record->json_len);
	return 0;
}

static int from_store(struct replay *replay, time_t since)
{
	const struct store_query query = {
		.since = (uint64_t)since * 1000000000, .kinds = 1U << STORE_FINDING,
	};
	struct store *store;
	int code = records_need(STORE_READ, &store);

	if (code)
		return code;
	if (store_query(store, &query, on_record, replay))
		code = ctl_fail(CTL_FAILED, "%s", store_error(store));
	store_close(store);
	return code;
}

static int from_file(struct replay *replay, const char *path)
{
	FILE *in = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int code = 0;

	if (!in)
		return ctl_fail(errno == ENOENT ? CTL_NOT_FOUND : CTL_FAILED,
				"%s cannot be read: %s", path, strerror(errno));
	while ((len = getline(&line, &size, in)) > 0)
		take(replay, line, (size_t)len);
	if (ferror(in))
		code = ctl_fail(CTL_FAILED, "%s cannot be read: %s", path, strerror(errno));
	free(line);
	fclose(in);
	return code;
}

static int by_count(const void *a, const void *b)
{
	const struct row *one = a, *two = b;

	return one->count < two->count ? 1 : one->count > two->count ? -1 :
	       one->number < two->number ? -1 : one->number > two->number;
}

static int print_json(const struct replay *replay)
{
	size_t i;
	int code = ctl_print_json(json_pack("{s:I, s:I, s:I, s:I}",
		"same", (json_int_t)replay->same, "different", (json_int_t)replay->different,
		"unread", (json_int_t)replay->unread, "not_listed", (json_int_t)replay->others));

	for (i = 0; i < replay->rows && !code; i++) {
		const struct row *row = &replay->row[i];

		code = ctl_print_json(json_pack("{s:I, s:s, s:s, s:o, s:s, s:I}",
			"findings", (json_int_t)row->count, "before", row->before,
			"after", row->after, "executable", json_bytes(text_bytes(row->exe)),
			"class", wxg_class_lookup(row->class)->name,
			"first", (json_int_t)row->number));
	}
	return code;
}

static void print_table(const struct replay *replay)
{
	size_t i;

	printf("%" PRIu64 " findings: %" PRIu64 " as before, %" PRIu64 " another way\n",
	       replay->same + replay->different, replay->same, replay->different);
	if (replay->unread)
		printf("%" PRIu64 " records could not be judged\n", replay->unread);
	if (!replay->rows)
		return;
	printf("\n%9s  %-15s  %-10s  %-28s  EXECUTABLE\n", "FINDINGS", "CLASS", "BEFORE", "NOW");
	for (i = 0; i < replay->rows; i++) {
		const struct row *row = &replay->row[i];

		printf("%9" PRIu64 "  %-15s  %-10s  %-28s  %s  #%" PRIu64 "\n", row->count,
		       wxg_class_lookup(row->class)->name, row->before, row->after, row->exe,
		       row->number);
	}
	if (replay->others)
		printf("and %" PRIu64 " more of other kinds\n", replay->others);
}

static int load_rules(struct replay *replay, const char *path)
{
	char why[RULES_TEXT_WHY_MAX];
	struct client_rules rules;
	struct config config;
	unsigned int expired;
	int error, code = path ? 0 : ctl_config(&config);

	if (code)
		return code;
	error = rules_text_parse(path ? path : config.rules, (uint64_t)time(NULL), &expired,
				 &rules, why);
	if (error)
		return ctl_fail(error == -ENOENT ? CTL_NOT_FOUND : CTL_INVALID, "%s", why);
	error = rules_judge_new(&rules, &replay->judge, why);
	client_rules_free(&rules);
	return error ? ctl_fail(CTL_INVALID, "%s", why) : 0;
}

struct wish {
	const char *rules, *file;
	time_t since;
	bool has_since;
	int mode;
};

static int set_option(const struct option_walk *walk, int key, struct wish *wish)
{
	struct units_clock clock;

	switch (key) {
	case KEY_RULES:
		wish->rules = walk->value;
		return 0;
	case KEY_MODE:
		wish->mode = wxg_mode_parse(walk->value, strlen(walk->value));
		if (wish->mode < 0)
			return option_wrong(walk->verb, "the mode is off, learn, detect or enforce, not \"%s\"",
					    walk->value);
		return 0;
	default:
		wish->has_since = true;
		units_clock_read(&clock, walk->ctl->utc);
		if (units_parse_time(walk->value, &clock, &wish->since))
			return option_wrong(walk->verb, "--since is a time such as 2026-01-15T09:00, 09:00, today, boot or 7d, not \"%s\"",
					    walk->value);
		return 0;
	}
}

static int replay_all(struct replay *replay, const struct wish *wish)
{
	int code = load_rules(replay, wish->rules);

	if (code)
		return code;
	progress_start(&replay->progress, "judging");
	code = wish->file ? from_file(replay, wish->file) : from_store(replay, wish->since);
	progress_end(&replay->progress);
	if (code)
		return code;
	qsort(replay->row, replay->rows, sizeof(*replay->row), by_count);
	if (replay->ctl->json)
		return print_json(replay);
	print_table(replay);
	return 0;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct wish wish = { .mode = -1 };
	struct option_walk walk;
	struct replay *replay;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&walk, key, &wish);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	if ((walk.argc == 1) == wish.has_since || walk.argc > 1)
		return option_wrong(verb, "say which findings: one FILE, or --since TIME for those of the store");
	wish.file = wish.has_since ? NULL : walk.argv[0];
	replay = calloc(1, sizeof(*replay));
	if (!replay)
		return ctl_fail(CTL_FAILED, "out of memory");
	replay->ctl = ctl;
	replay->mode = wish.mode;
	code = replay_all(replay, &wish);
	while (replay->rows)
		free(replay->row[--replay->rows].exe);
	rules_judge_free(replay->judge);
	free(replay);
	return code ? code : ctl_flush();
}

const struct verb verb_replay = {
	.name = "replay",
	.args = "FILE",
	.purpose = "Say what other rules would have made of past findings",
	.options = options,
	.notes = "FILE has one document per line, as findings.json. Needs neither the module nor the\n"
		 "rules to be live. What was not reported then is not in it, so a rule that would\n"
		 "report more does not show here.\n",
	.reads = true,
	.run = run,
};
