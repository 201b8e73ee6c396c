// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Named values of the store that tell of a time of learning. Waits at most
 * as long as the store does for the daemon's own writing.
 */
#include <errno.h>
#include <string.h>

#include "../lib/config.h"
#include "learning.h"

int learning_open(enum store_access access, struct store **store)
{
	char why[STORE_WHY_MAX];
	struct config config;
	int code = ctl_config(&config), error;

	if (code)
		return code;
	error = store_open(config.store, access, store, why);
	if (error == -ENOENT)
		return ctl_fail(CTL_NO_DAEMON, "%s; wxguardd makes it: systemctl start wxguardd", why);
	if (error == -EACCES || error == -EPERM || error == -EROFS)
		return ctl_fail(CTL_PERMISSION, "%s", why);
	return error ? ctl_fail(CTL_FAILED, "%s", why) : 0;
}

int learning_read(struct store *store, struct learning *learning)
{
	uint64_t back = WXGUARD_MODE_DETECT;
	int error;

	memset(learning, 0, sizeof(*learning));
	error = store_meta_get_u64(store, STORE_META_LEARN_UNTIL, &learning->until);
	if (!error)
		error = store_meta_get_u64(store, STORE_META_LEARN_BACK, &back);
	if (!error)
		error = store_meta_get(store, STORE_META_LEARN_BY, learning->by,
				       sizeof(learning->by));
	if (!error)
		error = store_meta_get_u64(store, STORE_META_LEARN_SINCE, &learning->since);
	learning->back = (uint32_t)back;
	return error == -ENOENT ? 0 : error;
}

static int write_values(struct store *store, const struct learning *learning)
{
	int error = store_meta_set_u64(store, STORE_META_LEARN_UNTIL, learning->until);

	if (!error)
		error = store_meta_set_u64(store, STORE_META_LEARN_BACK, learning->back);
	if (!error)
		error = store_meta_set(store, STORE_META_LEARN_BY, learning->by);
	if (!error)
		error = store_meta_set_u64(store, STORE_META_LEARN_SINCE, learning->since);
	return error;
}

static int remove_values(struct store *store)
{
	static const char *const names[] = {
		STORE_META_LEARN_UNTIL, STORE_META_LEARN_BACK,
		STORE_META_LEARN_BY, STORE_META_LEARN_SINCE,
	};
	int error = 0;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !error; i++)
		error = store_meta_remove(store, names[i]);
	return error;
}

static int change(struct store *store, const struct learning *learning)
{
	int error = store_begin(store);

	if (error)
		return error;
	error = learning ? write_values(store, learning) : remove_values(store);
	if (!error)
		error = store_commit(store);
	if (error)
		store_rollback(store);
	return error;
}

int learning_write(struct store *store, const struct learning *learning)
{
	return change(store, learning);
}

int learning_remove(struct store *store)
{
	return change(store, NULL);
}

bool learning_runs(const struct learning *learning, uint32_t mode, uint64_t now)
{
	return learning->until > now && mode == WXGUARD_MODE_LEARN;
}
