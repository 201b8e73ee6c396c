// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exemptions and the check of a rule set, by their tables.
 * Any context that may use a shared buffer; pure.
 */
#include "core/prefix.h"
#include "cases.h"

#define BIT_OF(class)	(1u << WXGUARD_CLASS_##class)
#define RWX		BIT_OF(RWX_MPROTECT)
#define NOW		1000
#define KEY(number, device, times_used, second, ns, region) \
	.key = { .ino = number, .dev = device, .generation = times_used, \
		 .ctime_sec = second, .ctime_nsec = ns, .shape = region }

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
	static struct wxg_prefix prefixes[ARRAY_SIZE(list)];
	struct wxg_subject subject = {
		.exe = matches[i].exe,
		.exe_len = strlen(matches[i].exe),
		.comm = matches[i].comm,
		.comm_len = strlen(matches[i].comm),
		.cgroup = matches[i].cgroup,
		.cgroup_len = strlen(matches[i].cgroup),
		.uid = matches[i].uid,
		.has_key = matches[i].exe[0] != '\0',
		KEY(7, 6, 5, 4, 3, 0),
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
	wxg_prefix_fill(prefixes, &rules);
	rules.prefix = prefixes;
	found = wxg_rules_match(&rules, matches[i].class, &subject,
				matches[i].now);
	if (found != want)
		return WXG_CASES_WHY("by its index the match is %d, not %d",
				     found, want);
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
	struct wxg_class_rule rule;
} class_checks[] = {
#define CHECK_CLASS(title, error, sentence, class, what, seconds, ...) \
	{ title, error, sentence, WXGUARD_CLASS_##class, \
	  { .action = what, .window = seconds, __VA_ARGS__ } },
#include "check_class.cases"
};

const char *wxg_cases_check_says(const struct wxg_rules *rules, int error,
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
	rules.class[class_checks[i].class] = class_checks[i].rule;
	return wxg_cases_check_says(&rules, class_checks[i].error, class_checks[i].sentence);
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

const char *wxg_cases_sentence_is_cut(const struct wxg_rules *rules, char *name)
{
	struct wxg_rules_error refused = { .text = "" };

	memset(name, 'n', WXGUARD_EXEMPTION_NAME_MAX);
	name[WXGUARD_EXEMPTION_NAME_MAX] = '\0';
	if (!wxg_rules_check(rules, ~(u64)0, &refused))
		wxg_rules_dangers(rules, 0, &refused);
	if (strlen(refused.text) == sizeof(refused.text) - 1)
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
	why = wxg_cases_check_says(&rules, checks[i].error, checks[i].sentence);
	/* Now is the last moment then: the largest number is the longest. */
	if (exemption.expires && exemption.expires <= NOW)
		exemption.expires = ~(u64)0 - 1;
	if (!why && checks[i].error)
		why = wxg_cases_sentence_is_cut(&rules, exemption.name);
	return why;
}

const struct wxg_cases wxg_cases_check = {
	.name = "check",
	.count = ARRAY_SIZE(checks),
	.title = check_title,
	.run = check_run,
};

enum { REPORT, EXEMPT };

static const struct {
	const char *title;
	const char *sentence;
	u32 known;
	u32 action;
	bool exempt;
	struct {
		struct wxg_scope scope;
		struct wxg_exemption exemption;
	} set;
} dangers[] = {
#define DANGER(title, sentence, known, action, exempt, ...) \
	{ title, sentence, known, WXGUARD_ACTION_##action, exempt, \
	  { __VA_ARGS__ } },
#include "danger.cases"
};

static const char *danger_title(u32 i)
{
	return dangers[i].title;
}

static const char *danger_run(u32 i)
{
	static struct wxg_exemption exemption;
	static struct wxg_scope scope;
	static struct wxg_rules rules;
	struct wxg_exemption *list = &exemption;
	struct wxg_scope *scopes = &scope;
	struct wxg_rules_error said = { .text = "" };
	const char *sentence = dangers[i].sentence;
	struct wxg_class_rule *rule;
	int got;

	exemption = dangers[i].set.exemption;
	scope = dangers[i].set.scope;
	wxg_rules_init(&rules);
	rule = &rules.class[WXGUARD_CLASS_EXEC_UNKNOWN];
	rule->action = dangers[i].action;
	rule->known = dangers[i].exempt;
	rules.exemption = &list;
	rules.count = exemption.name[0] != '\0';
	rules.scope = &scopes;
	rules.scopes = scope.name[0] != '\0';
	got = wxg_rules_dangers(&rules, dangers[i].known, &said);
	if (got != (sentence ? -EINVAL : 0))
		return WXG_CASES_WHY("the answer is %d: %s", got, said.text);
	if (strcmp(said.text, sentence ? sentence : ""))
		return WXG_CASES_WHY("the sentence is: %s", said.text);
	if (!sentence)
		return NULL;
	return wxg_cases_sentence_is_cut(&rules, rules.scopes ? scope.name :
							 exemption.name);
}

const struct wxg_cases wxg_cases_danger = {
	.name = "danger",
	.count = ARRAY_SIZE(dangers),
	.title = danger_title,
	.run = danger_run,
};
