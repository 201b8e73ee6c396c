// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader of payloads: whatever the bytes are, it reads nothing outside of
 * them, ends soon, and says the same however they are cut into pieces.
 */
#include <string.h>

#include "elf_facts.h"
#include "fuzz.h"
#include "payload.h"

static void check_elf(const uint8_t *data, size_t size)
{
	const struct elf_source source = elf_source_data(data, size);
	struct elf_facts facts;

	PROMISE(!elf_facts_read(&source, &facts));
	PROMISE(facts.is_elf || !facts.fault);
	PROMISE(facts.is_elf == (size >= 16 && !memcmp(data, "\177ELF", 4)));
	PROMISE(facts.wx <= facts.loads);
	PROMISE(facts.interp_len <= ELF_FACTS_INTERP_MAX);
	PROMISE(!memchr(facts.interp, 0, facts.interp_len));
	PROMISE(facts.build_id_len <= ELF_FACTS_BUILD_ID_MAX);
	PROMISE(!facts.exec_stack || facts.has_stack);
}

static void read_in_pieces(const uint8_t *data, size_t size, size_t piece, unsigned int limit,
			   struct payload *payload)
{
	size_t at, len;

	payload_begin(payload, limit);
	for (at = 0; at < size; at += len) {
		len = size - at < piece ? size - at : piece;
		PROMISE(!payload_add(payload, data + at, len));
	}
	PROMISE(!payload_end(payload));
	PROMISE(payload->size == size && payload->entropy <= 8000);
	PROMISE(payload->kept <= limit && payload->kept <= payload->strings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct payload whole, pieces;
	unsigned int i;
	uint8_t *copy;

	if (!size)
		return 0;
	/* As long as it is, so that one byte too far is seen. */
	copy = malloc(size - 1 + (size == 1));
	PROMISE(copy);
	memcpy(copy, data + 1, size - 1);
	check_elf(copy, size - 1);
	read_in_pieces(copy, size - 1, size, 20, &whole);
	read_in_pieces(copy, size - 1, 1 + data[0] % 61, 20, &pieces);
	PROMISE(!memcmp(whole.sha256, pieces.sha256, sizeof(whole.sha256)));
	PROMISE(whole.entropy == pieces.entropy && whole.strings == pieces.strings);
	for (i = 0; i < whole.kept; i++) {
		PROMISE(fuzz_is_inert(whole.string[i].text) || strchr(whole.string[i].text, '\t'));
		PROMISE(!strcmp(whole.string[i].text, pieces.string[i].text));
		PROMISE(whole.string[i].offset + whole.string[i].len <= size);
	}
	payload_free(&whole);
	payload_free(&pieces);
	free(copy);
	return 0;
}
