// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the check of a rule set refuses by number: too many parts, a budget
 * out of range, and each class that this version does not detect.
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

/* By class - 1: refused exactly where the class table says "not built". */
static const char *built_title(u32 i)
{
	return wxg_class_lookup(i + 1)->name;
}

static const char *built_run(u32 i)
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
	int want = wxg_class_lookup(class)->built ? 0 : -EOPNOTSUPP;

	wxg_rules_init(&rules);
	rules.class[class].action = WXGUARD_ACTION_OFF;
	if (wxg_rules_check(&rules, 0, &refused))
		return "it cannot be off";
	rules.class[class].action = WXGUARD_ACTION_LOG;
	if (wxg_rules_check(&rules, 0, &refused) != want)
		return "its action is not judged by whether it is built";
	rules.class[class].action = WXGUARD_ACTION_OFF;
	exemption.classes = 1u << class;
	rules.exemption = &list;
	rules.count = 1;
	if (wxg_rules_check(&rules, 0, &refused) != want)
		return "its exemption is not judged by whether it is built";
	return NULL;
}

const struct wxg_cases wxg_cases_check_built = {
	.name = "check_built",
	.count = WXGUARD_CLASS_MAX,
	.title = built_title,
	.run = built_run,
};
