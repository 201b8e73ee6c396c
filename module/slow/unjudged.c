// SPDX-License-Identifier: GPL-2.0-only
/*
 * What to do when a witness or the net meets a call that no judge saw.
 * ATOMIC; what there is to tell, tamper.c tells when the call has ended.
 */
#include <linux/binfmts.h>
#include <linux/sched/signal.h>

#include "core/class.h"
#include "core/classify.h"
#include "reader.h"
#include "rules_live.h"
#include "slow/facts.h"
#include "slow/origin.h"
#include "slow/pending.h"
#include "slow/tamper.h"

/* As is_spared() of core/decide.c; which scope decides is not known here. */
static bool is_spared(u32 class)
{
	bool init;

	rcu_read_lock();
	init = wxg_rules_live_get()->rules.class[class].init;
	rcu_read_unlock();
	return !init && (is_global_init(current) || !current->mm ||
			 wxg_reader_is_current());
}

int wxg_slow_refusal(u32 class)
{
	const struct wxg_class *const row = wxg_class_lookup(class);

	if (READ_ONCE(wxg_live_mode) != WXGUARD_MODE_ENFORCE ||
	    !wxg_rules_live_denies(class) || !row->deniable ||
	    is_spared(class))
		return 0;
	return row->kind == WXG_KIND_EXEC ? -EPERM : -EACCES;
}

void wxg_slow_unjudged(struct linux_binprm *bprm)
{
	if (!(READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_EXEC_MEMORY)) ||
	    wxg_pending_find(WXG_JUDGE_EXEC, NULL))
		return;
	wxg_slow_count_unjudged();
	/* Before its first instruction: the signal is seen on the way out. */
	if (wxg_slow_refusal(WXGUARD_CLASS_EXEC_MEMORY)) {
		wxg_slow_count_denied();
		send_sig(SIGKILL, current, 1);
	}
	wxg_slow_watch(WXGUARD_TAMPER_EXEC);
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
	int error;

	if (class == WXGUARD_CLASS_UNSPEC ||
	    !(READ_ONCE(wxg_live_classes) & BIT(class)) ||
	    wxg_pending_find(id, NULL) || is_known(class))
		return 0;
	/* The segments of a memory file whose exec was judged. */
	if (class == WXGUARD_CLASS_MAP_MEMORY_EXEC &&
	    wxg_pending_find(WXG_JUDGE_EXEC, NULL))
		return 0;
	wxg_slow_count_unjudged();
	error = wxg_slow_refusal(class);
	if (error)
		wxg_slow_count_denied();
	return error;
}
