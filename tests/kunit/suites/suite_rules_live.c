// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live rules and mode: generations, who owns a set, the words that the
 * probes read, and the mode that was fixed.
 */
#include "core/class.h"
#include "reader.h"
#include "known.h"
#include "rules_live.h"

#define WINDOW 3600

/* Bits of the classes that the default rules look at; set_up() fills it. */
static u32 built;

/* The default rules with exemptions of these names, for publishing. */
static struct wxg_rules rules_of(struct kunit *test, u32 count,
				 const char *const *names)
{
	struct wxg_rules rules;
	u32 i;

	wxg_rules_init(&rules);
	if (!count)
		return rules;
	rules.exemption = kcalloc(count, sizeof(*rules.exemption), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rules.exemption);
	for (i = 0; i < count; i++) {
		rules.exemption[i] = kzalloc(sizeof(**rules.exemption),
					     GFP_KERNEL);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rules.exemption[i]);
		strscpy(rules.exemption[i]->name, names[i],
			sizeof(rules.exemption[i]->name));
		strcpy(rules.exemption[i]->exe, "/x");
		strcpy(rules.exemption[i]->reason, "test");
		rules.exemption[i]->classes = 1u << WXGUARD_CLASS_RWX_MPROTECT;
	}
	rules.count = count;
	return rules;
}

/* A scope of this name at the end of the set. */
static struct wxg_scope *add_scope(struct kunit *test, struct wxg_rules *rules,
				   const char *name)
{
	struct wxg_scope **grown, *scope;

	scope = kzalloc(sizeof(*scope), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, scope);
	strscpy(scope->name, name, sizeof(scope->name));
	strcpy(scope->cgroup, "/x");
	scope->classes = 1u << WXGUARD_CLASS_RWX_MPROTECT;
	scope->action = WXGUARD_ACTION_LOG;
	grown = krealloc(rules->scope, (rules->scopes + 1) * sizeof(*grown),
			 GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, grown);
	grown[rules->scopes++] = scope;
	rules->scope = grown;
	return scope;
}

static void free_rules(struct wxg_rules *rules)
{
	u32 i;

	for (i = 0; i < rules->scopes; i++)
		kfree(rules->scope[i]);
	kfree(rules->scope);
	for (i = 0; i < rules->count; i++)
		kfree(rules->exemption[i]);
	kfree(rules->exemption);
}

static s64 publish(struct kunit *test, u32 count, const char *const *names)
{
	struct wxg_rules rules = rules_of(test, count, names);

	return wxg_rules_live_publish(&rules, 0);
}

static u32 generation(void)
{
	u32 generation;

	rcu_read_lock();
	generation = wxg_rules_live_get()->rules.generation;
	rcu_read_unlock();
	return generation;
}

/* Hits belong to whoever judges; here that is the test. */
static void hit(u32 i, u32 times)
{
	rcu_read_lock();
	atomic64_add(times, (atomic64_t *)&wxg_rules_live_get()->hits[i]);
	rcu_read_unlock();
}

static u64 hits(u32 i)
{
	u64 hits;

	rcu_read_lock();
	hits = (u64)atomic64_read(&wxg_rules_live_get()->hits[i]);
	rcu_read_unlock();
	return hits;
}

static void the_first_set_has_the_defaults(struct kunit *test)
{
	const struct wxg_rules_live *live;
	struct wxg_rules defaults;
	u32 class;

	wxg_rules_init(&defaults);
	rcu_read_lock();
	live = wxg_rules_live_get();
	KUNIT_EXPECT_EQ(test, live->rules.generation, 1u);
	KUNIT_EXPECT_EQ(test, live->rules.count, 0u);
	KUNIT_EXPECT_TRUE(test, live->by_exe_only);
	KUNIT_EXPECT_EQ(test, live->looked_at, built);
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		KUNIT_EXPECT_EQ(test, live->rules.class[class].action,
				defaults.class[class].action);
		KUNIT_EXPECT_EQ(test, live->rules.class[class].known,
				defaults.class[class].known);
		KUNIT_EXPECT_EQ(test, live->rules.class[class].window,
				(u32)WINDOW);
	}
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_DETECT);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, built);
	KUNIT_EXPECT_FALSE(test, wxg_mode_is_fixed());
}

static void a_bad_beginning_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, wxg_rules_live_init(__WXGUARD_MODE_MAX, false,
						  WINDOW), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_rules_live_init(WXGUARD_MODE_DETECT, false,
						  0), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_rules_live_init(WXGUARD_MODE_DETECT, false,
						  WXGUARD_WINDOW_MAX + 1),
			-EINVAL);
	/* And changed nothing. */
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_DETECT);
	KUNIT_EXPECT_EQ(test, generation(), 1u);
}

static void the_mode_changes_the_words(struct kunit *test)
{
	u32 mode;

	for (mode = 0; mode < __WXGUARD_MODE_MAX; mode++) {
		KUNIT_EXPECT_EQ(test, wxg_mode_set(mode), 0);
		KUNIT_EXPECT_EQ(test, wxg_live_mode, mode);
		KUNIT_EXPECT_EQ(test, wxg_live_classes,
				mode == WXGUARD_MODE_OFF ? 0 : built);
	}
	KUNIT_EXPECT_EQ(test, wxg_mode_set(__WXGUARD_MODE_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_mode_set(U32_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_ENFORCE);
	/* A mode is no rule. */
	KUNIT_EXPECT_EQ(test, generation(), 1u);
}

static void new_rules_are_a_new_epoch(struct kunit *test)
{
	const u32 epoch = wxg_known_epoch;

	KUNIT_EXPECT_EQ(test, publish(test, 0, NULL), 2ll);
	KUNIT_EXPECT_NE(test, wxg_known_epoch, epoch);
}

static void a_fixed_off_stays_off(struct kunit *test)
{
	wxg_rules_live_exit();
	KUNIT_ASSERT_EQ(test, wxg_rules_live_init(WXGUARD_MODE_ENFORCE, true,
						  WINDOW), 0);
	KUNIT_EXPECT_TRUE(test, wxg_mode_is_fixed());
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_OFF);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, 0u);
	KUNIT_EXPECT_EQ(test, wxg_mode_set(WXGUARD_MODE_DETECT), -EPERM);
	KUNIT_EXPECT_EQ(test, wxg_mode_set(WXGUARD_MODE_OFF), -EPERM);
	KUNIT_EXPECT_EQ(test, wxg_mode_try(WXGUARD_MODE_ENFORCE, 60), -EPERM);
	KUNIT_EXPECT_EQ(test, wxg_mode_confirm_left(NULL), 0u);
	KUNIT_EXPECT_FALSE(test, wxg_mode_give_way());
	KUNIT_EXPECT_EQ(test, wxg_mode_set(__WXGUARD_MODE_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_OFF);
	/* Nor do new rules wake it. */
	KUNIT_EXPECT_EQ(test, publish(test, 0, NULL), 2ll);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, 0u);
}

/* A mode on trial has gone back once nothing is left of its time. */
static void time_is_up(void)
{
	while (wxg_mode_confirm_left(NULL))
		schedule_timeout_uninterruptible(HZ / 50);
}

/* Or less by what a slow machine took. */
static bool is_left(u32 seconds)
{
	const u32 left = wxg_mode_confirm_left(NULL);

	return left <= seconds && left > seconds - 30;
}

static void a_mode_on_trial_goes_back(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, wxg_mode_confirm_left(NULL), 0u);
	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_LEARN), 0);
	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_ENFORCE, 1), 0);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_ENFORCE);
	KUNIT_EXPECT_EQ(test, wxg_mode_confirm_left(NULL), 1u);
	time_is_up();
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_LEARN);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, built);
}

static void a_confirmed_mode_stays(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_ENFORCE, 60), 0);
	KUNIT_EXPECT_TRUE(test, is_left(60));
	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_ENFORCE), 0);
	KUNIT_EXPECT_EQ(test, wxg_mode_confirm_left(NULL), 0u);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_ENFORCE);
	/* And it is where the next trial goes back to. */
	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_OFF, 1), 0);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, 0u);
	time_is_up();
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_ENFORCE);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, built);
}

static void more_time_keeps_where_to_go_back(struct kunit *test)
{
	u32 back = U32_MAX;

	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_ENFORCE, 1), 0);
	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_LEARN,
					   WXGUARD_CONFIRM_MAX), 0);
	KUNIT_EXPECT_TRUE(test, is_left(WXGUARD_CONFIRM_MAX));
	KUNIT_EXPECT_GT(test, wxg_mode_confirm_left(&back), 0u);
	KUNIT_EXPECT_EQ(test, back, (u32)WXGUARD_MODE_DETECT);
	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_ENFORCE, 1), 0);
	time_is_up();
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_DETECT);
	/* Nothing is on trial, so nothing is filled. */
	back = U32_MAX;
	KUNIT_EXPECT_EQ(test, wxg_mode_confirm_left(&back), 0u);
	KUNIT_EXPECT_EQ(test, back, U32_MAX);
}

static void a_bad_trial_changes_nothing(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_ENFORCE, 60), 0);
	KUNIT_EXPECT_EQ(test, wxg_mode_try(WXGUARD_MODE_DETECT,
					   WXGUARD_CONFIRM_MAX + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_mode_try(__WXGUARD_MODE_MAX, 60), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_mode_try(__WXGUARD_MODE_MAX, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_ENFORCE);
	KUNIT_EXPECT_TRUE(test, is_left(60));
}

static void giving_way_ends_enforce_for_good(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, wxg_mode_give_way());
	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_ENFORCE), 0);
	/* Another trial, which would go back to enforce. */
	KUNIT_ASSERT_EQ(test, wxg_mode_try(WXGUARD_MODE_ENFORCE, 60), 0);
	KUNIT_EXPECT_TRUE(test, wxg_mode_give_way());
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_DETECT);
	KUNIT_EXPECT_EQ(test, wxg_mode_confirm_left(NULL), 0u);
	KUNIT_EXPECT_FALSE(test, wxg_mode_give_way());
	/* Off is not made more than off. */
	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_OFF), 0);
	KUNIT_EXPECT_FALSE(test, wxg_mode_give_way());
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_OFF);
}

static void each_set_has_the_next_generation(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, publish(test, 0, NULL), 2ll);
	KUNIT_EXPECT_EQ(test, generation(), 2u);
	KUNIT_EXPECT_EQ(test, publish(test, 0, NULL), 3ll);
	KUNIT_EXPECT_EQ(test, generation(), 3u);
}

static void a_stale_set_is_refused_whole(struct kunit *test)
{
	static const char *const names[] = { "a" };
	struct wxg_rules rules = rules_of(test, 1, names);

	rules.class[WXGUARD_CLASS_RWX_MMAP].action = WXGUARD_ACTION_OFF;
	KUNIT_EXPECT_EQ(test, wxg_rules_live_publish(&rules, 2), -ESTALE);
	KUNIT_EXPECT_EQ(test, generation(), 1u);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, built);
	/* It is still ours, and from the right generation it goes through. */
	KUNIT_EXPECT_EQ(test, rules.exemption[0]->name[0], 'a');
	KUNIT_EXPECT_EQ(test, wxg_rules_live_publish(&rules, 1), 2ll);
	rules = rules_of(test, 1, names);
	KUNIT_EXPECT_EQ(test, wxg_rules_live_publish(&rules, 1), -ESTALE);
	free_rules(&rules);
}

static void without_memory_the_old_set_stays(struct kunit *test)
{
	static const char *const names[] = { "a" };
	struct wxg_rules rules = rules_of(test, 1, names);

	wxg_kunit_no_memory = true;
	KUNIT_EXPECT_EQ(test, wxg_rules_live_publish(&rules, 0), -ENOMEM);
	wxg_kunit_no_memory = false;
	KUNIT_EXPECT_EQ(test, generation(), 1u);
	free_rules(&rules);
}

static void a_class_that_is_off_is_not_looked_at(struct kunit *test)
{
	struct wxg_rules rules;
	u32 without = built & ~(1u << WXGUARD_CLASS_RWX_MMAP);

	wxg_rules_init(&rules);
	rules.class[WXGUARD_CLASS_RWX_MMAP].action = WXGUARD_ACTION_OFF;
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&rules, 0), 2ll);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, without);
	/* Off and on again, as the rules say by then. */
	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_OFF), 0);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, 0u);
	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_LEARN), 0);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, without);
	KUNIT_ASSERT_EQ(test, publish(test, 0, NULL), 3ll);
	KUNIT_EXPECT_EQ(test, wxg_live_classes, built);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_LEARN);
}

static void a_scope_is_looked_at_and_may_deny(struct kunit *test)
{
	struct wxg_rules rules;
	struct wxg_scope *scope;

	wxg_rules_init(&rules);
	rules.class[WXGUARD_CLASS_RWX_MMAP].action = WXGUARD_ACTION_OFF;
	rules.class[WXGUARD_CLASS_EXEC_MEMORY].action = WXGUARD_ACTION_OFF;
	scope = add_scope(test, &rules, "denies");
	scope->classes = 1u << WXGUARD_CLASS_RWX_MMAP;
	scope->action = WXGUARD_ACTION_DENY;
	scope = add_scope(test, &rules, "is off");
	scope->classes = 1u << WXGUARD_CLASS_EXEC_MEMORY |
			 1u << WXGUARD_CLASS_RWX_MPROTECT;
	scope->action = WXGUARD_ACTION_OFF;
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&rules, 0), 2ll);
	KUNIT_EXPECT_EQ(test, wxg_live_classes,
			built & ~(1u << WXGUARD_CLASS_EXEC_MEMORY));
	KUNIT_EXPECT_TRUE(test, wxg_rules_live_denies(WXGUARD_CLASS_RWX_MMAP));
	KUNIT_EXPECT_FALSE(test, wxg_rules_live_denies(WXGUARD_CLASS_EXEC_MEMORY));
	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test, wxg_rules_live_get()->by_exe_only);
	rcu_read_unlock();
}

static void hit_scope(u32 i, u32 times)
{
	rcu_read_lock();
	atomic64_add(times, wxg_rules_live_scope_hits(wxg_rules_live_get(), i));
	rcu_read_unlock();
}

static u64 scope_hits(u32 i)
{
	u64 hits;

	rcu_read_lock();
	hits = (u64)atomic64_read(wxg_rules_live_scope_hits(wxg_rules_live_get(), i));
	rcu_read_unlock();
	return hits;
}

static void the_same_scope_keeps_its_hits(struct kunit *test)
{
	static const char *const names[] = { "a" };
	struct wxg_rules rules = rules_of(test, 1, names);
	u32 part;

	add_scope(test, &rules, "one");
	add_scope(test, &rules, "two");
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&rules, 0), 2ll);
	hit(0, 5);
	hit_scope(0, 10);
	hit_scope(1, 11);
	/* In another order, beside fewer exemptions. */
	wxg_rules_init(&rules);
	add_scope(test, &rules, "two");
	add_scope(test, &rules, "one");
	add_scope(test, &rules, "new");
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&rules, 0), 3ll);
	KUNIT_EXPECT_EQ(test, scope_hits(0), 11ull);
	KUNIT_EXPECT_EQ(test, scope_hits(1), 10ull);
	KUNIT_EXPECT_EQ(test, scope_hits(2), 0ull);
	for (part = 0; part < 4; part++) {
		struct wxg_scope *scope;

		wxg_rules_init(&rules);
		add_scope(test, &rules, "two");
		KUNIT_ASSERT_GT(test, wxg_rules_live_publish(&rules, 0), 0ll);
		hit_scope(0, 1);
		wxg_rules_init(&rules);
		scope = add_scope(test, &rules, "two");
		scope->cgroup[1] += part == 0;
		scope->classes += part == 1;
		scope->action += part == 2;
		scope->has_known = part == 3;
		KUNIT_ASSERT_GT(test, wxg_rules_live_publish(&rules, 0), 0ll);
		KUNIT_EXPECT_EQ_MSG(test, scope_hits(0), 0ull, "part %u", part);
	}
}

static void the_shortcut_of_the_probes_follows_the_set(struct kunit *test)
{
	static const char *const names[] = { "a" };
	struct wxg_rules rules = rules_of(test, 1, names);

	rules.exemption[0]->has_uid = true;
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&rules, 0), 2ll);
	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test, wxg_rules_live_get()->by_exe_only);
	rcu_read_unlock();
	KUNIT_ASSERT_EQ(test, publish(test, 1, names), 3ll);
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, wxg_rules_live_get()->by_exe_only);
	rcu_read_unlock();
}

static void the_same_exemption_keeps_its_hits(struct kunit *test)
{
	static const char *const before[] = { "a", "b", "c", "d" };
	static const char *const after[] = { "d", "new", "b", "a" };
	struct wxg_rules rules;

	KUNIT_ASSERT_EQ(test, publish(test, 4, before), 2ll);
	hit(0, 10);
	hit(1, 11);
	hit(3, 13);
	KUNIT_ASSERT_EQ(test, publish(test, 4, before), 3ll);
	KUNIT_EXPECT_EQ(test, hits(0), 10ull);
	KUNIT_EXPECT_EQ(test, hits(1), 11ull);
	KUNIT_EXPECT_EQ(test, hits(2), 0ull);
	KUNIT_EXPECT_EQ(test, hits(3), 13ull);
	/* In another order, one gone, one new, one with the same name only. */
	rules = rules_of(test, 4, after);
	strcpy(rules.exemption[3]->exe, "/other");
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&rules, 0), 4ll);
	KUNIT_EXPECT_EQ(test, hits(0), 13ull);
	KUNIT_EXPECT_EQ(test, hits(1), 0ull);
	KUNIT_EXPECT_EQ(test, hits(2), 11ull);
	KUNIT_EXPECT_EQ(test, hits(3), 0ull);
}

static void each_part_of_an_exemption_is_its_content(struct kunit *test)
{
	static const char *const names[] = { "a" };
	struct wxg_exemption *e;
	struct wxg_rules rules;
	u32 part;

	for (part = 0; part < 11; part++) {
		KUNIT_ASSERT_GT(test, publish(test, 1, names), 0ll);
		hit(0, 1);
		rules = rules_of(test, 1, names);
		e = rules.exemption[0];
		e->classes += part == 0;
		e->exe[1] += part == 1;
		e->comm[0] += part == 2;
		e->has_uid = part == 3;
		e->cgroup[0] += part == 4;
		e->unsafe = part == 5;
		e->reason[0] += part == 6;
		e->author[0] += part == 7;
		e->expires += part == 8;
		e->has_key = part == 9;
		e->has_sha256 = part == 10;
		KUNIT_ASSERT_GT(test, wxg_rules_live_publish(&rules, 0), 0ll);
		KUNIT_EXPECT_EQ_MSG(test, hits(0), 0ull, "part %u", part);
	}
}

static void pinned_content_keeps_its_hits(struct kunit *test)
{
	static const char *const names[] = { "a" };
	struct wxg_rules rules;
	u32 pinned;

	for (pinned = 0; pinned < 3; pinned++) {
		rules = rules_of(test, 1, names);
		rules.exemption[0]->has_sha256 = true;
		rules.exemption[0]->has_key = pinned;
		rules.exemption[0]->key.ino = pinned;
		KUNIT_ASSERT_GT(test, wxg_rules_live_publish(&rules, 0), 0ll);
		KUNIT_EXPECT_EQ(test, hits(0), (u64)pinned);
		hit(0, 1);
	}
	/* Another content is another exemption. */
	rules = rules_of(test, 1, names);
	rules.exemption[0]->has_sha256 = true;
	rules.exemption[0]->sha256[31] = 1;
	KUNIT_ASSERT_GT(test, wxg_rules_live_publish(&rules, 0), 0ll);
	KUNIT_EXPECT_EQ(test, hits(0), 0ull);
}

static void an_inode_is_an_exemption_of_its_own(struct kunit *test)
{
	static const char *const names[] = { "a" };
	struct wxg_rules rules;
	u32 ino;

	for (ino = 0; ino < 2; ino++) {
		rules = rules_of(test, 1, names);
		rules.exemption[0]->has_key = true;
		rules.exemption[0]->key.ino = ino;
		KUNIT_ASSERT_GT(test, wxg_rules_live_publish(&rules, 0), 0ll);
		KUNIT_EXPECT_EQ(test, hits(0), 0ull);
		hit(0, 1);
	}
}

static const void *enter_set(void)
{
	return wxg_rules_live_get();
}

static bool set_is_whole(const void *thing)
{
	const struct wxg_rules_live *live = thing;

	return live->rules.generation == 2 && live->rules.count == 1 &&
	       !strcmp(live->rules.exemption[0]->name, "a") &&
	       atomic64_read(&live->hits[0]) == 3;
}

static void replace_set(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, publish(test, 0, NULL), 3ll);
}

static void a_reader_keeps_the_set_that_is_replaced(struct kunit *test)
{
	static const struct wxg_kunit_reader reader = {
		.enter = enter_set,
		.is_whole = set_is_whole,
	};
	static const char *const names[] = { "a" };

	KUNIT_ASSERT_EQ(test, publish(test, 1, names), 2ll);
	hit(0, 3);
	wxg_kunit_take_from_reader(test, &reader, replace_set);
}

static int set_up(struct kunit *test)
{
	u32 class;

	built = 0;
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		if (wxg_class_lookup(class)->action != WXGUARD_ACTION_OFF)
			built |= 1u << class;
	}
	return wxg_rules_live_init(WXGUARD_MODE_DETECT, false, WINDOW);
}

static void tear_down(struct kunit *test)
{
	wxg_kunit_no_memory = false;
	wxg_rules_live_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(the_first_set_has_the_defaults),
	KUNIT_CASE(a_bad_beginning_is_refused),
	KUNIT_CASE(the_mode_changes_the_words),
	KUNIT_CASE(new_rules_are_a_new_epoch),
	KUNIT_CASE(a_fixed_off_stays_off),
	KUNIT_CASE(a_mode_on_trial_goes_back),
	KUNIT_CASE(a_confirmed_mode_stays),
	KUNIT_CASE(more_time_keeps_where_to_go_back),
	KUNIT_CASE(a_bad_trial_changes_nothing),
	KUNIT_CASE(giving_way_ends_enforce_for_good),
	KUNIT_CASE(each_set_has_the_next_generation),
	KUNIT_CASE(a_stale_set_is_refused_whole),
	KUNIT_CASE(without_memory_the_old_set_stays),
	KUNIT_CASE(a_class_that_is_off_is_not_looked_at),
	KUNIT_CASE(a_scope_is_looked_at_and_may_deny),
	KUNIT_CASE(the_shortcut_of_the_probes_follows_the_set),
	KUNIT_CASE(the_same_scope_keeps_its_hits),
	KUNIT_CASE(the_same_exemption_keeps_its_hits),
	KUNIT_CASE(each_part_of_an_exemption_is_its_content),
	KUNIT_CASE(pinned_content_keeps_its_hits),
	KUNIT_CASE(an_inode_is_an_exemption_of_its_own),
	KUNIT_CASE(a_reader_keeps_the_set_that_is_replaced),
	{}
};

struct kunit_suite wxg_kunit_rules_live = {
	.name = "rules_live",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
