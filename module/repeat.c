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

#include "repeat.h"
#include "ring.h"

#define TABLE_BITS 10
#define FIRST_ANNOUNCEMENT 10

/*
 * One term; or, when there are too many terms that differ in detail alone, the
 * aggregate of those that came after. All of such terms are in one chain.
 */
struct entry {
	struct hlist_node node;
	struct list_head by_last;	/* or among those to announce */
	struct wxg_term term;		/* of an aggregate: detail 0 */
	bool aggregate;
	u64 slot;			/* its chain, and a number of its own */
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
	u64 next_slot;
	u32 count;
	u32 max;
	u64 folded;
} repeat = {
	.lock = __MUTEX_INITIALIZER(repeat.lock),
	.by_last = LIST_HEAD_INIT(repeat.by_last),
};

/* Of everything but the detail. */
static u32 chain_of(const struct wxg_term *term)
{
	const u32 hash = jhash_3words(term->class << 8 ^ term->verdict,
				      term->uid, term->generation, 0);

	return jhash2((const u32 *)&term->key, sizeof(term->key) / sizeof(u32),
		      hash) & (HASH_SIZE(repeat.table) - 1);
}

static bool differ_in_detail_at_most(const struct wxg_term *a,
				     const struct wxg_term *b)
{
	return a->class == b->class && a->verdict == b->verdict &&
	       a->uid == b->uid && a->generation == b->generation &&
	       a->key.shape == b->key.shape &&
	       wxg_identity_equal(&a->key, &b->key);
}

static struct entry *lookup(const struct wxg_term *term, u32 chain,
			    bool aggregate)
{
	struct entry *entry;

	lockdep_assert_held(&repeat.lock);
	hlist_for_each_entry(entry, &repeat.table[chain], node) {
		if (entry->aggregate == aggregate &&
		    (aggregate || entry->term.detail == term->detail) &&
		    differ_in_detail_at_most(&entry->term, term))
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
	repeat.count--;
	if (entry->count > entry->told)
		list_add_tail(&entry->by_last, to_tell);
	else
		kvfree(entry);
}

static struct entry *make(const struct wxg_sighting *sighting, u32 chain,
			  bool aggregate, struct list_head *to_tell)
{
	struct entry *entry;

	lockdep_assert_held(&repeat.lock);
	entry = kvzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return NULL;
	if (repeat.count == repeat.max)
		retire(list_last_entry(&repeat.by_last, struct entry, by_last),
		       to_tell);
	repeat.count++;
	entry->term = sighting->term;
	entry->aggregate = aggregate;
	if (aggregate)
		entry->term.detail = 0;
	entry->slot = ++repeat.next_slot << TABLE_BITS | chain;
	entry->window = sighting->window;
	entry->began = sighting->now;
	entry->next = FIRST_ANNOUNCEMENT;
	hlist_add_head(&entry->node, &repeat.table[chain]);
	list_add(&entry->by_last, &repeat.by_last);
	return entry;
}

/* The live entry of a term, NULL if there is none (any more). */
static struct entry *current_entry(const struct wxg_sighting *sighting,
				   u32 chain, bool aggregate,
				   struct list_head *to_tell)
{
	struct entry *const entry = lookup(&sighting->term, chain, aggregate);

	if (entry && is_over(entry, sighting->now)) {
		retire(entry, to_tell);
		return NULL;
	}
	if (entry)
		list_move(&entry->by_last, &repeat.by_last);
	return entry;
}

/* Are there as many terms as may be told that differ from this in detail? */
static bool are_many(const struct wxg_sighting *sighting, u32 chain)
{
	const struct entry *entry;
	u32 count = 0;

	lockdep_assert_held(&repeat.lock);
	hlist_for_each_entry(entry, &repeat.table[chain], node) {
		if (!is_over(entry, sighting->now) &&
		    differ_in_detail_at_most(&entry->term, &sighting->term))
			count++;
	}
	return count >= WXG_REPEAT_DETAILS_MAX;
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
	const u32 chain = chain_of(&sighting->term);
	enum wxg_repeat answer = WXG_REPEAT_FIRST;
	struct entry *entry;

	entry = current_entry(sighting, chain, false, to_tell);
	if (!entry && sighting->term.detail)
		entry = current_entry(sighting, chain, true, to_tell);
	if (entry) {
		answer = fold(entry, info);
	} else {
		entry = make(sighting, chain,
			     sighting->term.detail && are_many(sighting, chain),
			     to_tell);
		if (!entry)
			return WXG_REPEAT_FIRST;
		info->slot = entry->slot;
		info->aggregate = entry->aggregate;
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
	finding->pool = (u8 *)(finding + 1);
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

void wxg_repeat_told(u64 slot, u64 seq)
{
	struct entry *entry;

	if (!slot)
		return;
	mutex_lock(&repeat.lock);
	hlist_for_each_entry(entry,
			     &repeat.table[slot & (HASH_SIZE(repeat.table) - 1)],
			     node) {
		if (entry->slot != slot)
			continue;
		if (!entry->first)
			entry->first = seq;
		break;
	}
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
	repeat.count = 0;
}
