// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live rules and mode. Readers take a whole set under RCU, anywhere;
 * changes run in process context under one mutex and may sleep. A published
 * set is never edited.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "core/class.h"
#include "core/prefix.h"
#include "known.h"
#include "rules_live.h"

static void on_unconfirmed(struct work_struct *work);

static struct {
	struct wxg_rules_live __rcu *set;
	/*
	 * Serialises every change. Nothing is taken under it but the locks of
	 * the kernel's work queues.
	 */
	struct mutex lock;
	bool fixed_off;		/* never changes between init and exit */
	/* The mode waits for its confirmation; then it goes back. */
	bool confirm;
	u32 confirmed;		/* the mode to go back to */
	u64 deadline;		/* jiffies */
	struct delayed_work unconfirmed;
} live = {
	.lock = __MUTEX_INITIALIZER(live.lock),
	.unconfirmed = __DELAYED_WORK_INITIALIZER(live.unconfirmed,
						  on_unconfirmed, 0),
};

u32 wxg_live_mode;
u32 wxg_live_classes;

static struct wxg_rules_live *live_set(void)
{
	return rcu_dereference_protected(live.set, lockdep_is_held(&live.lock));
}

const struct wxg_rules_live *wxg_rules_live_get(void)
{
	return rcu_dereference(live.set);
}

static u32 looked_at(const struct wxg_rules *rules)
{
	u32 i, bits = 0;

	for (i = 1; i < __WXGUARD_CLASS_MAX; i++) {
		if (rules->class[i].action != WXGUARD_ACTION_OFF)
			bits |= 1U << i;
	}
	for (i = 0; i < rules->scopes; i++) {
		if (rules->scope[i]->action != WXGUARD_ACTION_OFF)
			bits |= rules->scope[i]->classes;
	}
	return bits;
}

static u32 denied(const struct wxg_rules *rules)
{
	u32 i, bits = 0;

	for (i = 1; i < __WXGUARD_CLASS_MAX; i++) {
		if (rules->class[i].action >= WXGUARD_ACTION_DENY)
			bits |= 1U << i;
	}
	for (i = 0; i < rules->scopes; i++) {
		if (rules->scope[i]->action >= WXGUARD_ACTION_DENY)
			bits |= rules->scope[i]->classes;
	}
	return bits;
}

bool wxg_rules_live_denies(u32 class)
{
	bool denies;

	rcu_read_lock();
	denies = rcu_dereference(live.set)->denies >> class & 1;
	rcu_read_unlock();
	return denies;
}

/* The words that the probes read follow the set and the mode. */
static void set_words(u32 mode, const struct wxg_rules_live *set)
{
	lockdep_assert_held(&live.lock);
	WRITE_ONCE(wxg_live_mode, mode);
	WRITE_ONCE(wxg_live_classes,
		   mode == WXGUARD_MODE_OFF ? 0 : set->looked_at);
}

static bool same_key(const struct wxg_exemption *a,
		     const struct wxg_exemption *b)
{
	return a->has_key == b->has_key &&
	       (!a->has_key || wxg_identity_equal(&a->key, &b->key));
}

/*
 * By field, since the padding between them may hold anything. With a sha256
 * the identity is only where that content was found last.
 */
static bool same_exemption(const struct wxg_exemption *a,
			   const struct wxg_exemption *b)
{
	return !strcmp(a->name, b->name) && a->classes == b->classes &&
	       !strcmp(a->exe, b->exe) && !strcmp(a->comm, b->comm) &&
	       a->has_uid == b->has_uid && (!a->has_uid || a->uid == b->uid) &&
	       !strcmp(a->cgroup, b->cgroup) && a->unsafe == b->unsafe &&
	       (a->has_sha256 || same_key(a, b)) &&
	       a->has_sha256 == b->has_sha256 &&
	       (!a->has_sha256 ||
		!memcmp(a->sha256, b->sha256, sizeof(a->sha256))) &&
	       !strcmp(a->reason, b->reason) && !strcmp(a->author, b->author) &&
	       a->expires == b->expires;
}

static bool same_scope(const struct wxg_scope *a, const struct wxg_scope *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->cgroup, b->cgroup) &&
	       a->classes == b->classes && a->action == b->action &&
	       a->has_known == b->has_known &&
	       (!a->has_known || a->known == b->known);
}

/*
 * Hits that a reader of the old set counts after this are not carried over.
 * The search goes on from the last match, since most sets keep their order.
 */
static void carry_hits(struct wxg_rules_live *set,
		       const struct wxg_rules_live *old)
{
	u32 i, tried, at = 0;

	for (i = 0; i < set->rules.count; i++) {
		for (tried = 0; tried < old->rules.count; tried++, at++) {
			at %= old->rules.count;
			if (!same_exemption(set->rules.exemption[i],
					    old->rules.exemption[at]))
				continue;
			atomic64_set(&set->hits[i],
				     atomic64_read(&old->hits[at]));
			at++;
			break;
		}
	}
}

/* The same for the scopes, of which there are few. */
static void carry_scope_hits(struct wxg_rules_live *set,
			     const struct wxg_rules_live *old)
{
	u32 i, at;

	for (i = 0; i < set->rules.scopes; i++) {
		for (at = 0; at < old->rules.scopes; at++) {
			if (!same_scope(set->rules.scope[i],
					old->rules.scope[at]))
				continue;
			atomic64_set(wxg_rules_live_scope_hits(set, i),
				     atomic64_read(wxg_rules_live_scope_hits(old, at)));
			break;
		}
	}
}

static struct wxg_rules_live *make_set(const struct wxg_rules *rules)
{
	struct wxg_rules_live *set;
	struct wxg_prefix *prefix;

	set = kvzalloc(struct_size(set, hits, rules->count + rules->scopes),
		       GFP_KERNEL);
	prefix = kvcalloc(rules->count, sizeof(*prefix), GFP_KERNEL);
	if (!set || !prefix) {
		kvfree(prefix);
		kvfree(set);
		return NULL;
	}
	wxg_prefix_fill(prefix, rules);
	set->rules = *rules;
	set->rules.prefix = prefix;
	set->by_exe_only = wxg_rules_by_exe_only(rules);
	set->looked_at = looked_at(rules);
	set->denies = denied(rules);
	return set;
}

/* No reader may be left. */
static void free_set(struct wxg_rules_live *set)
{
	u32 i;

	for (i = 0; i < set->rules.count; i++)
		kvfree(set->rules.exemption[i]);
	kvfree(set->rules.exemption);
	for (i = 0; i < set->rules.scopes; i++)
		kvfree(set->rules.scope[i]);
	kvfree(set->rules.scope);
	kvfree(set->rules.prefix);
	kvfree(set);
}

s64 wxg_rules_live_publish(const struct wxg_rules *rules, u32 base)
{
	struct wxg_rules_live *set, *old;
	u32 generation;

	might_sleep();
	set = make_set(rules);
	if (!set)
		return -ENOMEM;

	mutex_lock(&live.lock);
	old = live_set();
	if (base && base != old->rules.generation) {
		mutex_unlock(&live.lock);
		kvfree(set->rules.prefix);
		kvfree(set);
		return -ESTALE;
	}
	generation = old->rules.generation + 1;
	if (!generation)
		generation = 1;
	set->rules.generation = generation;
	carry_hits(set, old);
	carry_scope_hits(set, old);
	rcu_assign_pointer(live.set, set);
	set_words(wxg_live_mode, set);
	wxg_known_next_epoch();
	mutex_unlock(&live.lock);

	/* A change of rules is rare and may wait for the last reader. */
	synchronize_rcu();
	free_set(old);
	return generation;
}

/* A new time replaces the running one; the mode to go back to stays. */
static void expect_confirmation(u32 seconds)
{
	lockdep_assert_held(&live.lock);
	if (!live.confirm)
		live.confirmed = wxg_live_mode;
	live.confirm = true;
	live.deadline = get_jiffies_64() + (u64)seconds * HZ;
	cancel_delayed_work(&live.unconfirmed);
	schedule_delayed_work(&live.unconfirmed, (u64)seconds * HZ);
}

/* The work may run all the same; it finds nothing to do. */
static void confirm(void)
{
	lockdep_assert_held(&live.lock);
	live.confirm = false;
	cancel_delayed_work(&live.unconfirmed);
}

static void on_unconfirmed(struct work_struct *work)
{
	u32 mode, back;
	bool late;

	mutex_lock(&live.lock);
	mode = wxg_live_mode;
	back = live.confirmed;
	/* It was confirmed, or given more time, just before this ran. */
	late = live.confirm && time_after_eq64(get_jiffies_64(), live.deadline);
	if (late) {
		live.confirm = false;
		set_words(back, live_set());
	}
	mutex_unlock(&live.lock);
	if (late)
		pr_warn("mode %s was not confirmed in time: the mode is %s again\n",
			wxg_mode_name(mode), wxg_mode_name(back));
}

int wxg_mode_try(u32 mode, u32 seconds)
{
	int err = 0;

	might_sleep();
	if (mode >= __WXGUARD_MODE_MAX || seconds > WXGUARD_CONFIRM_MAX)
		return -EINVAL;
	mutex_lock(&live.lock);
	if (live.fixed_off) {
		err = -EPERM;
		goto out;
	}
	if (seconds)
		expect_confirmation(seconds);
	else
		confirm();
	set_words(mode, live_set());
out:
	mutex_unlock(&live.lock);
	return err;
}

int wxg_mode_set(u32 mode)
{
	return wxg_mode_try(mode, 0);
}

bool wxg_mode_give_way(void)
{
	bool changed;

	might_sleep();
	mutex_lock(&live.lock);
	changed = wxg_live_mode == WXGUARD_MODE_ENFORCE;
	if (changed) {
		confirm();
		set_words(WXGUARD_MODE_DETECT, live_set());
	}
	mutex_unlock(&live.lock);
	return changed;
}

u32 wxg_mode_confirm_left(u32 *back)
{
	u64 now, left = 0;

	mutex_lock(&live.lock);
	now = get_jiffies_64();
	/* Rounded up: 0 says that there is nothing to confirm. */
	if (live.confirm)
		left = time_after64(live.deadline, now) ?
		       div_u64(live.deadline - now + HZ - 1, HZ) : 1;
	if (live.confirm && back)
		*back = live.confirmed;
	mutex_unlock(&live.lock);
	return left;
}

bool wxg_mode_is_fixed(void)
{
	return live.fixed_off;
}

int wxg_rules_live_init(u32 mode, bool fixed_off, u32 window)
{
	struct wxg_rules_live *set;
	struct wxg_rules rules;
	u32 class;

	if (mode >= __WXGUARD_MODE_MAX || window < WXGUARD_WINDOW_MIN ||
	    window > WXGUARD_WINDOW_MAX)
		return -EINVAL;
	wxg_rules_init(&rules);
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++)
		rules.class[class].window = window;
	rules.generation = 1;
	set = make_set(&rules);
	if (!set)
		return -ENOMEM;

	mutex_lock(&live.lock);
	live.fixed_off = fixed_off;
	rcu_assign_pointer(live.set, set);
	set_words(fixed_off ? WXGUARD_MODE_OFF : mode, set);
	mutex_unlock(&live.lock);
	return 0;
}

/* After every probe is disarmed, every slow path has ended, the wire is gone. */
void wxg_rules_live_exit(void)
{
	struct wxg_rules_live *set;

	mutex_lock(&live.lock);
	confirm();
	set = live_set();
	set_words(WXGUARD_MODE_OFF, set);
	RCU_INIT_POINTER(live.set, NULL);
	mutex_unlock(&live.lock);
	/* It takes the mutex, so it is waited for without. */
	cancel_delayed_work_sync(&live.unconfirmed);
	synchronize_rcu();
	free_set(set);
}
