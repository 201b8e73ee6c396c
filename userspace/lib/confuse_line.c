// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Walks a text as libconfuse does, as far as that tells its lines. Pure but
 * for the measure of the library, taken once. Not for several threads.
 */
#include "confuse_line.h"

#include <confuse.h>
#include <string.h>

/* How much more than its line breaks a comment counts. */
static struct {
	int one_line;	/* # and // */
	int block;
} extra = { -1, -1 };

static int measured;

static int on_value(cfg_t *cfg, cfg_opt_t *opt)
{
	(void)opt;
	measured = cfg->line;
	return 0;
}

/* What it counts where the value stands on line @line. */
static int measure(const char *text, int line)
{
	cfg_opt_t top[] = {
		CFG_STR("a", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_t *cfg = cfg_init(top, CFGF_NONE);

	measured = line;
	if (cfg) {
		cfg_set_validate_func(cfg, "a", on_value);
		cfg_parse_buf(cfg, text);
		cfg_free(cfg);
	}
	return measured - line;
}

/* Bytes of a word without quotes; there "//" is no comment. */
static int in_word(const struct confuse_line *search)
{
	return search->at > search->text &&
	       !strchr(" #\"'\t\n\r={}()+,", search->at[-1]);
}

static void end_line(struct confuse_line *search, int more)
{
	search->line++;
	search->count += 1 + more;
}

/* One byte on, or one comment to the end of its line. */
static void step(struct confuse_line *search)
{
	const char *at = search->at;

	if (search->open == '*' && !strncmp(at, "*/", 2)) {
		search->open = 0;
		search->count += extra.block;
		search->at++;
	} else if (search->open && search->open != '*' && *at == '\\' && at[1]) {
		search->at++;
		if (at[1] == '\n')
			end_line(search, 0);
	} else if (*at == '\n') {
		end_line(search, 0);
	} else if (search->open) {
		if (*at == search->open && *at != '*')
			search->open = 0;
	} else if (*at == '"' || *at == '\'') {
		search->open = *at;
	} else if (!strncmp(at, "/*", 2)) {
		search->open = '*';
		search->at++;
	} else if (*at == '#' || (!strncmp(at, "//", 2) && !in_word(search))) {
		search->at += strcspn(at, "\n");
		if (!*search->at)
			return;
		end_line(search, extra.one_line);
	}
	search->at++;
}

void confuse_line_begin(struct confuse_line *search, const char *text)
{
	if (extra.one_line < 0) {
		extra.one_line = measure("#\na = 1\n", 2);
		extra.block = measure("/**/a = 1\n", 1);
	}
	*search = (struct confuse_line){ .text = text, .at = text,
					 .line = 1, .count = 1 };
}

int confuse_line(struct confuse_line *search, int counted)
{
	struct confuse_line before;

	if (counted < search->count)
		confuse_line_begin(search, search->text);
	while (*search->at) {
		before = *search;
		step(search);
		if (search->count > counted) {
			*search = before;
			break;
		}
	}
	return search->line;
}
