// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules file. What is refused comes with one sentence that is safe to
 * show; what is accepted is printed, and read back as the same.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "raw_json.h"
#include "rules_text.h"

#include "../../userspace/daemon/rules_same.h"

#define NOW UINT64_C(1800000000)	/* 2027-01-15 */

static char *printed(const struct client_rules *rules, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	PROMISE(out);
	PROMISE(!rules_text_print(out, rules));
	PROMISE(!fclose(out));
	return text;
}

static void there_and_back(const struct client_rules *rules)
{
	struct client_rules again;
	char why[RULES_TEXT_WHY_MAX];
	char *text, *twice;
	size_t len, len_twice;

	text = printed(rules, &len);
	if (rules_text_parse_buffer("printed", text, len, NOW, NULL, &again, why)) {
		fprintf(stderr, "%s\n%s\n", why, text);
		PROMISE(!"what is printed can be read");
	}
	PROMISE(rules_same(rules, &again));
	twice = printed(&again, &len_twice);
	PROMISE(len == len_twice && !memcmp(text, twice, len));
	free(twice);
	free(text);
	client_rules_free(&again);
}

/* "f:LINE: ", and a line that the file has. */
static void check_why(const char *why, const uint8_t *data, size_t size)
{
	unsigned long line, lines = 1;
	char *end;
	size_t i;

	for (i = 0; i + 1 < size; i++)
		lines += data[i] == '\n';
	if (!fuzz_is_inert(why))
		fprintf(stderr, "%s\n", why);
	PROMISE(fuzz_is_inert(why));
	PROMISE(!strncmp(why, "f:", 2));
	line = strtoul(why + 2, &end, 10);
	PROMISE(line >= 1 && line <= lines && !strncmp(end, ": ", 2));
}

static void check_values(const uint8_t *data, size_t size)
{
	struct client_exemption exemption = { 0 };
	uint8_t sha256[WXGUARD_SHA256_LEN];
	uint32_t seconds, seconds_again;
	uint64_t time, time_again;
	char text[129], said[128];

	if (size >= sizeof(text))
		return;
	memcpy(text, data, size);
	text[size] = '\0';
	if (!rules_text_duration(text, &seconds)) {
		rules_text_duration_print(seconds, said);
		PROMISE(!rules_text_duration(said, &seconds_again));
		PROMISE(seconds == seconds_again);
	}
	if (!rules_text_time(text, &time)) {
		rules_text_time_print(time, said);
		PROMISE(!rules_text_time(said, &time_again));
		PROMISE(time == time_again);
	}
	if (!rules_text_inode(text, &exemption)) {
		rules_text_inode_print(&exemption, said);
		PROMISE(!strcmp(text, said));
	}
	if (!rules_text_sha256(text, sha256)) {
		rules_text_sha256_print(sha256, said);
		PROMISE(!strcasecmp(text, said));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client_rules rules;
	char why[RULES_TEXT_WHY_MAX];
	unsigned int expired = 0;
	int error;

	check_values(data, size);
	error = rules_text_parse_buffer("f", (const char *)data, size, NOW,
					size & 1 ? &expired : NULL, &rules, why);
	if (error) {
		PROMISE(error == -EINVAL);
		check_why(why, data, size);
		return 0;
	}
	fuzz_line(rules_json(&rules));
	there_and_back(&rules);
	rules_text_check(&rules, NOW, why);
	rules_text_dangers(&rules, why);
	client_rules_free(&rules);
	return 0;
}
