// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules file: what is accepted, the sentence for what is not, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/class.h"
#include "rules_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOW UINT64_C(1800000000)	/* 2027-01-15 */

/* A complete exclude but for what @more adds or breaks; @more is line 5. */
#define EXCLUDE(name, more) \
	"exclude " name " {\n classes = {rwx_mprotect}\n exe = \"/usr/bin/x\"\n" \
	" reason = \"why\"\n" more "}\n"

/* A complete scope, to which line 5 may add something. */
#define SCOPE(name, more) \
	"scope " name " {\n cgroup = \"/a/**\"\n classes = {rwx_mprotect}\n" \
	" action = deny\n" more "}\n"
#define DIGITS \
	"00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define NO_DIGIT \
	"00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFg"

static const struct client_class *class_of(const struct client_rules *rules,
					   uint32_t id)
{
	unsigned int i;

	for (i = 0; i < rules->classes; i++)
		if (rules->class[i].id == id)
			return &rules->class[i];
	fail_msg("class %u is not there", id);
	return NULL;
}

static int parse(const char *text, unsigned int *expired,
		 struct client_rules *rules, char why[RULES_TEXT_WHY_MAX])
{
	return rules_text_parse_buffer("f", text, strlen(text), NOW, expired,
				       rules, why);
}

static void refusals(void **state)
{
	static const struct {
		const char *text, *why;	/* why: how the sentence begins */
	} rows[] = {
		/* classes */
		{ "class rwx_mprotect {\n action = logg\n}\n",
		  "f:2: action is \"logg\"; off, log, deny or kill is needed" },
		{ "class rwx_mprotect {\n action = log;\n}\n",
		  "f:2: action is \"log;\"; off, log, deny or kill is needed" },
		{ "class rwx_mprotect {\n known = yes\n}\n",
		  "f:2: known is \"yes\"; exempt or report is needed" },
		{ "class rwx_mprotect {\n window = 0\n}\n",
		  "f:2: window is \"0\"; a time from 1s to 3650d is needed" },
		{ "class rwx_mprotect {\n window = 3651d\n}\n",
		  "f:2: window is \"3651d\"; a time" },
		{ "class rwx_mprotect {\n window = 7days\n}\n",
		  "f:2: window is \"7days\"; a time" },
		{ "class rwx_mprotect {\n window = -1\n}\n",
		  "f:2: window is \"-1\"; a time" },
		{ "class rwx_mprotect {\n window = 99999999999999999999d\n}\n",
		  "f:2: window is" },
		{ "# one\n\nclass rwx {\n action = log\n}\n",
		  "f:3: unknown class \"rwx\"; known are: rwx_mprotect, exec_memory" },
		{ "class sensor_tamper {\n action = deny\n}\n",
		  "f:1: class \"sensor_tamper\": action deny is not possible" },
		{ "class rwx_mprotect {\n action = log\n action = deny\n}\n",
		  "f:3: action is given twice" },
		{ "class rwx_mprotect {\n}\nclass rwx_mprotect {\n}\n",
		  "f:3: \"rwx_mprotect\" is there twice" },
		{ "class rwx_mprotect {\n actoin = log\n}\n",
		  "f:2: unknown key \"actoin\" in a class; known are: action, known, window, repeat, self-clone, init" },
		{ "class rwx_mprotect {\n repeat = 2d\n}\n",
		  "f:2: repeat is \"2d\"; a time up to 1d is needed, as in repeat = 60s, or 0" },
		{ "class rwx_mprotect {\n repeat = often\n}\n",
		  "f:2: repeat is \"often\"" },
		{ "class exec_memory {\n self-clone = yes\n}\n",
		  "f:2: self-clone is \"yes\"; exempt or report is needed" },
		{ "\nclass rwx_mmap {\n self-clone = report\n}\n",
		  "f:2: class \"rwx_mmap\": self-clone is for class exec_memory only" },
		{ "class exec_memory {\n init = no\n}\n",
		  "f:2: init is \"no\"; deny or spare is needed" },
		{ "class sensor_tamper {\n init = deny\n}\n",
		  "f:1: class \"sensor_tamper\": init = deny is not possible" },
		/* scopes */
		{ SCOPE("'a/b'", ""), "f:1: the name \"a/b\" is not possible" },
		{ "scope a {\n classes = {rwx_mmap}\n action = deny\n}\n",
		  "f:1: scope \"a\" names no cgroup; give one, as in cgroup =" },
		{ "# x\nscope a {\n cgroup = \"/a\"\n action = deny\n}\n",
		  "f:2: scope \"a\" names no class; give one, as in classes = {exec_memory}; known are: rwx_mprotect" },
		{ "scope a {\n cgroup = \"/a\"\n classes = {rwx_mmap}\n}\n",
		  "f:1: scope \"a\" says not what to do; give off, log, deny or kill" },
		{ SCOPE("a", " cgroup = \"/b\"\n"), "f:5: cgroup is given twice" },
		{ SCOPE("a", " known = yes\n"),
		  "f:5: known is \"yes\"; exempt or report is needed" },
		{ SCOPE("a", " window = 7d\n"),
		  "f:5: unknown key \"window\" in a scope; known are: cgroup, classes, action, known" },
		{ "scope a {\n cgroup = machine.slice\n}\n",
		  "f:2: cgroup is \"machine.slice\"; an absolute path or glob" },
		{ "scope a {\n classes = {rwx}\n}\n",
		  "f:2: unknown class \"rwx\"; known are:" },
		{ "scope a {\n action = stop\n}\n",
		  "f:2: action is \"stop\"; off, log, deny or kill is needed" },
		{ "scope a {\n cgroup = \"/a\"\n classes = {sensor_tamper}\n action = kill\n}\n",
		  "f:1: scope a: action kill is not possible for class sensor_tamper" },
		{ SCOPE("a", "") SCOPE("a", ""), "f:6: \"a\" is there twice; give each exclude and scope its own name" },
		{ "scope {\n}\n", "f:1: missing title for section 'scope'" },
		/* the budget */
		{ "budget {\n per-minute = 1000001\n}\n",
		  "f:2: per-minute is \"1000001\"; a number from 0 (no limit) to 1000000 is needed" },
		{ "budget {\n per-minute = -1\n}\n", "f:2: per-minute is \"-1\"" },
		{ "budget {\n per-minute = 12x\n}\n", "f:2: per-minute is \"12x\"" },
		{ "budget {\n per-executable = 0\n}\n",
		  "f:2: per-executable is \"0\"; a number from 1 to 1000000 is needed" },
		{ "budget {\n per-executable = 99999999999999999999\n}\n",
		  "f:2: per-executable is" },
		{ "budget {\n per-hour = 1\n}\n",
		  "f:2: unknown key \"per-hour\" in the budget; known are: per-minute, per-executable" },
		{ "budget {\n per-minute = 1\n per-minute = 2\n}\n",
		  "f:3: per-minute is given twice" },
		{ "budget {\n}\n\nbudget {\n per-minute = 1\n}\n",
		  "f:4: budget is there twice; put its keys into one section" },
		/* excludes */
		{ "exclude a {\n exe = /x\n reason = y\n}\n",
		  "f:1: exclude \"a\" names no class; give one" },
		{ "exclude a {\n classes = {}\n exe = /x\n reason = y\n}\n",
		  "f:1: exclude \"a\" names no class" },
		{ "exclude a {\n classes = {rwx_mprotect, rwx}\n}\n",
		  "f:2: unknown class \"rwx\"; known are:" },
		{ "\nexclude a {\n classes = {rwx_mprotect}\n exe = /x\n}\n",
		  "f:2: exclude \"a\" gives no reason; say why" },
		{ "exclude a {\n classes = {rwx_mprotect}\n reason = y\n}\n",
		  "f:1: exclude \"a\" says of whom nothing" },
		{ EXCLUDE("a", " comm = httpd\n"),
		  "f:1: exclude \"a\" trusts comm, which any process can set" },
		{ EXCLUDE("a", " comm = sixteen-bytes-is\n"),
		  "f:5: comm is 16 bytes long; at most 15 are possible" },
		{ EXCLUDE("a", " comn = httpd\n"),
		  "f:5: unknown key \"comn\" in an exclude; known are: classes, exe, comm, uid, cgroup, inode, sha256, unsafe" },
		{ EXCLUDE("a", " inode = \"1:2:3:4\"\n"),
		  "f:5: inode is \"1:2:3:4\"; device, number, generation and change time of a file are needed, as in inode = \"264241153:" },
		{ EXCLUDE("a", " sha256 = abc\n"),
		  "f:5: sha256 is \"abc\"; the 64 hexadecimal digits of a SHA-256 are needed" },
		{ EXCLUDE("a", " sha256 = \"" DIGITS "0\"\n"), "f:5: sha256 is" },
		{ EXCLUDE("a", " sha256 = \"" NO_DIGIT "\"\n"), "f:5: sha256 is" },
		{ EXCLUDE("a", " exe = /y\n"), "f:5: exe is given twice" },
		{ EXCLUDE("a", " cgroup = user.slice\n"),
		  "f:5: cgroup is \"user.slice\"; an absolute path or glob" },
		{ EXCLUDE("a", " author = \"\"\n"), "f:5: author is empty" },
		{ EXCLUDE("a", " uid = root\n"),
		  "f:5: uid is \"root\"; a number from 0 to 4294967294" },
		{ EXCLUDE("a", " uid = 4294967295\n"), "f:5: uid is" },
		{ EXCLUDE("a", " uid = -1\n"), "f:5: uid is \"-1\"" },
		{ EXCLUDE("a", " unsafe = 2\n"),
		  "f:5: unsafe is \"2\"; true or false is needed" },
		{ EXCLUDE("a", " expires = tomorrow\n"),
		  "f:5: expires is \"tomorrow\"; a UTC time is needed" },
		{ EXCLUDE("a", " expires = \"2030-02-30T00:00:00Z\"\n"),
		  "f:5: expires is" },
		{ EXCLUDE("a", " expires = \"2030-02-03T00:00:00+01:00\"\n"),
		  "f:5: expires is" },
		{ EXCLUDE("a", " expires = \"2020-01-01\"\n"),
		  "f:1: exclude \"a\" expired at 2020-01-01T00:00:00Z; remove it" },
		{ EXCLUDE("a", "") EXCLUDE("a", ""), "f:6: \"a\" is there twice" },
		{ EXCLUDE("'a b'", ""), "f:1: the name \"a b\" is not possible" },
		{ EXCLUDE("\"\\x1b[31m\"", ""),
		  "f:1: the name \"\\x1b[31m\" is not possible" },
		{ "exclude a {\n exe = \"usr\\x1b\\xff\"\n}\n",
		  "f:2: exe is \"usr\\x1b\\xff\"; an absolute path" },
		/* the file as such */
		{ "clas x {\n}\n", "f:1: unknown key \"clas\"; known are: class, scope, budget, exclude" },
		{ "action = log\n", "f:1: unknown key \"action\"; known are: class, scope, budget, exclude" },
		{ "\n\nexclude a {\n exe = /x\n",
		  "f:4: the file ends inside a section; a closing } is needed" },
		{ "exclude a {\n exe = \"/x\n", "f:2: the file ends inside a string" },
		{ "/* " EXCLUDE("a", ""), "f:5: the file ends inside a comment" },
		{ "exclude {\n}\n", "f:1: missing title for section 'exclude'" },
		{ "exclude a }\n", "f:1: missing opening brace" },
		{ "\"class=\x1b[2J\x9f|a\" = 1\n", "f:1: no sub-section '?[2J?' in 'class'" },
		{ EXCLUDE("a", "") "\"exclude=a|exe\" = \"/usr/bin/y\"\n",
		  "f:6: exe is given outside its section; write it between" },
		{ "class rwx_mprotect {\n}\n\"class|action\" = off\n",
		  "f:3: action is given outside its section" },
		{ SCOPE("a", "") "\"scope=a|action\" = off\n",
		  "f:6: action is given outside its section" },
		{ "budget {\n}\n\"budget|per-minute\" = 0\n",
		  "f:3: per-minute is given outside its section" },
		{ "include(\"/etc/passwd\")\n", "f:1: unknown key \"include\"" },
		{ EXCLUDE("a", " author = \"${HOME}\"\n"),
		  "f:5: \"${\" stands for a variable of the environment" },
		{ EXCLUDE("a", " author = \"\\\\${HOME}\"\n"), "f:5: \"${\"" },
	};
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		memset(&rules, 0x5a, sizeof(rules));
		if (parse(rows[i].text, NULL, &rules, why) != -EINVAL)
			fail_msg("accepted, or another error: %s",
				 rows[i].text);
		if (strncmp(why, rows[i].why, strlen(rows[i].why)))
			fail_msg("said: %s\n expected: %s", why, rows[i].why);
		/* Nothing applied. */
		assert_int_equal(rules.generation, 0x5a5a5a5a);
	}
}

static void accepted(void **state)
{
	static const char text[] =
		"# a comment\n"
		"class exec_memory {\n\taction = deny self-clone = report repeat = 0\n}\n"
		"class rwx_mprotect { action = kill known = report window = 12h init = deny }\n"
		"scope 'web' { classes = {rwx_mmap, exec_memory} action = off\n"
		"  cgroup = \"/system.slice/**\" }\n"
		"budget { per-minute = 0 }\n"
		"scope all { known = exempt cgroup = / classes = {rwx_mmap} action = kill }\n"
		"exclude \"one\" {\n"
		"\tclasses = {rwx_mprotect, rwx_mmap}\n"
		"\texe = \"/opt/*/bin/n?de\"\n"
		"\tuid = 0\n"
		"\tcgroup = '/system.slice/**'\n"
		"\tcomm = node unsafe = yes\n"
		"\tinode = \"4294967295:18446744073709551615:7:-5.000000009\"\n"
		"\tsha256 = " DIGITS "\n"
		"\treason = \"a \\\"quoted\\\" \\\\ reason, $5, \\${X}, caf\xc3\xa9\"\n"
		"\tauthor = alice\n"
		"\texpires = \"2030-12-31T12:34:56Z\"\n"
		"}\n";
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX];
	const struct client_exemption *one;

	(void)state;
	if (parse(text, NULL, &rules, why))
		fail_msg("%s", why);
	assert_int_equal(rules.classes, WXGUARD_CLASS_MAX);
	assert_int_equal(rules.class[0].id, WXGUARD_CLASS_RWX_MPROTECT);
	assert_int_equal(rules.class[0].action, WXGUARD_ACTION_KILL);
	assert_int_equal(rules.class[0].known, 0);
	assert_int_equal(rules.class[0].window, 43200);
	assert_int_equal(rules.class[1].action, WXGUARD_ACTION_DENY);
	assert_int_equal(rules.class[1].window, WXGUARD_WINDOW_DEFAULT);
	assert_int_equal(rules.class[0].init, 1);
	assert_int_equal(rules.class[0].repeat, WXGUARD_REPEAT_DEFAULT);
	assert_int_equal(rules.class[1].repeat, 0);
	assert_int_equal(rules.class[1].self_clone, 0);
	assert_int_equal(rules.class[1].init, 0);
	assert_int_equal(class_of(&rules, WXGUARD_CLASS_RWX_MMAP)->action,
			 WXGUARD_ACTION_LOG);
	assert_int_equal(rules.budget, 0);
	assert_int_equal(rules.budget_exe, WXGUARD_BUDGET_EXE_DEFAULT);
	assert_int_equal(rules.scopes, 2);
	assert_string_equal(rules.scope[0].name, "web");
	assert_string_equal(rules.scope[0].cgroup, "/system.slice/**");
	assert_int_equal(rules.scope[0].classes,
			 1 << WXGUARD_CLASS_RWX_MMAP |
				 1 << WXGUARD_CLASS_EXEC_MEMORY);
	assert_int_equal(rules.scope[0].action, WXGUARD_ACTION_OFF);
	assert_false(rules.scope[0].has_known);
	assert_true(rules.scope[1].has_known);
	assert_int_equal(rules.scope[1].known, 1);
	assert_int_equal(rules.scope[1].action, WXGUARD_ACTION_KILL);
	assert_int_equal(rules.count, 1);
	one = &rules.exemption[0];
	assert_string_equal(one->name, "one");
	assert_int_equal(one->classes, 1 << WXGUARD_CLASS_RWX_MPROTECT |
				       1 << WXGUARD_CLASS_RWX_MMAP);
	assert_string_equal(one->exe, "/opt/*/bin/n?de");
	assert_true(one->has_uid);
	assert_int_equal(one->uid, 0);
	assert_string_equal(one->cgroup, "/system.slice/**");
	assert_string_equal(one->comm, "node");
	assert_true(one->unsafe);
	assert_string_equal(one->reason,
			    "a \"quoted\" \\ reason, $5, ${X}, caf\xc3\xa9");
	assert_int_equal(one->expires, 1924950896);
	assert_true(one->has_identity && one->has_sha256 && !one->has_fd);
	assert_int_equal(one->dev, UINT32_MAX);
	assert_true(one->ino == UINT64_MAX);
	assert_int_equal(one->generation, 7);
	assert_int_equal(one->ctime_sec, -5);
	assert_int_equal(one->ctime_nsec, 9);
	assert_int_equal(one->sha256[0], 0);
	assert_int_equal(one->sha256[1], 0x11);
	assert_int_equal(one->sha256[31], 0xff);
	assert_int_equal(rules_text_check(&rules, NOW, why), 0);
	client_rules_free(&rules);
}

static void empty_file(void **state)
{
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX];

	(void)state;
	assert_int_equal(parse("", NULL, &rules, why), 0);
	assert_int_equal(rules.classes, WXGUARD_CLASS_MAX);
	assert_int_equal(rules.count, 0);
	assert_int_equal(rules.scopes, 0);
	assert_int_equal(rules.budget, WXGUARD_BUDGET_DEFAULT);
	assert_int_equal(class_of(&rules, WXGUARD_CLASS_EXEC_MEMORY)->self_clone,
			 1);
	client_rules_free(&rules);
}

static char *print(const struct client_rules *rules)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(rules_text_print(out, rules), 0);
	fclose(out);
	return text;
}

static void same_rules(const struct client_rules *a,
		       const struct client_rules *b)
{
	unsigned int i;

	assert_int_equal(a->classes, b->classes);
	assert_memory_equal(a->class, b->class,
			    a->classes * sizeof(a->class[0]));
	assert_int_equal(a->count, b->count);
	for (i = 0; i < a->count; i++) {
		const struct client_exemption *x = &a->exemption[i];
		const struct client_exemption *y = &b->exemption[i];

		assert_string_equal(x->name, y->name);
		assert_int_equal(x->classes, y->classes);
		assert_string_equal(x->exe, y->exe);
		assert_string_equal(x->comm, y->comm);
		assert_string_equal(x->cgroup, y->cgroup);
		assert_int_equal(x->has_uid, y->has_uid);
		assert_int_equal(x->uid, y->uid);
		assert_int_equal(x->unsafe, y->unsafe);
		assert_string_equal(x->reason, y->reason);
		assert_string_equal(x->author, y->author);
		assert_int_equal(x->expires, y->expires);
		assert_int_equal(x->has_sha256, y->has_sha256);
		assert_memory_equal(x->sha256, y->sha256, sizeof(x->sha256));
		/* What a content was pinned to is no rule. */
		assert_int_equal(x->has_identity && !x->has_sha256,
				 y->has_identity);
		if (!y->has_identity)
			continue;
		assert_int_equal(x->dev, y->dev);
		assert_true(x->ino == y->ino);
		assert_int_equal(x->generation, y->generation);
		assert_true(x->ctime_sec == y->ctime_sec);
		assert_int_equal(x->ctime_nsec, y->ctime_nsec);
	}
	assert_int_equal(a->budget, b->budget);
	assert_int_equal(a->budget_exe, b->budget_exe);
	assert_int_equal(a->scopes, b->scopes);
	for (i = 0; i < a->scopes; i++) {
		assert_string_equal(a->scope[i].name, b->scope[i].name);
		assert_string_equal(a->scope[i].cgroup, b->scope[i].cgroup);
		assert_int_equal(a->scope[i].classes, b->scope[i].classes);
		assert_int_equal(a->scope[i].action, b->scope[i].action);
		assert_int_equal(a->scope[i].has_known, b->scope[i].has_known);
		assert_int_equal(a->scope[i].known, b->scope[i].known);
	}
}

/* Lines that begin with one, as print writes them. */
static void without_comments(char *text)
{
	char *at, *end;

	while ((at = strstr(text, "\n\t# "))) {
		end = strchr(at + 1, '\n');
		memmove(at, end, strlen(end) + 1);
	}
}

/* Everything that has a meaning to libconfuse, to C or to a terminal. */
static void round_trip(void **state)
{
	static const char *const texts[] = {
		"plain", "\"", "\\", "\\\\\"", "${HOME}", "$", "# no comment",
		"/* none */", "// none", "}", "{", "'", "a\nb\tc", "\x1b[31m",
		"\x7f", "caf\xc3\xa9", "\xff\xfe", " ", "=", "\\n", "\\x41",
		"\\${HOME}", "a\\", "%s%n", "trailing \\\\",
	};
	struct client_rules rules, again;
	char why[RULES_TEXT_WHY_MAX], *first, *second;
	size_t i;

	(void)state;
	assert_int_equal(parse("", NULL, &rules, why), 0);
	rules.class[0].window = 90061;
	rules.class[1].action = WXGUARD_ACTION_OFF;
	rules.class[1].self_clone = 0;
	rules.class[2].repeat = 0;
	rules.class[3].repeat = 86400;
	rules.class[3].init = 1;
	rules.budget = 0;
	rules.budget_exe = 1000000;
	rules.scope = calloc(COUNT(texts), sizeof(*rules.scope));
	rules.scopes = COUNT(texts);
	for (i = 0; i < COUNT(texts); i++) {
		struct client_scope *scope = &rules.scope[i];

		snprintf(scope->name, sizeof(scope->name), "s%zu", i);
		snprintf(scope->cgroup, sizeof(scope->cgroup), "/%sx", texts[i]);
		scope->classes = 2u << i % 2;
		scope->action = i % __WXGUARD_ACTION_MAX;
		scope->has_known = i % 3 > 0;
		scope->known = i % 3 > 1;
	}
	rules.exemption = calloc(COUNT(texts), sizeof(*rules.exemption));
	rules.count = COUNT(texts);
	for (i = 0; i < COUNT(texts); i++) {
		struct client_exemption *one = &rules.exemption[i];

		snprintf(one->name, sizeof(one->name), "n%zu", i);
		one->classes = 1 << WXGUARD_CLASS_EXEC_MEMORY;
		/* A glob may not end in a single backslash. */
		snprintf(one->exe, sizeof(one->exe), "/%sx", texts[i]);
		if (strlen(texts[i]) <= WXGUARD_COMM_MAX)
			snprintf(one->comm, sizeof(one->comm), "%s", texts[i]);
		one->unsafe = true;
		one->has_uid = i % 2;
		one->uid = i % 2 ? (uint32_t)i : 0;
		snprintf(one->reason, sizeof(one->reason), "%s", texts[i]);
		snprintf(one->author, sizeof(one->author), "%s", texts[i]);
		one->expires = i % 3 ? NOW + i : 0;
		one->has_identity = i % 4 > 0;
		one->has_sha256 = i % 4 > 1;
		if (one->has_identity) {
			one->dev = (uint32_t)i << 20 | 1;
			one->ino = UINT64_MAX - i;
			one->generation = UINT32_MAX;
			one->ctime_sec = (int64_t)i - 5;
			one->ctime_nsec = (uint32_t)i;
		}
		if (one->has_sha256)
			memset(one->sha256, (int)i + 200, sizeof(one->sha256));
	}
	first = print(&rules);
	if (parse(first, NULL, &again, why))
		fail_msg("%s in\n%s", why, first);
	same_rules(&rules, &again);
	second = print(&again);
	without_comments(first);
	without_comments(second);
	assert_string_equal(first, second);
	free(first);
	free(second);
	client_rules_free(&rules);
	client_rules_free(&again);
}

/* The daemon must come up although an exclusion ran out meanwhile. */
static void expired_left_out(void **state)
{
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX];
	unsigned int expired = 77;

	(void)state;
	assert_int_equal(parse(EXCLUDE("a", " expires = \"2020-01-01\"\n")
			       EXCLUDE("b", "")
			       EXCLUDE("c", " expires = \"2099-01-01\"\n"),
			       &expired, &rules, why), 0);
	assert_int_equal(expired, 1);
	assert_int_equal(rules.count, 2);
	assert_string_equal(rules.exemption[0].name, "b");
	client_rules_free(&rules);
}

static void too_many(void **state)
{
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX], *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int i;

	(void)state;
	for (i = 0; i < WXGUARD_EXEMPTIONS_MAX; i++)
		fprintf(out, "exclude n%d { classes = {rwx_mmap} uid = 1 reason = r }\n", i);
	fflush(out);
	if (parse(text, NULL, &rules, why))
		fail_msg("%s", why);
	assert_int_equal(rules.count, WXGUARD_EXEMPTIONS_MAX);
	client_rules_free(&rules);
	fputs("exclude more { classes = {rwx_mmap} uid = 1 reason = r }\n", out);
	fclose(out);
	assert_int_equal(parse(text, NULL, &rules, why), -EINVAL);
	assert_string_equal(why, "f:1025: more than 1024 exclusions; the module takes no more");
	free(text);
}

static void files(void **state)
{
	char dir[] = "/tmp/wxguard-rules-XXXXXX", path[64], why[RULES_TEXT_WHY_MAX];
	struct client_rules rules, again;
	struct stat stat_of;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/rules.conf", dir);
	assert_int_equal(rules_text_parse(path, NOW, NULL, &rules, why),
			 -ENOENT);
	assert_non_null(strstr(why, "cannot be read: No such file"));
	assert_int_equal(rules_text_parse(dir, NOW, NULL, &rules, why),
			 -EINVAL);
	assert_int_equal(parse(EXCLUDE("a", ""), NULL, &rules, why), 0);
	assert_int_equal(rules_text_save(path, &rules), 0);
	assert_int_equal(stat(path, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 07777, 0640);
	/* Over one that is there, whose mode stays. */
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(rules_text_save(path, &rules), 0);
	assert_int_equal(rules_text_parse(path, NOW, NULL, &again, why), 0);
	same_rules(&rules, &again);
	assert_int_equal(stat(path, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 07777, 0600);
	assert_int_equal(rules_text_save("/proc/none/rules.conf", &rules),
			 -ENOENT);
	client_rules_free(&rules);
	client_rules_free(&again);
	/* No temporary file stays. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static char *slurp(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = calloc(1, 65536);

	assert_non_null(in);
	assert_non_null(text);
	assert_true(fread(text, 1, 65535, in) > 0);
	fclose(in);
	return text;
}

static void preset(void **state)
{
	const char *root = getenv("WXGUARD_ROOT");
	char path[PATH_MAX], why[RULES_TEXT_WHY_MAX];
	struct client_rules rules;
	unsigned int i, found = 0;

	(void)state;
	/* The runner starts in tests/unit, a person perhaps at the top. */
	snprintf(path, sizeof(path), "%s/userspace/presets/seed-2025-01.conf",
		 root ? root : access("userspace", F_OK) ? "../.." : ".");
	if (rules_text_parse(path, NOW, NULL, &rules, why))
		fail_msg("%s", why);
	for (i = 0; i < rules.count; i++) {
		const struct client_exemption *one = &rules.exemption[i];

		assert_int_equal(one->classes, 1 << WXGUARD_CLASS_RWX_MPROTECT);
		found += !strcmp(one->exe, "/usr/share/kibana/node/bin/node");
		found += !strcmp(one->exe, "/usr/share/elasticsearch/jdk/bin/java");
		found += !strcmp(one->exe, "/usr/sbin/apache2");
		found += !strcmp(one->comm, "httpd") && one->unsafe;
	}
	assert_int_equal(found, 4);
	client_rules_free(&rules);
}

/* Whatever stands before it, and however libconfuse counts that. */
static void lines(void **state)
{
	static const struct {
		const char *before;
		int line;
	} rows[] = {
		{ "", 2 },
		{ "\n\n", 4 },
		{ "# c\n", 3 },
		{ "#\n##\n   # x\n", 5 },
		{ "// c\n//c\n", 4 },
		{ "/* c */\n", 3 },
		{ "/* a\n * b\n */ /**/\n\n", 6 },
		{ "# it's \"one\n", 3 },
		{ "/* it's # one */ # \"\n", 3 },
		{ EXCLUDE("a", " author = 'a # b' # c\n cgroup = \"/a//b/*\"\n"), 9 },
		{ "exclude a {\n classes = {rwx_mmap} uid = 1\n exe = /a//b # c\n reason = x#y\n}\n", 7 },
		{ EXCLUDE("a", " author = \"a \\\" # b\n c\\\n d\"\n"), 10 },
		{ "class rwx_mmap { # c\n action = log // d\n} /* e\n*/\n", 6 },
	};
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX], text[512], want[64];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		snprintf(text, sizeof(text), "%sclass exec_memory {\n action = ?\n}\n# c\n\n\n\n\n\n\n",
			 rows[i].before);
		snprintf(want, sizeof(want), "f:%d: action is \"?\"",
			 rows[i].line);
		assert_int_equal(parse(text, NULL, &rules, why), -EINVAL);
		if (strncmp(why, want, strlen(want)))
			fail_msg("%s\nsaid: %s\n expected: %s", text, why, want);
	}
}

/* The file that is shipped says what holds without it. */
static void shipped(void **state)
{
	const char *root = getenv("WXGUARD_ROOT");
	char path[PATH_MAX], why[RULES_TEXT_WHY_MAX], *text;
	struct client_rules rules, defaults;
	unsigned int id;

	(void)state;
	snprintf(path, sizeof(path), "%s/userspace/etc/rules.conf",
		 root ? root : access("userspace", F_OK) ? "../.." : ".");
	if (rules_text_parse(path, NOW, NULL, &rules, why))
		fail_msg("%s", why);
	assert_int_equal(parse("", NULL, &defaults, why), 0);
	same_rules(&rules, &defaults);
	client_rules_free(&rules);
	client_rules_free(&defaults);
	/* And it names each class: its name stands for the default. */
	text = slurp(path);
	for (id = 1; id <= WXGUARD_CLASS_MAX; id++) {
		snprintf(why, sizeof(why), "\nclass %s {\n",
			 wxg_class_lookup(id)->name);
		assert_non_null(strstr(text, why));
	}
	free(text);
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint32_t seconds;
		const char *printed;
	} rows[] = {
		{ "7d", 0, 604800, "7d" },	{ "168h", 0, 604800, "7d" },
		{ "45", 0, 45, "45s" },		{ "90m", 0, 5400, "90m" },
		{ "0s", 0, 0, "0s" },		{ "4294967295s", 0, UINT32_MAX, "4294967295s" },
		{ "4294967296", -ERANGE, 0, NULL },
		{ "49711d", -ERANGE, 0, NULL },	{ "", -EINVAL, 0, NULL },
		{ "d", -EINVAL, 0, NULL },	{ "1dd", -EINVAL, 0, NULL },
		{ "1 d", -EINVAL, 0, NULL },	{ "+1d", -EINVAL, 0, NULL },
		{ "1w", -EINVAL, 0, NULL },	{ "1.5h", -EINVAL, 0, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		uint32_t seconds = 0;
		char text[16];

		assert_int_equal(rules_text_duration(rows[i].text, &seconds),
				 rows[i].error);
		assert_int_equal(seconds, rows[i].seconds);
		if (rows[i].error)
			continue;
		rules_text_duration_print(seconds, text);
		assert_string_equal(text, rows[i].printed);
	}
}

static void inodes(void **state)
{
	static const struct {
		const char *text;
		int error;
	} rows[] = {
		{ "0:0:0:0.000000000", 0 },
		{ "1:2:3:-4.999999999", 0 },
		{ "4294967295:18446744073709551615:4294967295:9223372036854775807.000000001", 0 },
		{ "", -EINVAL },
		{ "1:2:3:4", -EINVAL },
		{ "1:2:3:4.5", -EINVAL },
		{ "1:2:3:4.1000000000", -EINVAL },
		{ "1:2:3:4.0000000001", -EINVAL },
		{ " 1:2:3:4.000000005", -EINVAL },
		{ "01:2:3:4.000000005", -EINVAL },
		{ "+1:2:3:4.000000005", -EINVAL },
		{ "-1:2:3:4.000000005", -EINVAL },
		{ "1:2:3:4.000000005x", -EINVAL },
		{ "4294967296:2:3:4.000000005", -EINVAL },
		{ "1:18446744073709551616:3:4.000000005", -EINVAL },
		{ "1:2:4294967296:4.000000005", -EINVAL },
		{ "1:2:3:9223372036854775808.000000005", -EINVAL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct client_exemption read = { .dev = 77 };
		char again[RULES_TEXT_INODE_MAX];

		if (rules_text_inode(rows[i].text, &read) != rows[i].error)
			fail_msg("%s", rows[i].text);
		rules_text_inode_print(&read, again);
		if (rows[i].error)
			assert_string_equal(again, "77:0:0:0.000000000");
		else
			assert_string_equal(again, rows[i].text);
	}
}

/* Legal, and so a file may hold it; but it takes someone who insists. */
static void dangers(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ EXCLUDE("a", ""), NULL },
		{ "exclude a {\n classes = {rwx_mprotect}\n exe = \"/**\"\n reason = y\n}\n",
		  "the exe glob of exemption a fits any path; put a name in it, add a matcher, or force it" },
		{ "exclude a {\n classes = {rwx_mprotect}\n exe = \"/**\"\n reason = y\n sha256 = " DIGITS "\n}\n",
		  NULL },
		{ "class exec_unknown {\n action = deny\n}\n", NULL },
		{ "class exec_unknown {\n action = deny known = report\n}\n",
		  "class exec_unknown: deny of exec_unknown without known = exempt stops each program; exempt the known ones, or force it" },
	};
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		if (parse(rows[i].text, NULL, &rules, why))
			fail_msg("%s", why);
		assert_int_equal(rules_text_check(&rules, NOW, why), 0);
		/* Of what is known, the module alone can say how much. */
		assert_int_equal(rules_text_dangers(&rules, why),
				 rows[i].why ? -EINVAL : 0);
		if (rows[i].why)
			assert_string_equal(why, rows[i].why);
		client_rules_free(&rules);
	}
}

static void too_many_scopes(void **state)
{
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX], *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int i;

	(void)state;
	for (i = 0; i < WXGUARD_SCOPES_MAX; i++)
		fprintf(out, "scope n%d { classes = {rwx_mmap} cgroup = /a action = log }\n", i);
	fflush(out);
	if (parse(text, NULL, &rules, why))
		fail_msg("%s", why);
	assert_int_equal(rules.scopes, WXGUARD_SCOPES_MAX);
	client_rules_free(&rules);
	fputs("scope more { classes = {rwx_mmap} cgroup = /a action = log }\n", out);
	fclose(out);
	assert_int_equal(parse(text, NULL, &rules, why), -EINVAL);
	assert_string_equal(why, "f:65: more than 64 scopes; the module takes no more");
	free(text);
}

static void check_values(void **state)
{
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX];

	(void)state;
	assert_int_equal(parse(EXCLUDE("a", ""), NULL, &rules, why), 0);
	rules.class[0].action = 9;
	assert_int_equal(rules_text_check(&rules, NOW, why), -ERANGE);
	assert_non_null(strstr(why, "rwx_mprotect"));
	rules.class[0].action = 1;
	rules.class[0].id = 99;
	assert_int_equal(rules_text_check(&rules, NOW, why), -EINVAL);
	rules.class[0].id = 1;
	assert_int_equal(rules_text_check(&rules, NOW, why), 0);
	rules.class[0].self_clone = 1;
	assert_int_equal(rules_text_check(&rules, NOW, why), -EINVAL);
	assert_non_null(strstr(why, "self-clones exist for class exec_memory"));
	rules.class[0].self_clone = 0;
	rules.class[0].repeat = WXGUARD_REPEAT_MAX + 1;
	assert_int_equal(rules_text_check(&rules, NOW, why), -ERANGE);
	assert_non_null(strstr(why, "a repeat time of 86401 s"));
	rules.class[0].repeat = 0;
	rules.class[rules.classes - 1].init = 1;
	assert_int_equal(rules_text_check(&rules, NOW, why), -EINVAL);
	assert_non_null(strstr(why, "init is not possible"));
	rules.class[rules.classes - 1].init = 0;
	rules.budget = WXGUARD_BUDGET_MAX + 1;
	assert_int_equal(rules_text_check(&rules, NOW, why), -ERANGE);
	assert_non_null(strstr(why, "denials per minute"));
	/* None is given: the default holds. */
	rules.budget_exe = 0;
	assert_int_equal(rules_text_check(&rules, NOW, why), 0);
	rules.exemption[0].reason[0] = '\0';
	assert_int_equal(rules_text_check(&rules, NOW, why), -EINVAL);
	assert_non_null(strstr(why, "gives no reason"));
	client_rules_free(&rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(accepted),
		cmocka_unit_test(empty_file),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(expired_left_out),
		cmocka_unit_test(too_many),
		cmocka_unit_test(files),
		cmocka_unit_test(preset),
		cmocka_unit_test(lines),
		cmocka_unit_test(shipped),
		cmocka_unit_test(durations),
		cmocka_unit_test(inodes),
		cmocka_unit_test(dangers),
		cmocka_unit_test(too_many_scopes),
		cmocka_unit_test(check_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
