// SPDX-License-Identifier: GPL-2.0-or-later
/* What the targets share: the promises that every line of JSON must keep. */
#include "fuzz.h"

#include <string.h>

#include "ecs.h"
#include "json_out.h"
#include "raw_json.h"
#include "text.h"
#include "utf8.h"

bool fuzz_is_inert(const char *text)
{
	size_t left = strlen(text);

	while (left) {
		uint32_t code;
		size_t step = utf8_decode((const uint8_t *)text, left, &code);

		if (!step || text_is_unsafe(code))
			return false;
		text += step;
		left -= step;
	}
	return true;
}

void fuzz_line(json_t *json)
{
	size_t len = 0;
	json_t *again;
	char *line;

	PROMISE(json);
	line = json_line(json, &len);
	PROMISE(line && len == strlen(line));
	PROMISE(fuzz_is_inert(line));
	again = json_loadb(line, len, JSON_DECODE_ANY, NULL);
	PROMISE(again && json_equal(again, json));
	json_decref(again);
	free(line);
	json_decref(json);
}

void fuzz_finding(const struct finding *finding)
{
	static const struct ecs_context context = {
		.boot_id = "6f1d2c3b-4a59-4687-8879-6a5b4c3d2e1f",
		.host_name = "host", .architecture = "x86_64",
		.kernel = "6.1.0", .version = "1",
	};

	fuzz_line(finding_json(finding));
	fuzz_line(ecs_document(finding, &context));
}
