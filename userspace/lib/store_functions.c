// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What our statements ask of C: globs as the rules have them, and units of
 * control groups. Called by SQLite; pure.
 */
#include <string.h>

#include "../../module/core/rules.h"
#include "store_impl.h"

static bool ends_in(struct bytes in, const char *suffix)
{
	size_t len = strlen(suffix);

	return in.len > len && !memcmp(in.data + in.len - len, suffix, len);
}

struct bytes store_unit(struct bytes cgroup)
{
	struct bytes unit = { 0 };
	size_t at = 0;

	while (cgroup.data && at < cgroup.len) {
		const uint8_t *start = cgroup.data + at;
		const uint8_t *slash = memchr(start, '/', cgroup.len - at);
		struct bytes part = { start, slash ? (size_t)(slash - start) :
						     cgroup.len - at };

		if (ends_in(part, ".service") || ends_in(part, ".scope"))
			unit = part;
		at += part.len + 1;
	}
	return unit;
}

static struct bytes value_bytes(sqlite3_value *value)
{
	struct bytes bytes = { 0 };

	if (sqlite3_value_type(value) == SQLITE_NULL)
		return bytes;
	bytes.data = sqlite3_value_blob(value);
	bytes.len = (size_t)sqlite3_value_bytes(value);
	return bytes;
}

/* wxg_unit(cgroup) */
static void on_unit(sqlite3_context *context, int count, sqlite3_value **value)
{
	struct bytes unit = store_unit(value_bytes(value[0]));

	(void)count;
	if (unit.data)
		sqlite3_result_blob64(context, unit.data, unit.len, SQLITE_TRANSIENT);
}

/* wxg_glob(pattern, text); nothing is like an absent text */
static void on_glob(sqlite3_context *context, int count, sqlite3_value **value)
{
	const char *pattern = (const char *)sqlite3_value_text(value[0]);
	struct bytes text = value_bytes(value[1]);

	(void)count;
	sqlite3_result_int(context, pattern && text.data &&
			   wxg_glob_match(pattern, (const char *)text.data, text.len));
}

int store_functions(struct store *store)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

	if (sqlite3_create_function_v2(store->db, "wxg_unit", 1, flags, NULL, on_unit,
				       NULL, NULL, NULL) ||
	    sqlite3_create_function_v2(store->db, "wxg_glob", 2, flags, NULL, on_glob,
				       NULL, NULL, NULL))
		return store_fail(store, "set up the database");
	return 0;
}
