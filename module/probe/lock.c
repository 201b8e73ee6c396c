// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock: after it the module cannot be unloaded before the next boot, and
 * an attempt is seen by a kprobe on the system call. PROCESS context, but for
 * the handler, which is ATOMIC.
 *
 * The module becomes a user of itself. A reference would do for rmmod, but
 * the kernel gives no heed to one when it is told to force (rmmod -f), and
 * rmmod(8) would see it and not even make the call, so that nobody saw the
 * attempt.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "compat.h"
#include "probe/probe.h"
#include "slow/tamper.h"

static int on_delete_module(struct kprobe *kprobe, struct pt_regs *regs);

/* The second is for 32-bit callers, where they have an entry of their own. */
static struct kprobe entries[] = {
	{
		.symbol_name = WXG_SYSCALL_SYMBOL("delete_module"),
		.pre_handler = on_delete_module,
	}, {
		.symbol_name = WXG_SYSCALL_SYMBOL_32("delete_module"),
		.pre_handler = on_delete_module,
	},
};

static DEFINE_PER_CPU(struct wxg_hook_counts, counts);
static DEFINE_MUTEX(lock_mutex);	/* one who locks at a time */
static bool locked;
static bool watching[ARRAY_SIZE(entries)];

/* Whose name was given is read when the call has failed. */
static int on_delete_module(struct kprobe *kprobe, struct pt_regs *regs)
{
	this_cpu_inc(counts.hits);
	if (READ_ONCE(locked)) {
		this_cpu_inc(counts.suspicious);
		wxg_slow_watch(WXGUARD_TAMPER_UNLOAD);
	}
	return 0;
}

/* That nobody will see an attempt is no reason to allow it. */
static void watch(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		if (watching[i])
			continue;
		ret = register_kprobe(&entries[i]);
		watching[i] = !ret;
		/* Not every kernel has the second. */
		if (ret && !i)
			pr_warn("cannot arm the witness on %s (error %d): an attempt to unload the locked module is refused but not told\n",
				entries[i].symbol_name, ret);
	}
}

#ifdef CONFIG_MODULE_UNLOAD
/* Never undone, so it needs no lock against a removal from the list. */
static int refuse_unloading(void)
{
	static struct module_use use;

	/* A removal that is under way ends here, or at this reference. */
	if (!try_module_get(THIS_MODULE))
		return -EBUSY;
	use.source = THIS_MODULE;
	use.target = THIS_MODULE;
	INIT_LIST_HEAD(&use.target_list);
	list_add(&use.source_list, &THIS_MODULE->source_list);
	/* It does not sleep between looking at users and at references. */
	synchronize_rcu_tasks();
	module_put(THIS_MODULE);
	return 0;
}
#else
static int refuse_unloading(void)
{
	return 0;
}
#endif

int wxg_probe_lock(void)
{
	int ret = 0;

	/* Loading may still fail, and what fails must be able to go. */
	if (THIS_MODULE->state != MODULE_STATE_LIVE)
		return -EBUSY;
	mutex_lock(&lock_mutex);
	if (!locked) {
		watch();
		ret = refuse_unloading();
		WRITE_ONCE(locked, !ret);
		if (!ret)
			pr_info("locked: the module cannot be unloaded before the next boot\n");
	}
	mutex_unlock(&lock_mutex);
	return ret;
}

bool wxg_lock_is_set(void)
{
	return READ_ONCE(locked);
}

void wxg_lock_disarm(void)
{
	unsigned int i;

	mutex_lock(&lock_mutex);
	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		if (watching[i])
			unregister_kprobe(&entries[i]);
		watching[i] = false;
	}
	mutex_unlock(&lock_mutex);
}

unsigned int wxg_lock_status(struct wxg_hook_status *hook, unsigned int room)
{
	if (!READ_ONCE(watching[0]) || !room)
		return 0;
	memset(hook, 0, sizeof(*hook));
	hook->name = entries[0].symbol_name;
	hook->role = WXGUARD_ROLE_WITNESS;
	hook->engine = WXGUARD_ENGINE_KPROBE;
	hook->hits = wxg_hook_hits(&counts);
	hook->suspicious = wxg_hook_suspicious(&counts);
	hook->missed = entries[0].nmissed + entries[1].nmissed;
	hook->state = hook->hits ? WXGUARD_HOOK_PROVED : WXGUARD_HOOK_ARMED;
	return 1;
}
