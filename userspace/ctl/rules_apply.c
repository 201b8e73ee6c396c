// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changing the rules: module first, since it refuses what it cannot take,
 * then the file; the file failing undoes the module.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/config.h"
#include "../lib/rules_text.h"
#include "rules_apply.h"

struct client_exemption *rules_find(const struct client_rules *rules,
				    const char *name)
{
	unsigned int i;

	for (i = 0; i < rules->count; i++)
		if (!strcmp(rules->exemption[i].name, name))
			return &rules->exemption[i];
	return NULL;
}

int rules_append(struct client_rules *rules,
		 const struct client_exemption *exemption, unsigned int count)
{
	struct client_exemption *grown;

	if (count > WXGUARD_EXEMPTIONS_MAX - rules->count)
		return ctl_fail(CTL_INVALID, "there is room for %u exclusions, %u would be needed",
				WXGUARD_EXEMPTIONS_MAX, rules->count + count);
	if (!count)
		return 0;
	grown = realloc(rules->exemption, (rules->count + count) * sizeof(*grown));
	if (!grown)
		return ctl_fail(CTL_FAILED, "out of memory");
	memcpy(grown + rules->count, exemption, count * sizeof(*grown));
	rules->exemption = grown;
	rules->count += count;
	return 0;
}

int rules_copy(const struct client_rules *from, struct client_rules *to)
{
	*to = *from;
	to->count = 0;
	to->exemption = NULL;
	return rules_append(to, from->exemption, from->count);
}

/* The file could not be written: the module must not keep what will not last. */
static int take_back(struct client *client, const struct client_rules *live,
		     uint32_t generation, const char *path, int why)
{
	uint32_t restored;

	if (!client_rules_set(client, live, generation, true, &restored))
		return ctl_fail(why == -EACCES || why == -EPERM || why == -EROFS ?
				CTL_PERMISSION : CTL_FAILED,
				"%s could not be written (%s); the change was taken back, the rules are as before",
				path, strerror(-why));
	return ctl_fail(CTL_FAILED,
			"%s could not be written (%s), and taking the change back failed (%s): the module has the new rules until it is unloaded, the file has the old ones",
			path, strerror(-why), client_error(client));
}

/* rules_text_check() asked the same of the rules, so this is rare. */
static int refused(const struct client *client, int error)
{
	static const char held[] = "the rules stay as they were";

	if (error == -EINVAL || error == -ERANGE || error == -EEXIST || error == -EOPNOTSUPP)
		return ctl_fail(CTL_INVALID, "%s: %s", held, client_error(client));
	return ctl_refused(client, error, held);
}

int rules_apply(struct client *client, const struct client_rules *live,
		const struct client_rules *rules, uint32_t *generation)
{
	char why[RULES_TEXT_WHY_MAX];
	struct config config;
	int code, error;

	code = ctl_config(&config);
	if (code)
		return code;
	if (rules_text_check(rules, (uint64_t)time(NULL), why))
		return ctl_fail(CTL_INVALID, "the rules stay as they were: %s", why);
	error = client_rules_set(client, rules, live->generation, false, generation);
	if (error == -ESTALE)
		return ctl_fail(CTL_FAILED, "the rules stay as they were: somebody changed them in the meantime; try again");
	if (error)
		return refused(client, error);
	error = rules_text_save(config.rules, rules);
	return error ? take_back(client, live, *generation, config.rules, error) : CTL_OK;
}
