// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader that spins in an RCU section, so that nothing it reads may go.
 * Only what is freed too early changes in its hands, and is seen since the
 * kernel runs with slub_debug, which poisons it.
 */
#include <linux/delay.h>
#include <linux/kthread.h>

#include "reader.h"

#define HOLD_MS 20

static struct {
	const struct wxg_kunit_reader *what;
	bool holds;		/* the reader is in its section */
	bool taking;		/* the test has begun to take it away */
	bool found;
	bool whole;
} state;

static int read_and_hold(void *arg)
{
	const void *thing;

	rcu_read_lock();
	thing = state.what->enter();
	state.found = thing;
	/* With the test's loop: it begins once the reader has its thing. */
	smp_store_release(&state.holds, true);
	/* With the test's store: the section outlasts the taking. */
	while (!smp_load_acquire(&state.taking))
		cpu_relax();
	/* Time for the wrong thing to happen; the right one takes none. */
	mdelay(HOLD_MS);
	state.whole = thing && state.what->is_whole(thing);
	rcu_read_unlock();
	return 0;
}

void wxg_kunit_take_from_reader(struct kunit *test,
				const struct wxg_kunit_reader *reader,
				void (*take)(struct kunit *test))
{
	struct task_struct *task;

	if (num_online_cpus() < 2)
		kunit_skip(test, "needs two processors");
	memset(&state, 0, sizeof(state));
	state.what = reader;
	task = kthread_create(read_and_hold, NULL, "wxg_kunit_reader");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	get_task_struct(task);
	wake_up_process(task);
	/* Both pair with the reader's. */
	while (!smp_load_acquire(&state.holds))
		cond_resched();
	/* As above. */
	smp_store_release(&state.taking, true);
	take(test);
	kthread_stop(task);
	put_task_struct(task);
	KUNIT_EXPECT_TRUE(test, state.found);
	KUNIT_EXPECT_TRUE(test, state.whole);
}
