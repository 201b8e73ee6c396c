// SPDX-License-Identifier: GPL-2.0-only
/*
 * Repeats: which terms were told, how often they were seen since, and what of
 * it is not announced yet. PROCESS context; may sleep. Publishes with its
 * mutex released: the ring's doorbell may take its time.
 */
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "repeat.h"
#include "ring.h"

#define TABLE_BITS 10
#define FIRST_ANNOUNCEMENT 10

/*
 * One term, or one group: the terms that differ in detail alone. A group
 * counts how many of them began in its window, and, past the bound, is the
 * aggregate of those that came after.
 */
struct entry {
	struct hlist_node node;
	struct list_head by_last;	/* or among those to announce */
	struct wxg_term term;		/* of a group: detail 0 */
	bool group;
	bool aggregate;			/* a group that was told itself */
	u32 details;
	u32 slot;
	u32 window;			/* s */
	s64 began;			/* s since boot */
	s64 last;
	u64 first;			/* number of the first finding, 0 = none yet */
	u64 count;			/* sightings since the first */
	u64 told;			/* of these, announced */
	u64 next;			/* count of the next announcement */
	u64 last_real;			/* ns */
	u64 last_boot;
	/* Of the last sighting. */
	u32 action;
	u32 mode;
	u32 pid;
	u64 start;
	u8 comm[WXGUARD_COMM_MAX + 1];
	bool exe_cut;
	u32 exe_len;
	u8 exe[WXGUARD_ANCESTOR_EXE_MAX];
};

static struct {
	/* Guards the rest and every entry. Only memory is taken under it. */
	struct mutex lock;
	DECLARE_HASHTABLE(table, TABLE_BITS);
	struct list_head by_last;	/* most recently seen first */
	struct xarray slots;
	u32 next_slot;
	u32 count;
	u32 max;
	u64 folded;
} repeat = {
	.lock = __MUTEX_INITIALIZER(repeat.lock),
	.by_last = LIST_HEAD_INIT(repeat.by_last),
	.slots = XARRAY_INIT(repeat.slots, XA_FLAGS_ALLOC),
};

static u32 hash_of(const struct wxg_term *term, bool group)
{
	return jhash(term, sizeof(*term), group);
}

static struct entry *lookup(const struct wxg_term *term, bool group)
{
	struct entry *entry;

	lockdep_assert_held(&repeat.lock);
	hash_for_each_possible(repeat.table, entry, node, hash_of(term, group)) {
		if (entry->group == group &&
		    !memcmp(&entry->term, term, sizeof(*term)))
			return entry;
	}
	return NULL;
}

static bool is_over(const struct entry *entry, s64 now)
{
	return now - entry->began >= entry->window;
}

/* Out of the store; what it has not announced is announced by the caller. */
static void retire(struct entry *entry, struct list_head *to_tell)
{
	lockdep_assert_held(&repeat.lock);
	hash_del(&entry->node);
	list_del(&entry->by_last);
	xa_erase(&repeat.slots, entry->slot);
	repeat.count--;
	if (entry->count > entry->told)
		list_add_tail(&entry->by_last, to_tell);
	else
		kvfree(entry);
}

static struct entry *make(const struct wxg_sighting *sighting,
			  const struct wxg_term *term, bool group,
			  struct list_head *to_tell)
{
	struct entry *entry;

	lockdep_assert_held(&repeat.lock);
	entry = kvzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return NULL;
	if (xa_alloc_cyclic(&repeat.slots, &entry->slot, entry,
			    XA_LIMIT(1, U32_MAX), &repeat.next_slot,
			    GFP_KERNEL) < 0) {
		kvfree(entry);
		return NULL;
	}
	if (repeat.count == repeat.max)
		retire(list_last_entry(&repeat.by_last, struct entry, by_last),
		       to_tell);
	repeat.count++;
	entry->term = *term;
	entry->group = group;
	entry->window = sighting->window;
	entry->began = sighting->now;
	entry->next = FIRST_ANNOUNCEMENT;
	hash_add(repeat.table, &entry->node, hash_of(term, group));
	list_add(&entry->by_last, &repeat.by_last);
	return entry;
}

/* The live entry of a term, NULL if there is none (any more). */
static struct entry *current_entry(const struct wxg_sighting *sighting,
				   const struct wxg_term *term, bool group,
				   struct list_head *to_tell)
{
	struct entry *const entry = lookup(term, group);

	if (entry && is_over(entry, sighting->now)) {
		retire(entry, to_tell);
		return NULL;
	}
	if (entry)
		list_move(&entry->by_last, &repeat.by_last);
	return entry;
}

/* Which one of many: the group of this term, made if needed. */
static struct entry *group_of(const struct wxg_sighting *sighting,
			      struct list_head *to_tell)
{
	struct wxg_term term = sighting->term;
	struct entry *group;

	term.detail = 0;
	group = current_entry(sighting, &term, true, to_tell);
	return group ? group : make(sighting, &term, true, to_tell);
}

static void remember(struct entry *entry, const struct wxg_sighting *sighting)
{
	const size_t len = min(sighting->exe_len, sizeof(entry->exe));

	entry->last = sighting->now;
	entry->last_real = ktime_get_real_ns();
	entry->last_boot = ktime_get_boottime_ns();
	entry->action = sighting->action;
	entry->mode = sighting->mode;
	entry->pid = sighting->pid;
	entry->start = sighting->start;
	strscpy(entry->comm, sighting->comm, sizeof(entry->comm));
	entry->exe_cut = len < sighting->exe_len;
	entry->exe_len = len;
	memcpy(entry->exe, sighting->exe, len);
}

/* One more of what was told. Nothing refers to a first without a number. */
static enum wxg_repeat fold(struct entry *entry, struct wxg_repeat_info *info)
{
	entry->count++;
	WRITE_ONCE(repeat.folded, repeat.folded + 1);
	if (!entry->first || entry->count < entry->next)
		return WXG_REPEAT_FOLDED;
	while (entry->next <= entry->count)
		entry->next *= 10;
	entry->told = entry->count;
	info->first = entry->first;
	info->count = entry->count;
	info->aggregate = entry->aggregate;
	return WXG_REPEAT_ANNOUNCE;
}

static enum wxg_repeat note(const struct wxg_sighting *sighting,
			    struct wxg_repeat_info *info,
			    struct list_head *to_tell)
{
	struct entry *entry, *group = NULL;
	enum wxg_repeat answer = WXG_REPEAT_FIRST;

	entry = current_entry(sighting, &sighting->term, false, to_tell);
	if (!entry && sighting->term.detail)
		group = group_of(sighting, to_tell);
	if (group && group->details >= WXG_REPEAT_DETAILS_MAX) {
		entry = group;
	} else if (!entry) {
		entry = make(sighting, &sighting->term, false, to_tell);
		if (!entry)
			return WXG_REPEAT_FIRST;
		if (group)
			group->details++;
		info->slot = entry->slot;
		remember(entry, sighting);
		return WXG_REPEAT_FIRST;
	}
	if (entry == group && !group->aggregate) {
		group->aggregate = true;
		info->aggregate = true;
		info->slot = group->slot;
	} else {
		answer = fold(entry, info);
	}
	remember(entry, sighting);
	return answer;
}

/* What is left of it: enough to say who, what and how often. */
static void tell(const struct entry *entry)
{
	struct wxg_finding *finding;

	finding = kvzalloc(sizeof(*finding) + entry->exe_len, GFP_KERNEL);
	if (!finding) {
		wxg_ring_lose();
		return;
	}
	finding->class = entry->term.class;
	finding->action = entry->action;
	finding->verdict = entry->term.verdict;
	finding->mode = entry->mode;
	finding->rules_generation = entry->term.generation;
	finding->flags = WXGUARD_FLAG_REPEAT;
	if (entry->aggregate)
		finding->flags |= WXGUARD_FLAG_AGGREGATE;
	if (entry->exe_cut)
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
	finding->time_real = entry->last_real;
	finding->time_boot = entry->last_boot;
	finding->proc.brief = true;
	finding->proc.pid = entry->pid;
	finding->proc.start = entry->start;
	finding->proc.uid = entry->term.uid;
	memcpy(finding->proc.comm, entry->comm, sizeof(finding->proc.comm));
	finding->proc.exe.len = entry->exe_len;
	finding->pool_size = entry->exe_len;
	finding->pool_used = entry->exe_len;
	memcpy(finding->pool, entry->exe, entry->exe_len);
	finding->repeat_of = entry->first;
	finding->repeat_count = entry->count;
	finding->repeat_last = entry->last_real;
	wxg_ring_publish(finding);
	kvfree(finding);
}

static void tell_all(struct list_head *to_tell)
{
	struct entry *entry, *next;

	list_for_each_entry_safe(entry, next, to_tell, by_last) {
		tell(entry);
		kvfree(entry);
	}
}

enum wxg_repeat wxg_repeat_note(const struct wxg_sighting *sighting,
				struct wxg_repeat_info *info)
{
	enum wxg_repeat answer;
	LIST_HEAD(to_tell);

	might_sleep();
	memset(info, 0, sizeof(*info));
	if (!sighting->window)
		return WXG_REPEAT_FIRST;
	mutex_lock(&repeat.lock);
	answer = note(sighting, info, &to_tell);
	mutex_unlock(&repeat.lock);
	tell_all(&to_tell);
	return answer;
}

void wxg_repeat_told(u32 slot, u64 seq)
{
	struct entry *entry;

	if (!slot)
		return;
	mutex_lock(&repeat.lock);
	entry = xa_load(&repeat.slots, slot);
	if (entry && !entry->first)
		entry->first = seq;
	mutex_unlock(&repeat.lock);
}

/* A copy is told, so that the entry can go on counting. */
static void announce(struct entry *entry, struct list_head *to_tell)
{
	struct entry *copy;

	copy = kmemdup(entry, sizeof(*entry), GFP_KERNEL);
	if (!copy)
		return;
	entry->told = entry->count;
	list_add_tail(&copy->by_last, to_tell);
}

void wxg_repeat_flush(s64 now, u32 idle)
{
	struct entry *entry, *next;
	LIST_HEAD(to_tell);

	mutex_lock(&repeat.lock);
	list_for_each_entry_safe(entry, next, &repeat.by_last, by_last) {
		if (is_over(entry, now))
			retire(entry, &to_tell);
		else if (entry->count > entry->told && entry->first &&
			 now - entry->last >= idle)
			announce(entry, &to_tell);
	}
	mutex_unlock(&repeat.lock);
	tell_all(&to_tell);
}

u64 wxg_repeat_folded(void)
{
	return READ_ONCE(repeat.folded);
}

int wxg_repeat_init(u32 max)
{
	if (max < 2)
		return -EINVAL;
	hash_init(repeat.table);
	repeat.max = max;
	repeat.folded = 0;
	return 0;
}

void wxg_repeat_exit(void)
{
	struct entry *entry, *next;

	list_for_each_entry_safe(entry, next, &repeat.by_last, by_last) {
		hash_del(&entry->node);
		kvfree(entry);
	}
	INIT_LIST_HEAD(&repeat.by_last);
	xa_destroy(&repeat.slots);
	repeat.count = 0;
}
