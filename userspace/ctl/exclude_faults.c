// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See exclude_lint.h. Looks at the files that an exclusion names; pure else.
 */
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "../../module/core/interp.h"
#include "../../module/core/rules.h"
#include "../lib/rules_text.h"
#include "../lib/text.h"
#include "allow.h"
#include "exclude_lint.h"

const char *const exclude_fault_words[EXCLUDE_FAULTS] = {
	"dangerous", "expired", "shadowed", "unused", "absent",
};

struct lint {
	const struct client_exemption *row;
	FILE *out;
	unsigned int faults;
};

static void tell(struct lint *lint, enum exclude_fault fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void tell(struct lint *lint, enum exclude_fault fault, const char *format, ...)
{
	va_list args;

	lint->faults |= fault;
	if (!lint->out)
		return;
	fprintf(lint->out, "%s: ", exclude_fault_words[__builtin_ctz(fault)]);
	va_start(args, format);
	vfprintf(lint->out, format, args);
	va_end(args);
	fputc('\n', lint->out);
}

static bool glob_covers(const char *wide, const char *narrow)
{
	if (!*wide || !strcmp(wide, narrow))
		return true;
	return *narrow && !strchr(narrow, '*') && wxg_glob_match(wide, narrow, strlen(narrow));
}

static bool same_file(const struct client_exemption *a, const struct client_exemption *b)
{
	return a->ino == b->ino && a->dev == b->dev && a->generation == b->generation &&
	       a->ctime_sec == b->ctime_sec && a->ctime_nsec == b->ctime_nsec;
}

bool exclude_covers(const struct client_exemption *wide, const struct client_exemption *narrow)
{
	if (narrow->classes & ~wide->classes)
		return false;
	if (wide->expires && (!narrow->expires || narrow->expires > wide->expires))
		return false;
	if (wide->has_uid && (!narrow->has_uid || narrow->uid != wide->uid))
		return false;
	if (wide->comm[0] && strcmp(wide->comm, narrow->comm))
		return false;
	if (wide->has_sha256 && (!narrow->has_sha256 ||
				 memcmp(wide->sha256, narrow->sha256, sizeof(wide->sha256))))
		return false;
	if (!wide->has_sha256 && wide->has_identity &&
	    (!narrow->has_identity || narrow->has_sha256 || !same_file(wide, narrow)))
		return false;
	return glob_covers(wide->exe, narrow->exe) && glob_covers(wide->cgroup, narrow->cgroup);
}

/* Of two that cover the same the first one stays. */
static void look_for_shadow(struct lint *lint, const struct client_rules *rules,
			    unsigned int i, uint64_t now)
{
	unsigned int j;

	for (j = 0; j < rules->count; j++) {
		const struct client_exemption *other = &rules->exemption[j];

		if (j == i || (other->expires && other->expires <= now) ||
		    !exclude_covers(other, lint->row) ||
		    (j > i && exclude_covers(lint->row, other)))
			continue;
		tell(lint, FAULT_SHADOWED, "all of it is covered by \"%s\", too; one of them can go",
		     other->name);
		return;
	}
}

static void look_at_danger(struct lint *lint)
{
	const struct client_exemption *row = lint->row;
	struct client_exemption copy = *row;
	struct client_rules alone = { .count = 1, .exemption = &copy };
	const char *slash = strrchr(row->exe, '/');
	bool by_path = row->exe[0] && !row->has_sha256 && !row->has_identity;
	char why[RULES_TEXT_WHY_MAX];

	if (rules_text_dangers(&alone, why))
		tell(lint, FAULT_DANGEROUS, "%s", why);
	if (row->comm[0])
		tell(lint, FAULT_DANGEROUS, "it trusts comm, which any process can set");
	if (slash && wxg_interp_is(slash + 1) && !row->cgroup[0])
		tell(lint, FAULT_DANGEROUS, "that program runs whatever script it is given; a cgroup would narrow it");
	if (by_path && !strchr(row->exe, '*') && !access(row->exe, F_OK) &&
	    !allow_is_guarded(row->exe, row->has_uid ? row->uid : 0))
		tell(lint, FAULT_DANGEROUS, "others than root may put a program at that path; --sha256-of would name its content");
	if (!row->exe[0] && !row->has_sha256 && !row->has_identity && !row->cgroup[0] &&
	    !row->comm[0])
		tell(lint, FAULT_DANGEROUS, "it covers each program of that user");
}

unsigned int exclude_lint(const struct client_rules *rules, unsigned int i, uint64_t now,
			  FILE *out)
{
	const struct client_exemption *row = &rules->exemption[i];
	struct lint lint = { row, out, 0 };

	look_at_danger(&lint);
	if (row->expires && row->expires <= now)
		tell(&lint, FAULT_EXPIRED, "it covers nothing any more");
	look_for_shadow(&lint, rules, i, now);
	if (row->exe[0] && !strchr(row->exe, '*') && access(row->exe, F_OK))
		tell(&lint, FAULT_ABSENT, "there is no such file");
	else if (row->has_sha256 && !row->has_identity)
		tell(&lint, FAULT_ABSENT, "no file with that content was found yet");
	if (!row->hits)
		tell(&lint, FAULT_UNUSED, "it has covered nothing since it is in the module");
	return lint.faults;
}
