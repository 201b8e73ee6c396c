// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings counted in groups. One pass over "brief", a few numbers of each,
 * counts them by actor and by quarter of an hour; what is asked then is made
 * of these sums. No document is read. Called by one thread; only reads.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_impl.h"

#define COUNT "count the findings"
#define QUARTER_NS 900000000000
#define QUARTER_S 900

/* Groups by their number, open addressing; a power of two, half empty. */
struct cells {
	struct store_group **slot;
	size_t room, count;
};

struct store_tally {
	struct store *store;
	struct cells actor, quarter;
	bool narrowed;		/* an actor that is not there is not asked for */
};

static size_t home_of(const struct cells *cells, int64_t number)
{
	return (size_t)(((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15)) >> 32) &
	       (cells->room - 1);
}

/* Where it is, or would be. */
static struct store_group **slot_of(const struct cells *cells, int64_t number)
{
	size_t at = home_of(cells, number);

	while (cells->slot[at] && cells->slot[at]->number != number)
		at = (at + 1) & (cells->room - 1);
	return &cells->slot[at];
}

static int grow(struct cells *cells)
{
	struct cells wide = { .room = cells->room ? 2 * cells->room : 1024,
			      .count = cells->count };
	size_t i;

	wide.slot = calloc(wide.room, sizeof(*wide.slot));
	if (!wide.slot)
		return -ENOMEM;
	for (i = 0; i < cells->room; i++)
		if (cells->slot[i])
			*slot_of(&wide, cells->slot[i]->number) = cells->slot[i];
	free(cells->slot);
	*cells = wide;
	return 0;
}

static struct store_group *find_cell(const struct cells *cells, int64_t number)
{
	return cells->room ? *slot_of(cells, number) : NULL;
}

/* NULL: out of memory. */
static struct store_group *get_cell(struct cells *cells, int64_t number)
{
	struct store_group *cell = find_cell(cells, number);

	if (cell || (2 * cells->count >= cells->room && grow(cells)))
		return cell;
	cell = calloc(1, sizeof(*cell));
	if (!cell)
		return NULL;
	cell->number = number;
	*slot_of(cells, number) = cell;
	cells->count++;
	return cell;
}

static void free_cells(struct cells *cells)
{
	size_t i;

	for (i = 0; i < cells->room; i++)
		free(cells->slot[i]);
	free(cells->slot);
}

static void merge(struct store_group *into, const struct store_group *group)
{
	if (!into->findings || group->first < into->first)
		into->first = group->first;
	if (group->last > into->last)
		into->last = group->last;
	into->findings += group->findings;
	into->repeats += group->repeats;
	into->stopped += group->stopped;
	into->open += group->open;
	into->classes |= group->classes;
}

/* ---- the pass ---- */

static int no_memory(struct store *store)
{
	snprintf(store->error, sizeof(store->error), "cannot " COUNT ": out of memory");
	return -ENOMEM;
}

/* Each actor that is asked for gets its cell, and so its class. */
static int read_actors(struct store_tally *tally, uint32_t classes)
{
	sqlite3_stmt *statement = store_prepare(tally->store,
		"SELECT id, class FROM actor WHERE ?1=0 OR (1<<class)&?1");
	struct store_group *cell;
	int code, error = 0;

	if (!statement)
		return store_fail(tally->store, COUNT);
	sqlite3_bind_int64(statement, 1, classes);
	while (!error && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		cell = get_cell(&tally->actor, sqlite3_column_int64(statement, 0));
		if (cell)
			cell->classes = 1U << (sqlite3_column_int(statement, 1) & 31);
		else
			error = no_memory(tally->store);
	}
	if (!error && code != SQLITE_DONE)
		error = store_fail(tally->store, COUNT);
	sqlite3_finalize(statement);
	return error;
}

static int count_one(struct store_tally *tally, sqlite3_stmt *statement)
{
	int64_t time = sqlite3_column_int64(statement, 0), number = sqlite3_column_int64(statement, 1);
	int verdict = sqlite3_column_int(statement, 2);
	struct store_group one = { .findings = 1 }, *cell, *quarter;

	cell = tally->narrowed ? find_cell(&tally->actor, number) : get_cell(&tally->actor, number);
	if (!cell)
		return tally->narrowed ? 0 : no_memory(tally->store);
	one.classes = cell->classes;
	one.repeats = sqlite3_column_int64(statement, 3);
	one.first = (uint64_t)time;
	one.last = sqlite3_column_int64(statement, 4);
	if (one.last < one.first)
		one.last = one.first;
	one.stopped = verdict == WXGUARD_VERDICT_DENIED || verdict == WXGUARD_VERDICT_KILLED;
	one.open = !sqlite3_column_int64(statement, 5);
	quarter = get_cell(&tally->quarter, time / QUARTER_NS);
	if (!quarter)
		return no_memory(tally->store);
	merge(cell, &one);
	merge(quarter, &one);
	return 0;
}

#define COLUMNS "SELECT time, actor, verdict, repeat_count, repeat_last, acked FROM brief "
#define OF_TIME " WHERE kind=1 AND time>=?1 AND time<?2"

static int count_all(struct store_tally *tally, const struct store_question *question)
{
	sqlite3_stmt *statement = store_prepare(tally->store, question->since ?
		COLUMNS "INDEXED BY brief_time" OF_TIME : COLUMNS "NOT INDEXED" OF_TIME);
	int code, error = 0;

	if (!statement)
		return store_fail(tally->store, COUNT);
	sqlite3_bind_int64(statement, 1, question->since);
	sqlite3_bind_int64(statement, 2, question->until ? (int64_t)question->until : INT64_MAX);
	while (!error && (code = sqlite3_step(statement)) == SQLITE_ROW)
		error = count_one(tally, statement);
	if (!error && code != SQLITE_DONE)
		error = store_fail(tally->store, COUNT);
	sqlite3_finalize(statement);
	return error;
}

int store_tally(struct store *store, const struct store_question *question,
		struct store_tally **tally)
{
	struct store_tally *new = calloc(1, sizeof(*new));
	int error;

	if (!new)
		return no_memory(store);
	new->store = store;
	new->narrowed = question->classes;
	error = read_actors(new, question->classes);
	if (!error)
		error = count_all(new, question);
	if (error)
		store_tally_free(new);
	else
		*tally = new;
	return error;
}

void store_tally_free(struct store_tally *tally)
{
	if (!tally)
		return;
	free_cells(&tally->actor);
	free_cells(&tally->quarter);
	free(tally);
}

/* ---- the groups that are asked for ---- */

/* What a group is named by; the others are counted without the names. */
static const char *const names[] = {
	[STORE_BY_UID] = "SELECT id, uid FROM actor ORDER BY 2",
	[STORE_BY_EXE] = "SELECT id, exe FROM actor ORDER BY 2",
	[STORE_BY_UNIT] = "SELECT id, unit FROM actor ORDER BY 2",
	[STORE_BY_CONTAINER] = "SELECT id, container FROM actor ORDER BY 2",
};

/* Groups as they grow, in the order of their names. */
struct groups {
	struct store_group *group;
	size_t count, room;
};

/* NULL: out of memory. The bytes are copied. */
static struct store_group *append(struct groups *groups, struct bytes bytes, int64_t number)
{
	struct store_group *group;
	uint8_t *copy = NULL;

	if (groups->count == groups->room) {
		size_t room = groups->room ? 2 * groups->room : 64;

		group = reallocarray(groups->group, room, sizeof(*group));
		if (!group)
			return NULL;
		groups->group = group;
		groups->room = room;
	}
	if (bytes.data) {
		copy = malloc(bytes.len + 1);
		if (!copy)
			return NULL;
		memcpy(copy, bytes.data, bytes.len);
	}
	group = &groups->group[groups->count++];
	*group = (struct store_group){ .bytes = { copy, bytes.len }, .number = number };
	return group;
}

static void free_groups(struct groups *groups)
{
	while (groups->count)
		free((void *)groups->group[--groups->count].bytes.data);
	free(groups->group);
}

static bool is_named(const struct store_group *group, struct bytes bytes, int64_t number)
{
	if (group->number != number || !group->bytes.data != !bytes.data ||
	    group->bytes.len != bytes.len)
		return false;
	return !bytes.len || !memcmp(group->bytes.data, bytes.data, bytes.len);
}

/* To the last group, or to the one that begins here. */
static int add_to(struct groups *groups, struct bytes bytes, int64_t number,
		  const struct store_group *cell)
{
	struct store_group *last = groups->count ? &groups->group[groups->count - 1] : NULL;

	if (!last || !is_named(last, bytes, number))
		last = append(groups, bytes, number);
	if (!last)
		return -ENOMEM;
	merge(last, cell);
	return 0;
}

static int by_name(struct store_tally *tally, enum store_by by, struct groups *groups)
{
	sqlite3_stmt *statement = store_prepare(tally->store, names[by]);
	const struct store_group *cell;
	struct bytes bytes = { 0 };
	int64_t number = 0;
	int code, error = 0;

	if (!statement)
		return store_fail(tally->store, COUNT);
	while (!error && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		cell = find_cell(&tally->actor, sqlite3_column_int64(statement, 0));
		if (!cell || !cell->findings)
			continue;
		if (by == STORE_BY_UID)
			number = sqlite3_column_int64(statement, 1);
		else
			bytes = store_column_bytes(statement, 1);
		error = add_to(groups, bytes, number, cell);
	}
	if (!error && code != SQLITE_DONE)
		error = store_fail(tally->store, COUNT);
	sqlite3_finalize(statement);
	return error;
}

static int by_class(const struct store_tally *tally, struct groups *groups)
{
	const struct bytes none = { 0 };
	struct store_group sum[32] = { 0 };
	size_t i;
	int class, error = 0;

	for (i = 0; i < tally->actor.room; i++) {
		const struct store_group *cell = tally->actor.slot[i];

		if (cell && cell->findings)
			merge(&sum[cell->classes ? __builtin_ctz(cell->classes) : 0], cell);
	}
	for (class = 0; class < 32 && !error; class++)
		if (sum[class].findings)
			error = add_to(groups, none, class, &sum[class]);
	return error;
}

static int by_quarter(const struct store_tally *tally, enum store_by by, struct groups *groups)
{
	const struct bytes none = { 0 };
	size_t i;
	int error = 0;

	for (i = 0; i < tally->quarter.room && !error; i++) {
		const struct store_group *cell = tally->quarter.slot[i];

		if (cell)
			error = add_to(groups, none, by == STORE_BY_ALL ? 0 :
				       cell->number * QUARTER_S, cell);
	}
	return error;
}

static int first_first(const void *a, const void *b)
{
	const struct store_group *one = a, *other = b;

	return (one->number > other->number) - (one->number < other->number);
}

/* The largest first; of the same size in the order of their names. */
static int largest_first(const void *a, const void *b)
{
	const struct store_group *one = *(const struct store_group *const *)a;
	const struct store_group *other = *(const struct store_group *const *)b;

	if (one->findings != other->findings)
		return one->findings < other->findings ? 1 : -1;
	return (one > other) - (one < other);
}

static int deliver(struct groups *groups, enum store_by by, store_on_group on_group, void *arg)
{
	const struct store_group **order = calloc(groups->count + 1, sizeof(*order));
	size_t i;
	int error = 0;

	if (!order)
		return -ENOMEM;
	if (by == STORE_BY_QUARTER && groups->count)
		qsort(groups->group, groups->count, sizeof(*groups->group), first_first);
	for (i = 0; i < groups->count; i++)
		order[i] = &groups->group[i];
	if (by != STORE_BY_QUARTER)
		qsort(order, groups->count, sizeof(*order), largest_first);
	for (i = 0; i < groups->count && !error; i++)
		error = on_group(order[i], arg);
	free(order);
	return error;
}

int store_tally_groups(struct store_tally *tally, enum store_by by,
		       store_on_group on_group, void *arg)
{
	struct groups groups = { 0 };
	int error;

	if (by == STORE_BY_CLASS)
		error = by_class(tally, &groups);
	else if (by == STORE_BY_ALL || by == STORE_BY_QUARTER)
		error = by_quarter(tally, by, &groups);
	else
		error = by_name(tally, by, &groups);
	if (!error)
		error = deliver(&groups, by, on_group, arg);
	if (error == -ENOMEM)
		no_memory(tally->store);
	free_groups(&groups);
	return error;
}

void store_on_progress(struct store *store, int (*poll)(void *arg), void *arg)
{
	/* In steps of SQLite's machine: some hundred times in a second. */
	sqlite3_progress_handler(store->db, poll ? 200000 : 0, poll, arg);
}
