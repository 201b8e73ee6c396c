// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the bytes are, as one JSON object. The bytes are hostile: names out of
 * them are cleaned, and whatever they claim is only said.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/elf_facts.h"
#include "../lib/exe_file.h"
#include "../lib/json_out.h"
#include "../lib/json_text.h"
#include "../lib/names.h"
#include "doc.h"
#include "evidence.h"

/* With these nobody can change it any more. */
#define UNCHANGING (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

static json_t *segment_json(const struct elf_segment *segment)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "offset", json_number(segment->offset),
			 "address", json_hex(segment->address), "in_file",
			 json_number(segment->in_file), "in_memory",
			 json_number(segment->in_memory));
}

static int put_wx(json_t *json, const struct elf_facts *facts)
{
	json_t *list = json_array();
	unsigned int i;
	int error = 0;

	for (i = 0; i < facts->wx && i < ELF_FACTS_WX_MAX; i++)
		error |= json_array_append_new(list, segment_json(&facts->wx_segment[i]));
	error |= json_put(json, "wx_segments", list);
	return error | json_put(json, "wx", json_number(facts->wx));
}

/* The value's name, or the value itself. */
static json_t *named(const char *name, unsigned int value)
{
	return name ? json_string(name) : json_sprintf("%u", value);
}

static json_t *elf_json(int fd, uint64_t size)
{
	const struct elf_source source = elf_source_fd(fd, size);
	struct elf_facts facts;
	json_t *json;
	int error = 0;

	if (elf_facts_read(&source, &facts) || !facts.is_elf)
		return json_null();
	json = json_object();
	error |= json_put(json, "fault", json_text(facts.fault));
	error |= json_put(json, "bits", json_integer(facts.bits));
	error |= json_put(json, "byte_order", json_string(facts.big_endian ? "big" : "little"));
	error |= json_put(json, "type", named(elf_type_name(facts.type), facts.type));
	error |= json_put(json, "machine", named(elf_machine_name(facts.machine), facts.machine));
	error |= json_put(json, "entry", json_hex(facts.entry));
	error |= json_put(json, "loads", json_number(facts.loads));
	error |= put_wx(json, &facts);
	error |= json_put(json, "stack", json_string(!facts.has_stack ? "not said" :
			  facts.exec_stack ? "executable" : "not executable"));
	error |= json_put(json, "dynamic", json_boolean(facts.dynamic));
	error |= json_put(json, "interpreter", json_null());
	if (facts.interp_len)
		error |= json_put_text(json, "interpreter", "interpreter_hex",
				       (struct bytes){ facts.interp, facts.interp_len });
	error |= json_put(json, "build_id", json_null());
	if (facts.build_id_len)
		error |= json_put_hex(json, "build_id",
				      (struct bytes){ facts.build_id, facts.build_id_len });
	error |= json_put(json, "sections", json_boolean(facts.has_sections));
	error |= json_put(json, "stripped", json_boolean(facts.stripped));
	return json_finish(json, error);
}

static json_t *strings_json(const struct payload *payload)
{
	json_t *list = json_array(), *json;
	unsigned int i;
	int error = 0;

	for (i = 0; i < payload->kept; i++) {
		const struct payload_string *string = &payload->string[i];

		error |= json_array_append_new(list, json_pack("{s:o, s:o, s:s%}",
			"offset", json_number(string->offset),
			"length", json_number(string->len),
			"text", string->text, string->shown));
	}
	json = json_object();
	error |= json_put(json, "total", json_number(payload->strings));
	error |= json_put(json, "first", list);
	return json_finish(json, error);
}

/* Of what can still change: the seals, and whether it did since it was seen. */
static int put_state(json_t *json, const struct evidence *evidence, const char *hex)
{
	const char *seen = doc_string(evidence->seen, "sha256");
	int seals = evidence->kind == EVIDENCE_PAYLOAD && !strcmp(evidence->source, "kernel") ?
		    fcntl(evidence->fd, F_GET_SEALS) : -1;
	int error = 0;

	error |= json_put(json, "seals", seals < 0 ? json_null() :
			  json_bits((uint64_t)seals, names_seal));
	error |= json_put(json, "sealed", json_boolean(seals >= 0 &&
			  (seals & UNCHANGING) == UNCHANGING));
	error |= json_put(json, "seen", evidence->seen ? json_incref(evidence->seen) :
							 json_null());
	return error | json_put(json, "as_seen", *seen ? json_boolean(!strcmp(seen, hex)) :
							 json_null());
}

json_t *evidence_json(const struct evidence *evidence, const struct payload *payload,
		      int bytes)
{
	json_t *json = json_object();
	char hex[EXE_FILE_HEX_MAX];
	int error = 0;

	exe_file_hex(payload->sha256, hex);
	error |= json_put(json, "schema", json_integer(1));
	error |= json_put(json, "event_id", json_string(doc_string(evidence->doc, "event.id")));
	error |= json_put(json, "kind", json_string(evidence->kind == EVIDENCE_PAYLOAD ?
						    "payload" : "region"));
	error |= json_put(json, "source", json_string(evidence->source));
	if (evidence->kind == EVIDENCE_REGION) {
		error |= json_put(json, "address", json_hex(evidence->address));
		error |= json_put(json, "whole", json_boolean(payload->size == evidence->size));
	}
	error |= json_put(json, "size", json_number(payload->size));
	error |= json_put(json, "sha256", json_string(hex));
	error |= json_put(json, "entropy", json_sprintf("%u.%03u", payload->entropy / 1000,
							payload->entropy % 1000));
	error |= put_state(json, evidence, hex);
	error |= json_put(json, "elf", elf_json(bytes, payload->size));
	error |= json_put(json, "strings", strings_json(payload));
	return json_finish(json, error);
}
