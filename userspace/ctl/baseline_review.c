// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline review: what was learnt, and what enforce would make of
 * it. Changes nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "../lib/exe_file.h"
#include "../lib/json_out.h"
#include "../lib/raw_json.h"
#include "../lib/text.h"
#include "review.h"
#include "term.h"
#include "units.h"

enum { KEY_AS = 256 };

static const struct verb_option options[] = {
	{ KEY_AS, "as", "deny|kill", "as if each class had this action" },
	{ 0 }
};

/* So many digits tell programs of one host apart; -j has all of them. */
#define HEX_SHOWN 12

static enum term_color color_of(enum review_verdict verdict)
{
	if (verdict == REVIEW_DENY || verdict == REVIEW_KILL)
		return TERM_RED;
	return verdict == REVIEW_REPORT ? TERM_YELLOW : TERM_GREEN;
}

static void print_row(const struct ctl *ctl, const struct review_row *row)
{
	const struct bytes path = { row->known.path, row->known.path_len };
	char first[32], last[32], hex[EXE_FILE_HEX_MAX] = "-", class[48];

	if (row->hashed)
		exe_file_hex(row->sha256, hex);
	snprintf(class, sizeof(class), "%s%s%s", wxg_class_lookup(row->class)->name,
		 row->class == WXGUARD_CLASS_WX_TRANSITION ? "/" : "",
		 row->class == WXGUARD_CLASS_WX_TRANSITION ? wxg_region_name(row->known.shape) : "");
	term_put(stdout, ctl->color, color_of(row->verdict), review_verdict_text(row->verdict), 18);
	printf("  %-15s  %7" PRIu64 "  %s  %s  %-*.*s  ", class, row->known.count,
	       units_print_time(first, sizeof(first), (time_t)row->known.first_seen, ctl->utc, true),
	       units_print_time(last, sizeof(last), (time_t)row->known.last_seen, ctl->utc, true),
	       HEX_SHOWN, HEX_SHOWN, hex);
	text_print(stdout, path, 0);
	if (row->exemption)
		printf("  (%s)", row->exemption->name);
	if (row->file != REVIEW_FILE_SAME)
		printf("  file: %s", review_file_name(row->file));
	putchar('\n');
}

static json_t *row_json(const struct review_row *row)
{
	json_t *json = known_json(&row->known);
	char hex[EXE_FILE_HEX_MAX];
	int error = 0;

	if (row->hashed)
		exe_file_hex(row->sha256, hex);
	error |= json_put(json, "class", json_string(wxg_class_lookup(row->class)->name));
	error |= json_put(json, "shape", row->class == WXGUARD_CLASS_WX_TRANSITION ?
			  json_string(wxg_region_name(row->known.shape)) : json_null());
	error |= json_put(json, "verdict", json_string(review_verdict_name(row->verdict)));
	error |= json_put(json, "exclusion", row->exemption ?
			  json_string(row->exemption->name) : json_null());
	error |= json_put(json, "sha256", row->hashed ? json_string(hex) : json_null());
	error |= json_put(json, "file", json_string(review_file_name(row->file)));
	error |= json_put(json, "uid", row->hashed ? json_integer(row->stat.st_uid) : json_null());
	error |= json_put(json, "mode", row->hashed ?
			  json_sprintf("%04o", row->stat.st_mode & 07777) : json_null());
	if (error) {
		json_decref(json);
		return NULL;
	}
	return json;
}

/* A scope that is stricter may deny what is allowed here: only it can tell. */
static void print_scopes(const struct client_rules *rules)
{
	unsigned int i;

	for (i = 0; i < rules->scopes; i++) {
		const struct client_scope *scope = &rules->scope[i];

		if (scope->action != WXGUARD_ACTION_DENY && scope->action != WXGUARD_ACTION_KILL)
			continue;
		printf("not in this table: what the scope %s says for ", scope->name);
		text_print(stdout, text_bytes(scope->cgroup), 0);
		putchar('\n');
	}
}

static void print_summary(const struct review *review, int as)
{
	size_t count[REVIEW_KNOWN + 1] = { 0 }, i, denied;
	const char *comma = "";

	for (i = 0; i < review->count; i++)
		count[review->row[i].verdict]++;
	fputs("\nof executables and classes ", stdout);
	for (i = REVIEW_KNOWN + 1; i-- > 0;) {
		if (!count[i])
			continue;
		printf("%s%zu %s", comma, count[i], review_verdict_text((enum review_verdict)i));
		comma = ", ";
	}
	putchar('\n');
	print_scopes(&review->rules);
	denied = count[REVIEW_DENY] + count[REVIEW_KILL];
	if (count[REVIEW_REPORT] && as < 0)
		puts("reported is not denied: to see what deny would break: wxguard baseline review --as deny");
	if (denied || count[REVIEW_KNOWN])
		printf("next: wxguard baseline promote%s%s  (pins what is known%s)\n",
		       as < 0 ? "" : " --as ", as < 0 ? "" : wxg_action_name((uint32_t)as),
		       denied ? ", excludes what would be denied" : "");
}

static int print_review(const struct ctl *ctl, const struct review *review, int as)
{
	int width = ctl->utc ? 20 : 19, code = 0;
	size_t i;

	if (!ctl->json && !review->count) {
		puts("nothing was learnt; to begin: wxguard baseline start --for 7d");
		return 0;
	}
	if (!ctl->json)
		printf("%-18s  %-15s  %7s  %-*s  %-*s  %-*s  %s\n", "IN ENFORCE", "CLASS",
		       "COUNT", width, "FIRST SEEN", width, "LAST SEEN", HEX_SHOWN, "SHA256",
		       "EXECUTABLE");
	for (i = 0; i < review->count && !code; i++) {
		if (ctl->json)
			code = ctl_print_json(row_json(&review->row[i]));
		else
			print_row(ctl, &review->row[i]);
	}
	if (!ctl->json)
		print_summary(review, as);
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct review review;
	struct client *client;
	int key, code, as = -1;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = review_parse_as(verb, walk.value, &as);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code)
		code = ctl_connect(&client);
	if (code)
		return code;
	code = review_read(client, WXGUARD_KNOWN_F_LEARNED, as, &review);
	if (!code) {
		code = print_review(ctl, &review, as);
		review_free(&review);
	}
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_baseline_review = {
	.name = "baseline review",
	.args = "",
	.purpose = "Show what was learnt, and what enforce would allow or deny of it",
	.options = options,
	.notes = "A class whose rule says \"known = exempt\" allows what was learnt for it; any\n"
		 "other does with it what its action says. COUNT is of the executable, over all\n"
		 "classes. With -j the verdicts are known, excluded, would_report, would_deny,\n"
		 "would_kill, off; \"file\" says whether the file at the path is still the one\n"
		 "that was seen.\n",
	.reads = true,
	.run = run,
};
