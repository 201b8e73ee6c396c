// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module with one fault of each kind that the debug kernels look for, to
 * see that they find it and that tests/vm/run then fails. For a virtual
 * machine only.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "the name of one of the faults");

static DEFINE_SPINLOCK(plant_spin);
static DEFINE_MUTEX(plant_first);
static DEFINE_MUTEX(plant_second);

static int nothing(void)
{
	return 0;
}

static int out_of_bounds(void)
{
	char *bytes = kmalloc(13, GFP_KERNEL);

	if (!bytes)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(bytes);
	bytes[13] = 1;
	kfree(bytes);
	return 0;
}

static int use_after_free(void)
{
	char *bytes = kmalloc(13, GFP_KERNEL);

	if (!bytes)
		return -ENOMEM;
	kfree(bytes);
	OPTIMIZER_HIDE_VAR(bytes);
	WRITE_ONCE(bytes[1], 1);
	return 0;
}

static int lock_order(void)
{
	mutex_lock(&plant_first);
	mutex_lock(&plant_second);
	mutex_unlock(&plant_second);
	mutex_unlock(&plant_first);

	mutex_lock(&plant_second);
	mutex_lock(&plant_first);
	mutex_unlock(&plant_first);
	mutex_unlock(&plant_second);
	return 0;
}

static int rcu_unlocked(void)
{
	static int __rcu *pointer;

	return rcu_dereference(pointer) ? -EINVAL : 0;
}

static int sleep_in_atomic(void)
{
	void *bytes;

	spin_lock(&plant_spin);
	bytes = kmalloc(64, GFP_KERNEL);
	spin_unlock(&plant_spin);
	kfree(bytes);
	return 0;
}

static int leak(void)
{
	int i;

	/* Some, since one may stay in a register or on the stack. */
	for (i = 0; i < 10; i++)
		if (!kmalloc(777, GFP_KERNEL))
			return -ENOMEM;
	return 0;
}

static int undefined_shift(void)
{
	int by = 77;

	OPTIMIZER_HIDE_VAR(by);
	return (1 << by) == 12345 ? -EINVAL : 0;
}

struct racers {
	struct completion done;
	unsigned long until;
	unsigned long value;
};

static int racer(void *data)
{
	struct racers *race = data;

	while (time_before(jiffies, race->until)) {
		race->value++;
		barrier();
		cond_resched();
	}
	complete(&race->done);
	return 0;
}

static int race(void)
{
	static struct racers race;
	struct task_struct *task;
	int i, started = 0;

	init_completion(&race.done);
	race.until = jiffies + 20 * HZ;
	for (i = 0; i < 2; i++) {
		task = kthread_run(racer, &race, "plant/%d", i);
		if (!IS_ERR(task))
			started++;
	}
	for (i = 0; i < started; i++)
		wait_for_completion(&race.done);
	return started == 2 ? 0 : -ENOMEM;
}

static const struct {
	const char *name;
	int (*make)(void);
} faults[] = {
	{ "none", nothing },
	{ "out_of_bounds", out_of_bounds },
	{ "use_after_free", use_after_free },
	{ "lock_order", lock_order },
	{ "rcu_unlocked", rcu_unlocked },
	{ "sleep_in_atomic", sleep_in_atomic },
	{ "leak", leak },
	{ "undefined_shift", undefined_shift },
	{ "race", race },
};

static int __init plant_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(fault, faults[i].name))
			return faults[i].make();
	return -EINVAL;
}
module_init(plant_init);

static void __exit plant_exit(void)
{
}
module_exit(plant_exit);

MODULE_DESCRIPTION("one fault of each kind");
MODULE_LICENSE("GPL");
