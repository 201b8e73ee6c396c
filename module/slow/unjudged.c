// SPDX-License-Identifier: GPL-2.0-only
/*
 * What to do when a witness or the net meets a call that no judge saw.
 * ATOMIC, but for the description, which the task work asks for later.
 */
#include <linux/binfmts.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "core/class.h"
#include "core/classify.h"
#include "ring.h"
#include "rules_live.h"
#include "slow/describe.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/origin.h"
#include "slow/pending.h"

int wxg_slow_refusal(u32 class)
{
	const struct wxg_class *const row = wxg_class_lookup(class);
	u32 action;

	if (READ_ONCE(wxg_live_mode) != WXGUARD_MODE_ENFORCE ||
	    is_global_init(current) || !current->mm)
		return 0;
	rcu_read_lock();
	action = wxg_rules_live_get()->rules.class[class].action;
	rcu_read_unlock();
	if (action < WXGUARD_ACTION_DENY || !row->deniable)
		return 0;
	return row->kind == WXG_KIND_EXEC ? -EPERM : -EACCES;
}

void wxg_slow_unjudged(struct linux_binprm *bprm)
{
	const u32 classes = READ_ONCE(wxg_live_classes);

	if (!(classes & BIT(WXGUARD_CLASS_EXEC_MEMORY)) ||
	    wxg_pending_find(WXG_JUDGE_EXEC, NULL))
		return;
	wxg_slow_count_unjudged();
	/* Before its first instruction: the signal is seen on the way out. */
	if (wxg_slow_refusal(WXGUARD_CLASS_EXEC_MEMORY))
		send_sig(SIGKILL, current, 1);
	if (!(classes & BIT(WXGUARD_CLASS_SENSOR_TAMPER)) ||
	    !try_module_get(THIS_MODULE))
		return;
	wxg_slow_count_in();
	if (wxg_pending_add(WXG_JUDGE_EXEC, NULL, NULL, true, GFP_ATOMIC)) {
		wxg_ring_lose();
		wxg_slow_leave();
	}
}

void wxg_unjudged_describe(struct wxg_finding *finding)
{
	finding->class = WXGUARD_CLASS_SENSOR_TAMPER;
	finding->action = WXGUARD_ACTION_LOG;
	finding->verdict = wxg_slow_refusal(WXGUARD_CLASS_EXEC_MEMORY) ?
			   WXGUARD_VERDICT_KILLED : WXGUARD_VERDICT_LOGGED;
	finding->mode = READ_ONCE(wxg_live_mode);
	finding->flags |= WXGUARD_FLAG_UNJUDGED;
	rcu_read_lock();
	finding->rules_generation = wxg_rules_live_get()->rules.generation;
	rcu_read_unlock();
	wxg_describe_times(finding);
	wxg_facts_syscall(finding);
	wxg_facts_ancestors(finding);
}

/* The class of a call that the net caught, UNSPEC if it is innocent here. */
static u32 class_of(enum wxg_judge_id id, const struct wxg_call *call)
{
	const struct linux_binprm *bprm;
	const struct file *file;

	switch (id) {
	case WXG_JUDGE_EXEC:
		bprm = (const struct linux_binprm *)call->arg[0];
		/* Not under /dev/shm: that takes a path, which takes sleep. */
		if (wxg_file_is_memory(bprm->file))
			return WXGUARD_CLASS_EXEC_MEMORY;
		return file_inode(bprm->file)->i_nlink ?
		       WXGUARD_CLASS_UNSPEC : WXGUARD_CLASS_EXEC_UNLINKED;
	case WXG_JUDGE_MPROTECT:
		return WXGUARD_CLASS_RWX_MPROTECT;
	case WXG_JUDGE_MMAP:
		file = (const struct file *)call->arg[0];
		if (file && wxg_file_is_memory(file))
			return WXGUARD_CLASS_MAP_MEMORY_EXEC;
		return wxg_prot_is_wx(call->arg[1]) ? WXGUARD_CLASS_RWX_MMAP :
						      WXGUARD_CLASS_UNSPEC;
	default:
		return WXGUARD_CLASS_UNSPEC;
	}
}

/* Known executables end in the probe, without a mark. */
static bool is_known(u32 class)
{
	const struct wxg_rules_live *live;
	const struct wxg_class_rule *rule;
	struct wxg_known_key key;
	struct file *exe;
	bool known = false;

	rcu_read_lock();
	live = wxg_rules_live_get();
	rule = &live->rules.class[class];
	exe = current->mm ? rcu_dereference(current->mm->exe_file) : NULL;
	if (rule->known && exe && wxg_facts_key_atomic(exe, &key))
		known = wxg_known_lookup(&key, class, wxg_facts_now(),
					 rule->window);
	rcu_read_unlock();
	return known;
}

int wxg_slow_net(enum wxg_judge_id id, const struct wxg_call *call)
{
	const u32 class = class_of(id, call);

	if (class == WXGUARD_CLASS_UNSPEC ||
	    !(READ_ONCE(wxg_live_classes) & BIT(class)) ||
	    wxg_pending_find(id, NULL) || is_known(class))
		return 0;
	/* The segments of a memory file whose exec was judged. */
	if (class == WXGUARD_CLASS_MAP_MEMORY_EXEC &&
	    wxg_pending_find(WXG_JUDGE_EXEC, NULL))
		return 0;
	wxg_slow_count_unjudged();
	return wxg_slow_refusal(class);
}
