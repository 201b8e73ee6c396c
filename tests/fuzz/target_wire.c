// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The wire decoder: the first byte says which message the rest is, and how it
 * is aligned. What it accepts must be whole: it is told as JSON.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "raw_json.h"
#include "wire.h"

static int any_finding(const void *attrs, size_t len)
{
	struct finding *finding = NULL;
	int error = wire_decode_finding(attrs, len, &finding);

	if (!error) {
		fuzz_finding(finding);
		finding_free(finding);
	}
	return error;
}

static int any_loss(const void *attrs, size_t len)
{
	struct finding_loss loss;
	int error = wire_decode_loss(attrs, len, &loss);

	if (!error) {
		PROMISE(loss.first <= loss.last);
		fuzz_line(loss_json(&loss));
	}
	return error;
}

static int any_status(const void *attrs, size_t len)
{
	struct client_status status;
	int error = wire_decode_status(attrs, len, &status);

	if (!error) {
		PROMISE(status.hooks <= CLIENT_HOOKS_MAX);
		fuzz_line(status_json(&status));
	}
	return error;
}

static int any_known(const void *attrs, size_t len)
{
	struct client_known known;
	int error = wire_decode_known(attrs, len, &known);

	if (!error) {
		PROMISE(known.path_len <= WXGUARD_KNOWN_PATH_MAX);
		fuzz_line(known_json(&known));
	}
	return error;
}

/* As client_rules_get() does: several messages into one set. */
static int any_rules(const void *attrs, size_t len)
{
	struct client_rules rules = { 0 };
	size_t half = len / 8 * 4;
	int error = wire_decode_rules(attrs, half, &rules);

	if (!error)
		error = wire_decode_rules((const char *)attrs + half,
					  len - half, &rules);
	if (!error)
		fuzz_line(rules_json(&rules));
	client_rules_free(&rules);
	return error;
}

static int whole_rules(const void *attrs, size_t len)
{
	struct client_rules rules = { 0 };
	int error = wire_decode_rules(attrs, len, &rules);

	if (!error)
		fuzz_line(rules_json(&rules));
	client_rules_free(&rules);
	return error;
}

static int any_number(const void *attrs, size_t len)
{
	uint64_t seq = 0;
	uint32_t mode = 0, generation = 0;
	int error = wire_decode_seq(attrs, len, &seq);

	if (wire_decode_mode(attrs, len, &mode) ||
	    wire_decode_generation(attrs, len, &generation))
		PROMISE(!mode || !generation);
	return error;
}

static int (*const decoders[])(const void *attrs, size_t len) = {
	any_finding, any_loss, any_status, any_known, any_rules, whole_rules,
	any_number,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t shift, decoder;
	char *copy;
	int error;

	if (!size)
		return 0;
	decoder = (data[0] & 0x0f) % (sizeof(decoders) / sizeof(decoders[0]));
	shift = data[0] >> 4 & 3;
	size--;
	/* Its end is the end of the message, so that ASan sees a byte more. */
	copy = malloc(shift + size + !(shift + size));
	PROMISE(copy);
	memcpy(copy + shift, data + 1, size);
	error = decoders[decoder](copy + shift, size);
	PROMISE(!error || error == -EBADMSG);
	free(copy);
	return 0;
}
