// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exemptions and the check of a rule set, by their tables.
 * Any context that may use a shared buffer; pure.
 */
#include "core/rules.h"
#include "cases.h"

#define BIT_OF(class)	(1u << WXGUARD_CLASS_##class)
#define RWX		BIT_OF(RWX_MPROTECT)
#define NOW		1000

static const struct {
	const char *title;
	u32 class;
	const char *exe;
	const char *comm;
	const char *cgroup;
	u32 uid;
	u64 now;
	bool covered;
	struct wxg_exemption exemption;
} matches[] = {
#define MATCH(title, class, exe, comm, cgroup, uid, now, covered, ...) \
	{ title, WXGUARD_CLASS_##class, exe, comm, cgroup, uid, now, covered, \
	  { __VA_ARGS__ } },
#include "match.cases"
};

static const char *match_title(u32 i)
{
	return matches[i].title;
}

/* Behind one that covers nothing, so that the index is seen to be right. */
static const char *match_run(u32 i)
{
	static struct wxg_exemption none, exemption;
	static struct wxg_rules rules;
	struct wxg_exemption *list[] = { &none, &exemption };
	struct wxg_subject subject = {
		.exe = matches[i].exe,
		.exe_len = strlen(matches[i].exe),
		.comm = matches[i].comm,
		.comm_len = strlen(matches[i].comm),
		.cgroup = matches[i].cgroup,
		.cgroup_len = strlen(matches[i].cgroup),
		.uid = matches[i].uid,
	};
	int want = matches[i].covered ? 1 : -1;
	int found;

	none.classes = ~0u;
	strcpy(none.exe, "/nothing");
	exemption = matches[i].exemption;
	if (!exemption.classes)
		exemption.classes = RWX;
	wxg_rules_init(&rules);
	rules.exemption = list;
	rules.count = 2;
	found = wxg_rules_match(&rules, matches[i].class, &subject,
				matches[i].now);
	if (found != want)
		return WXG_CASES_WHY("the match is %d, not %d", found, want);
	return NULL;
}

const struct wxg_cases wxg_cases_match = {
	.name = "match",
	.count = ARRAY_SIZE(matches),
	.title = match_title,
	.run = match_run,
};

static const struct {
	const char *title;
	int error;
	const char *sentence;
	u32 class;
	u32 action;
	u32 window;
} class_checks[] = {
#define CHECK_CLASS(title, error, sentence, class, action, window) \
	{ title, error, sentence, WXGUARD_CLASS_##class, action, window },
#include "check_class.cases"
};

/* Compare what wxg_rules_check() answers with what the row says. */
static const char *compare(const struct wxg_rules *rules, int error,
			   const char *sentence)
{
	struct wxg_rules_error refused = { .text = "" };
	int got = wxg_rules_check(rules, NOW, &refused);

	if (got != -error)
		return WXG_CASES_WHY("the answer is %d, not %d: %s", got,
				     -error, refused.text);
	if (strcmp(refused.text, sentence ? sentence : ""))
		return WXG_CASES_WHY("the sentence is: %s", refused.text);
	return NULL;
}

static const char *check_class_title(u32 i)
{
	return class_checks[i].title;
}

static const char *check_class_run(u32 i)
{
	static struct wxg_rules rules;

	wxg_rules_init(&rules);
	rules.class[class_checks[i].class].action = class_checks[i].action;
	rules.class[class_checks[i].class].window = class_checks[i].window;
	return compare(&rules, class_checks[i].error, class_checks[i].sentence);
}

const struct wxg_cases wxg_cases_check_class = {
	.name = "check_class",
	.count = ARRAY_SIZE(class_checks),
	.title = check_class_title,
	.run = check_class_run,
};

static const struct {
	const char *title;
	int error;
	const char *sentence;
	struct wxg_exemption exemption;
} checks[] = {
#define CHECK(title, error, sentence, ...) \
	{ title, error, sentence, { __VA_ARGS__ } },
#include "check.cases"
};

static struct wxg_exemption first = {
	.name = "first",
	.classes = RWX,
	.exe = "/first",
	.reason = "first",
};

static const char *check_title(u32 i)
{
	return checks[i].title;
}

/* With the longest name, is there still an end to the sentence? */
static const char *cut_sentence(struct wxg_rules *rules,
				struct wxg_exemption *exemption)
{
	struct wxg_rules_error refused;
	size_t room = sizeof(refused.text);

	memset(exemption->name, 'n', WXGUARD_EXEMPTION_NAME_MAX);
	exemption->name[WXGUARD_EXEMPTION_NAME_MAX] = '\0';
	if (exemption->expires && exemption->expires <= NOW)
		exemption->expires = ~(u64)0 - 1;
	refused.text[0] = '\0';
	wxg_rules_check(rules, ~(u64)0, &refused);
	if (strlen(refused.text) == room - 1)
		return WXG_CASES_WHY("the sentence is cut: %s", refused.text);
	return NULL;
}

static const char *check_run(u32 i)
{
	static struct wxg_exemption exemption;
	static struct wxg_rules rules;
	struct wxg_exemption *list[] = { &first, &exemption };
	const char *why;

	exemption = checks[i].exemption;
	wxg_rules_init(&rules);
	rules.exemption = list;
	rules.count = 2;
	why = compare(&rules, checks[i].error, checks[i].sentence);
	if (!why && checks[i].error)
		why = cut_sentence(&rules, &exemption);
	return why;
}

const struct wxg_cases wxg_cases_check = {
	.name = "check",
	.count = ARRAY_SIZE(checks),
	.title = check_title,
	.run = check_run,
};

/* Too large as rows: the bound on the number of exemptions. */
static const char *check_count_title(u32 i)
{
	return i == 0 ? "more exemptions than the bound" : "none";
}

static const char *check_count_run(u32 i)
{
	static struct wxg_rules rules;

	wxg_rules_init(&rules);
	if (i)
		return compare(&rules, 0, NULL);
	/* The list is not looked at before its length. */
	rules.count = WXGUARD_EXEMPTIONS_MAX + 1;
	return compare(&rules, ERANGE,
		      "1025 exemptions were given; give at most 1024");
}

const struct wxg_cases wxg_cases_check_count = {
	.name = "check_count",
	.count = 2,
	.title = check_count_title,
	.run = check_count_run,
};
