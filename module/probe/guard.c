// SPDX-License-Identifier: GPL-2.0-only
/*
 * The canary: a kprobe on a function of our own. It tells whether the kprobe
 * machinery answers at all; debugfs kprobes/enabled=0 silences it together
 * with the witnesses, while the judges, being permanent ftrace ops, go on.
 * PROCESS context but for the handler.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>

#include "probe/probe.h"

static atomic_t songs = ATOMIC_INIT(0);
static DEFINE_MUTEX(canary_mutex);

/* Not inlined and not empty, so that there is something to probe and call. */
static noinline int canary(int note)
{
	barrier();
	return note + 1;
}

static int on_canary(struct kprobe *kprobe, struct pt_regs *regs)
{
	atomic_inc(&songs);
	return 0;
}

static struct kprobe canary_probe = {
	.pre_handler = on_canary,
};

bool wxg_guard_canary(void)
{
	bool sang;
	int before;

	/* One caller at a time, so that each sees its own song. */
	mutex_lock(&canary_mutex);
	before = atomic_read(&songs);
	canary(before);
	sang = atomic_read(&songs) != before;
	mutex_unlock(&canary_mutex);
	return sang;
}

int wxg_guard_arm(void)
{
	canary_probe.addr = (kprobe_opcode_t *)canary;
	return register_kprobe(&canary_probe);
}

void wxg_guard_disarm(void)
{
	unregister_kprobe(&canary_probe);
}
