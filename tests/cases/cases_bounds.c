// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the check of a rule set refuses by number: too many parts, a budget
 * out of range, a text without an end; and that no class is refused.
 * Any context that may use a shared buffer; pure.
 */
#include "core/class.h"
#include "core/rules.h"
#include "cases.h"

static const struct {
	const char *title;
	int error;
	const char *sentence;
	u32 exemptions;
	u32 scopes;
	struct wxg_budget_rule budget;
} bounds[] = {
	{ "the default budget", 0, NULL, 0, 0,
	  { WXGUARD_BUDGET_DEFAULT, WXGUARD_BUDGET_EXE_DEFAULT } },
	{ "no budget", 0, NULL, 0, 0, { 0, 1 } },
	{ "the largest budget", 0, NULL, 0, 0, { 1000000, 1000000 } },
	{ "a larger budget", ERANGE,
	  "a budget of 1000001 denials per minute is out of range; use 0 (no limit) to 1000000",
	  0, 0, { 1000001, 1 } },
	{ "nothing for an executable", ERANGE,
	  "a budget of 0 denials per executable is out of range; use 1 to 1000000",
	  0, 0, { 1, 0 } },
	{ "more for an executable", ERANGE,
	  "a budget of 4294967295 denials per executable is out of range; use 1 to 1000000",
	  0, 0, { 1, 4294967295u } },
	/* A list is not looked at before its length. */
	{ "more exemptions than the bound", ERANGE,
	  "1025 exemptions were given; give at most 1024",
	  WXGUARD_EXEMPTIONS_MAX + 1, 0, { 0, 1 } },
	{ "more scopes than the bound", ERANGE,
	  "65 scopes were given; give at most 64",
	  0, WXGUARD_SCOPES_MAX + 1, { 0, 1 } },
};

static const char *bounds_title(u32 i)
{
	return bounds[i].title;
}

static const char *bounds_run(u32 i)
{
	static struct wxg_rules rules;

	wxg_rules_init(&rules);
	rules.count = bounds[i].exemptions;
	rules.scopes = bounds[i].scopes;
	rules.budget = bounds[i].budget;
	return wxg_cases_check_says(&rules, bounds[i].error,
				    bounds[i].sentence);
}

const struct wxg_cases wxg_cases_check_bounds = {
	.name = "check_bounds",
	.count = ARRAY_SIZE(bounds),
	.title = bounds_title,
	.run = bounds_run,
};

/* By class - 1: each may be off, logged, and exempted from. */
static const char *class_title(u32 i)
{
	return wxg_class_lookup(i + 1)->name;
}

static const char *class_run(u32 i)
{
	static struct wxg_exemption exemption = {
		.name = "e",
		.exe = "/x",
		.reason = "jit",
	};
	static struct wxg_rules rules;
	struct wxg_exemption *list = &exemption;
	struct wxg_rules_error refused;
	const u32 class = i + 1;

	wxg_rules_init(&rules);
	rules.class[class].action = WXGUARD_ACTION_OFF;
	if (wxg_rules_check(&rules, 0, &refused))
		return "it cannot be off";
	rules.class[class].action = WXGUARD_ACTION_LOG;
	if (wxg_rules_check(&rules, 0, &refused))
		return "it cannot be logged";
	rules.class[class].action = WXGUARD_ACTION_OFF;
	exemption.classes = 1u << class;
	rules.exemption = &list;
	rules.count = 1;
	if (wxg_rules_check(&rules, 0, &refused))
		return "nothing can be exempted from it";
	return NULL;
}

const struct wxg_cases wxg_cases_check_each_class = {
	.name = "check_each_class",
	.count = WXGUARD_CLASS_MAX,
	.title = class_title,
	.run = class_run,
};

/* Texts that fill their field to its last byte, so that none is their end. */
static struct wxg_exemption long_exemption;
static struct wxg_scope long_scope;

static const struct {
	const char *title;
	const char *sentence;
	char *text;
	size_t size;
} lengths[] = {
	{ "the exe of an exemption",
	  "the exe of exemption e is too long; give at most 1023 bytes",
	  long_exemption.exe, sizeof(long_exemption.exe) },
	{ "the cgroup of an exemption",
	  "the cgroup of exemption e is too long; give at most 1023 bytes",
	  long_exemption.cgroup, sizeof(long_exemption.cgroup) },
	{ "the comm of an exemption",
	  "the comm of exemption e is too long; give at most 15 bytes",
	  long_exemption.comm, sizeof(long_exemption.comm) },
	{ "the reason of an exemption",
	  "the reason of exemption e is too long; give at most 255 bytes",
	  long_exemption.reason, sizeof(long_exemption.reason) },
	{ "the author of an exemption",
	  "the author of exemption e is too long; give at most 63 bytes",
	  long_exemption.author, sizeof(long_exemption.author) },
	{ "the cgroup of a scope",
	  "the cgroup of scope s is too long; give at most 1023 bytes",
	  long_scope.cgroup, sizeof(long_scope.cgroup) },
};

static const char *length_title(u32 i)
{
	return lengths[i].title;
}

static const char *length_run(u32 i)
{
	static struct wxg_rules rules;
	struct wxg_exemption *exemptions = &long_exemption;
	struct wxg_scope *scopes = &long_scope;
	const char *why;

	long_exemption = (struct wxg_exemption){
		.name = "e", .classes = 1u << WXGUARD_CLASS_RWX_MMAP,
		.exe = "/x", .unsafe = true, .reason = "jit",
	};
	long_scope = (struct wxg_scope){
		.name = "s", .classes = 1u << WXGUARD_CLASS_RWX_MMAP,
		.cgroup = "/x", .action = WXGUARD_ACTION_LOG,
	};
	wxg_rules_init(&rules);
	rules.exemption = &exemptions;
	rules.count = 1;
	rules.scope = &scopes;
	rules.scopes = 1;
	memset(lengths[i].text, '/', lengths[i].size);
	why = wxg_cases_check_says(&rules, EINVAL, lengths[i].sentence);
	if (why)
		return why;
	lengths[i].text[lengths[i].size - 1] = '\0';
	return wxg_cases_check_says(&rules, 0, NULL);
}

const struct wxg_cases wxg_cases_check_lengths = {
	.name = "check_lengths",
	.count = ARRAY_SIZE(lengths),
	.title = length_title,
	.run = length_run,
};
