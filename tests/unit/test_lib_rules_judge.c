// SPDX-License-Identifier: GPL-2.0-or-later
/* What rules make of an event that is past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <lib/rules_judge.h>
#include <lib/rules_text.h>

#define BYTES(literal) ((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static const uint8_t content[WXGUARD_SHA256_LEN] = { 0xab };

static struct rules_past past(void)
{
	return (struct rules_past){
		.event = {
			.class = WXGUARD_CLASS_RWX_MPROTECT,
			.exe = BYTES("/opt/acme/bin/agentd"),
			.comm = BYTES("agentd"),
			.cgroup = BYTES("/system.slice/acme.service"),
			.has_uid = true, .uid = 1001,
			.has_key = true, .dev = 8 << 20 | 1, .ino = 42,
			.now = 1768470067,
		},
		.mode = WXGUARD_MODE_DETECT,
		.verdict = WXGUARD_VERDICT_LOGGED,
	};
}

static void expect(const char *text, const struct rules_past *event, struct rules_ruling right)
{
	struct rules_ruling ruling;
	char why[RULES_TEXT_WHY_MAX];
	struct rules_judge *judge;
	struct client_rules rules;

	if (rules_text_parse_buffer("f", text, strlen(text), event->event.now, NULL, &rules, why))
		fail_msg("%s", why);
	assert_int_equal(rules_judge_new(&rules, &judge, why), 0);
	client_rules_free(&rules);
	ruling = rules_judge_ask(judge, event);
	assert_int_equal(ruling.report, right.report);
	if (right.report)
		assert_int_equal(ruling.verdict, right.verdict);
	assert_int_equal(ruling.off, right.off);
	if (right.exemption)
		assert_string_equal(ruling.exemption, right.exemption);
	else
		assert_null(ruling.exemption);
	rules_judge_free(judge);
}

#define REPORTED(how) ((struct rules_ruling){ .report = true, .verdict = WXGUARD_VERDICT_##how })

static void test_actions(void **state)
{
	struct rules_past event = past();

	(void)state;
	expect("", &event, REPORTED(LOGGED));
	expect("class rwx_mprotect { action = deny }", &event, REPORTED(WOULD_DENY));
	expect("class rwx_mprotect { action = off }", &event, (struct rules_ruling){ .off = true });
	event.mode = WXGUARD_MODE_ENFORCE;
	expect("class rwx_mprotect { action = deny }", &event, REPORTED(DENIED));
	expect("class rwx_mprotect { action = kill }", &event, REPORTED(KILLED));
	expect("scope a { cgroup = \"/system.slice/*\"\nclasses = {rwx_mprotect}\naction = deny }",
	       &event, REPORTED(DENIED));
	event.verdict = WXGUARD_VERDICT_SPARED;
	expect("class rwx_mprotect { action = deny }", &event, REPORTED(SPARED));
	event.verdict = WXGUARD_VERDICT_KILLED;	/* it had happened already */
	expect("class rwx_mprotect { action = deny }", &event, REPORTED(KILLED));
	event.mode = WXGUARD_MODE_LEARN;
	expect("class rwx_mprotect { action = deny }", &event, (struct rules_ruling){ 0 });
}

static void test_exclusions(void **state)
{
	struct rules_past event = past();
	const struct rules_ruling excluded = { .exemption = "a" };

	(void)state;
	expect("exclude a { classes = {rwx_mprotect}\nexe = \"/opt/**\"\nreason = r }", &event, excluded);
	expect("exclude a { classes = {exec_memory}\nexe = \"/opt/**\"\nreason = r }", &event,
	       REPORTED(LOGGED));
	expect("exclude a { classes = {rwx_mprotect}\nuid = 0\nreason = r }", &event, REPORTED(LOGGED));
}

/* The rules file has no identity of a content; the finding has its digest. */
static void test_content(void **state)
{
	static const char rules[] =
		"exclude a { classes = {rwx_mprotect}\nsha256 ="
		" ab00000000000000000000000000000000000000000000000000000000000000\nreason = r }";
	struct rules_past event = past();

	(void)state;
	expect(rules, &event, REPORTED(LOGGED));
	event.sha256 = content;
	expect(rules, &event, (struct rules_ruling){ .exemption = "a" });
	event.event.has_key = false;
	expect(rules, &event, REPORTED(LOGGED));
}

static void test_unknown_class(void **state)
{
	struct rules_past event = past();

	(void)state;
	event.event.class = WXGUARD_CLASS_MAX + 1;
	expect("", &event, (struct rules_ruling){ 0 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_exclusions),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_unknown_class),
	};

	return cmocka_run_group_tests_name("lib_rules_judge", tests, NULL, NULL);
}
