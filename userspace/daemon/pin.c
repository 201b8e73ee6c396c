// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exclusions by content, see pin.h: one row of the table for each, kept while
 * the rules ask for it. Talks to no module.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pin_impl.h"

static const struct client_exemption *find_live(const struct client_rules *live,
						const struct client_exemption *exemption)
{
	unsigned int i;

	for (i = 0; i < live->count; i++)
		if (!strcmp(live->exemption[i].name, exemption->name) &&
		    !strcmp(live->exemption[i].exe, exemption->exe) &&
		    live->exemption[i].has_sha256 &&
		    !memcmp(live->exemption[i].sha256, exemption->sha256,
			    WXGUARD_SHA256_LEN))
			return &live->exemption[i];
	return NULL;
}

/* Move what is known of this exclusion out of the old table, or begin anew. */
static int settle(struct pins *old, const struct client_exemption *exemption, struct pin *pin)
{
	size_t i;

	for (i = 0; i < old->count; i++) {
		struct pin *known = &old->pin[i];

		if (known->exe && !strcmp(known->name, exemption->name) &&
		    !strcmp(known->exe, exemption->exe) &&
		    !memcmp(known->sha256, exemption->sha256, WXGUARD_SHA256_LEN)) {
			*pin = *known;
			known->exe = known->path = NULL;
			break;
		}
	}
	if (i == old->count) {
		snprintf(pin->name, sizeof(pin->name), "%s", exemption->name);
		memcpy(pin->sha256, exemption->sha256, WXGUARD_SHA256_LEN);
		pin->exe = strdup(exemption->exe);
		pin->path = pin_literal_path(exemption->exe);
		pin->literal = pin->path;
	}
	/* Other findings may be meant now. */
	if (pin->classes != exemption->classes)
		pin->searched = false;
	pin->classes = exemption->classes;
	return pin->exe ? 0 : -ENOMEM;
}

static void free_table(struct pin *pin, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(pin[i].exe);
		free(pin[i].path);
	}
	free(pin);
}

void pin_free(struct pins *pins)
{
	free_table(pins->pin, pins->count);
	pins->pin = NULL;
	pins->count = 0;
}

int pin_fill(struct pins *pins, struct hash *hash, struct store *store,
	     struct client_rules *rules, const struct client_rules *live)
{
	struct pin *table = calloc(rules->count + 1, sizeof(*table));
	size_t count = 0;
	unsigned int i;

	if (!table)
		return -ENOMEM;
	for (i = 0; i < rules->count; i++) {
		struct client_exemption *exemption = &rules->exemption[i];
		struct pin *pin = &table[count];

		if (!exemption->has_sha256)
			continue;
		count++;
		if (settle(pins, exemption, pin)) {
			free_table(table, count);
			return -ENOMEM;
		}
		if (pin->literal)
			pin_fill_literal(pin, hash, exemption, find_live(live, exemption));
		else
			pin_fill_found(pin, hash, store, exemption,
				       find_live(live, exemption));
	}
	pin_free(pins);
	pins->pin = table;
	pins->count = count;
	pins->due = false;
	return 0;
}

void pin_release(struct client_rules *rules)
{
	unsigned int i;

	for (i = 0; i < rules->count; i++) {
		if (rules->exemption[i].has_fd)
			close(rules->exemption[i].fd);
		rules->exemption[i].has_fd = false;
	}
}

static struct pin *find_pin(struct pins *pins, const char *name)
{
	size_t i;

	for (i = 0; i < pins->count; i++)
		if (!strcmp(pins->pin[i].name, name))
			return &pins->pin[i];
	return NULL;
}

/*
 * The kernel took the identity when the set was sent, which is after the file
 * was read: whoever wrote into it in between would be excluded.
 */
bool pin_held(struct pins *pins, struct client_rules *rules)
{
	bool held = true;
	unsigned int i;
	struct stat st;

	for (i = 0; i < rules->count; i++) {
		struct client_exemption *exemption = &rules->exemption[i];
		struct pin *pin = exemption->has_fd ? find_pin(pins, exemption->name) : NULL;

		if (!pin || (!fstat(exemption->fd, &st) && pin_same_state(&pin->seen, &st)))
			continue;
		close(exemption->fd);
		exemption->has_fd = false;
		pin->looked = false;
		pins->due = true;
		held = false;
	}
	return held;
}

bool pin_is_due(struct pins *pins)
{
	const char *why;
	struct stat st;
	size_t i;
	int fd;

	for (i = 0; i < pins->count && !pins->due; i++) {
		const struct pin *pin = &pins->pin[i];

		if (!pin->literal)
			continue;
		fd = pin_open_file(pin->path, &st, &why);
		if (fd >= 0)
			close(fd);
		pins->due = fd < 0 ? !pin->absent :
			    !pin->looked || !pin_same_state(&pin->seen, &st);
	}
	return pins->due;
}
