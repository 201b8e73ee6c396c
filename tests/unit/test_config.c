// SPDX-License-Identifier: GPL-2.0-or-later
/* wxguard.conf: what is accepted, and the one sentence for what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uapi/linux/wxguard.h>

#include "../../userspace/lib/config.h"

static char dir[] = "/tmp/wxguard-config-XXXXXX";
static char main_path[64], drop_dir[64];

static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static void drop_in(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", drop_dir, name);
	if (text)
		write_file(path, text);
	else
		unlink(path);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(main_path, sizeof(main_path), "%s/wxguard.conf", dir);
	snprintf(drop_dir, sizeof(drop_dir), "%s/conf.d", dir);
	return mkdir(drop_dir, 0700);
}

static int teardown(void **state)
{
	(void)state;
	unlink(main_path);
	rmdir(drop_dir);
	return rmdir(dir);
}

static void test_defaults(void **state)
{
	char why[CONFIG_WHY_MAX];
	struct config config;

	(void)state;
	write_file(main_path, "# nothing\n");
	assert_int_equal(config_load(main_path, &config, why), 0);
	assert_false(config.has_mode);
	assert_true(config.json.enabled);
	assert_true(config.json.fsync);
	assert_int_equal(config.journal, CONFIG_AUTO);
	assert_false(config.stdout_enabled);
	assert_false(config.syslog.enabled);
	assert_string_equal(config.syslog.path, "/dev/log");
	assert_int_equal(config.syslog.facility, 10);
	assert_false(config.stream.enabled);
	assert_int_equal(config.known_interval, 60);
	assert_string_equal(config.json.path, CONFIG_FINDINGS_PATH);
}

static void test_every_key(void **state)
{
	char why[CONFIG_WHY_MAX];
	struct config config;

	(void)state;
	write_file(main_path,
		   "mode = enforce\nstore = \"/s\"\nfsync = never\nrules = \"/r\"\n"
		   "known_interval = 5m\nfindings_keep = 500\nhash_max_size = 1M\n"
		   "findings_age = 90d\nfindings_size = 2G\nevidence_size = 256M\n"
		   "host_id = none\nlog_level = debug\nredact = \"--password=*, url\"\n"
		   "read_group = secops-1.x\n"
		   "output json { enabled = no\n path = \"/j\"\n max_size = 64K\n"
		   " keep = 0\n fsync = never }\n"
		   "output journal { enabled = yes }\noutput stdout { enabled = yes }\n"
		   "output syslog { enabled = yes\n path = \"/s\"\n format = cee\n"
		   " facility = local3\n max_size = 32K }\n"
		   "output unix { enabled = yes\n path = \"/u\" }\n"
		   "output metrics { enabled = yes\n path = \"/m\"\n interval = 2m }\n");
	if (config_load(main_path, &config, why))
		fail_msg("%s", why);
	assert_true(config.has_mode);
	assert_int_equal(config.mode, WXGUARD_MODE_ENFORCE);
	assert_string_equal(config.store, "/s");
	assert_false(config.fsync);
	assert_string_equal(config.rules, "/r");
	assert_int_equal(config.known_interval, 300);
	assert_int_equal(config.findings_keep, 500);
	assert_int_equal(config.findings_age, 90 * 86400);
	assert_int_equal(config.findings_size, UINT64_C(2) << 30);
	assert_int_equal(config.evidence_size, UINT64_C(256) << 20);
	assert_int_equal(config.hash_max_size, 1 << 20);
	assert_int_equal(config.host_id, CONFIG_HOST_NONE);
	assert_int_equal(config.log_level, CONFIG_DEBUG);
	assert_int_equal(config.redact.count, 1);
	assert_true(config.redact.url);
	assert_true(config.has_read_group);
	assert_string_equal(config.read_group, "secops-1.x");
	assert_false(config.json.enabled);
	assert_false(config.json.fsync);
	assert_string_equal(config.json.path, "/j");
	assert_int_equal(config.json.max_size, 65536);
	assert_int_equal(config.json.keep, 0);
	assert_int_equal(config.journal, CONFIG_YES);
	assert_true(config.stdout_enabled);
	assert_true(config.syslog.enabled);
	assert_string_equal(config.syslog.path, "/s");
	assert_int_equal(config.syslog.format, CONFIG_CEE);
	assert_int_equal(config.syslog.facility, 19);
	assert_int_equal(config.syslog.max_size, 32768);
	assert_true(config.stream.enabled);
	assert_string_equal(config.stream.path, "/u");
	assert_true(config.metrics.enabled);
	assert_string_equal(config.metrics.path, "/m");
	assert_int_equal(config.metrics.interval, 120);
}

/* Byte order of the names; a later value replaces an earlier one. */
static void test_drop_ins(void **state)
{
	char why[CONFIG_WHY_MAX];
	struct config config;

	(void)state;
	write_file(main_path, "mode = off\nknown_interval = 10\noutput json { keep = 7 }\n");
	drop_in("10-a.conf", "mode = learn\noutput json { max_size = 1M }\n");
	drop_in("9-b.conf", "mode = detect\n");
	drop_in("ignored.bak", "nonsense\n");
	if (config_load(main_path, &config, why))
		fail_msg("%s", why);
	assert_int_equal(config.mode, WXGUARD_MODE_DETECT);
	assert_int_equal(config.known_interval, 10);
	assert_int_equal(config.json.keep, 7);
	assert_int_equal(config.json.max_size, 1 << 20);
	drop_in("9-b.conf", NULL);
	drop_in("10-a.conf", NULL);
	drop_in("ignored.bak", NULL);
}

static const struct refusal {
	const char *text;
	unsigned int line;
	const char *says[3];
} refusals[] = {
	{ "moode = detect\n", 1, { "moode", "known are: mode, store" } },
	{ "\nmode = loud\n", 2, { "\"loud\"", "off, learn, detect or enforce" } },
	{ "store = relative\n", 1, { "\"relative\"", "absolute path" } },
	{ "known_interval = 0\n", 1, { "\"0\"", "1s to 1d" } },
	{ "known_interval = 9d\n", 1, { "\"9d\"", "1s to 1d" } },
	{ "findings_keep = -1\n", 1, { "\"-1\"", "whole number" } },
	{ "findings_keep = 5\n", 1, { "\"5\"", "from 100" } },
	{ "findings_age = 5m\n", 1, { "\"5m\"", "a time from 1h", "or 0" } },
	{ "findings_age = long\n", 1, { "\"long\"", "findings_age = 90d" } },
	{ "findings_size = 5K\n", 1, { "\"5K\"", "size from 1048576" } },
	{ "evidence_size = 5K\n", 1, { "evidence_size", "size from 1048576" } },
	{ "hash_max_size = 64Q\n", 1, { "\"64Q\"", "as in hash_max_size = 64M" } },
	{ "hash_max_size = 99999999999999999999\n", 1, { "size from" } },
	{ "hash_max_size = 99999999999T\n", 1, { "size from" } },
	{ "fsync = sometimes\n", 1, { "\"sometimes\"", "never or batch" } },
	{ "host_id = mine\n", 1, { "machine-id or none" } },
	{ "\nredact = \"secret\"\n", 2, { "redact", "\"secret\"", "--password=*" } },
	{ "read_group = \"\"\n", 1, { "one group is needed" } },
	{ "read_group = \"adm wheel\"\n", 1, { "\"adm wheel\"", "as in read_group = wxguard" } },
	{ "read_group = 4294967295\n", 1, { "\"4294967295\"" } },
	{ "read_group = 4711x\n", 1, { "\"4711x\"" } },
	{ "read_group = -adm\n", 1, { "\"-adm\"" } },
	{ "log_level = loud\n", 1, { "error, warning, info or debug" } },
	{ "mode = off\n\noutput json {\n path = \"x\"\n}\n", 4, { "path", "absolute" } },
	{ "output json {\n\n max_size = 1\n}\n", 3, { "max_size", "65536" } },
	{ "output json { keep = 1001 }\n", 1, { "keep", "to 1000" } },
	{ "output json { colour = red }\n", 1, { "colour", "known are: enabled" } },
	{ "output journal { path = \"/x\" }\n", 1, { "journal", "path", "it has: enabled" } },
	{ "output journal { enabled = maybe }\n", 1, { "no, yes or auto" } },
	{ "output stdout { enabled = auto }\n", 1, { "no or yes" } },
	{ "output kafka { enabled = yes }\n", 1, { "kafka", "json, journal, stdout, syslog, unix or metrics" } },
	{ "output kafka { }\n", 1, { "kafka", "json, journal, stdout, syslog, unix or metrics" } },
	{ "output json { format = cee }\n", 1, { "json", "format", "it has: enabled, path" } },
	{ "output syslog { format = json }\n", 1, { "\"json\"", "logfmt or cee" } },
	{ "output syslog { facility = kern }\n", 1, { "\"kern\"", "local0 to local7" } },
	{ "output syslog { max_size = 1M }\n", 1, { "max_size", "from 1024 to 65536" } },
	{ "output metrics { interval = 2h }\n", 1, { "\"2h\"", "from 1s to 1h" } },
	{ "output metrics { keep = 1 }\n", 1, { "metrics", "keep", "enabled, path, interval" } },
	{ "output unix { path = \"x\" }\n", 1, { "path", "absolute" } },
	{ "output unix { path = \"/012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678912345678\" }\n", 1, { "109 bytes", "at most 107" } },
	{ "mode = off\nmode detect\n", 2, { "equal sign", "mode" } },
	{ "output json { enabled = yes\n", 1, { "ends inside output json" } },
	{ "mo\x1b[2J\xff = off\n", 1, { "unknown key 'mo?[2J?'" } },
	{ "output json {\n}\n\"output=json|path\" = \"/x\"\n", 3,
	  { "path is given outside its section", "output json { path = ... }" } },
	{ "output stdout {\n}\n\"output|path\" = \"/x\"\n", 3,
	  { "path is given outside its section" } },
	{ "mode = off\n/* open\n", 2, { "ends inside a comment" } },
	{ "mode = \"off\n", 0, { "" } },
};

static void test_refusals(void **state)
{
	char why[CONFIG_WHY_MAX], place[128];
	struct config config, before;
	unsigned int i, j;

	(void)state;
	memset(&before, 0x5a, sizeof(before));
	for (i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const struct refusal *row = &refusals[i];

		config = before;
		write_file(main_path, row->text);
		if (config_load(main_path, &config, why) != -EINVAL)
			fail_msg("accepted: %s", row->text);
		assert_memory_equal(&config, &before, sizeof(config));
		if (row->line) {
			snprintf(place, sizeof(place), "%s:%u: ", main_path, row->line);
			if (strncmp(why, place, strlen(place)))
				fail_msg("place of %s: %s", row->text, why);
		}
		for (j = 0; j < 3 && row->says[j]; j++)
			if (!strstr(why, row->says[j]))
				fail_msg("%s says not \"%s\": %s", row->text,
					 row->says[j], why);
		assert_null(strchr(why, '\n'));
	}
}

/* A wrong drop-in undoes the right main file too, and is named. */
static void test_drop_in_refused(void **state)
{
	char why[CONFIG_WHY_MAX];
	struct config config, before;

	(void)state;
	memset(&before, 0x5a, sizeof(before));
	config = before;
	write_file(main_path, "mode = enforce\n");
	drop_in("5.conf", "# a\n\n# b\nknown_interval = never\n\n\n\n\n");
	assert_int_equal(config_load(main_path, &config, why), -EINVAL);
	assert_memory_equal(&config, &before, sizeof(config));
	assert_non_null(strstr(why, "conf.d/5.conf:4: "));
	drop_in("5.conf", NULL);
}

static void test_missing(void **state)
{
	char why[CONFIG_WHY_MAX];
	struct config config;

	(void)state;
	assert_int_equal(config_load("/nonexistent/wxguard.conf", &config, why), -ENOENT);
	assert_non_null(strstr(why, "/nonexistent/wxguard.conf"));
	assert_int_equal(config_load(dir, &config, why), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_drop_ins),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_drop_in_refused),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests_name("config", tests, setup, teardown);
}
