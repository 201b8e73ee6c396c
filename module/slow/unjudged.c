// SPDX-License-Identifier: GPL-2.0-only
/*
 * What to do when a witness or the net meets a call that no judge saw.
 * ATOMIC; what there is to tell, tamper.c tells when the call has ended.
 */
#include <linux/binfmts.h>
#include <linux/module.h>
#include <linux/personality.h>
#include <linux/sched/signal.h>

#include "core/class.h"
#include "core/classify.h"
#include "reader.h"
#include "rules_live.h"
#include "slow/facts.h"
#include "slow/origin.h"
#include "slow/pending.h"
#include "slow/region.h"
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
	/*
	 * While the module goes, the judges let pass and count; this tracepoint
	 * may still be there for a moment.
	 */
	if (THIS_MODULE->state == MODULE_STATE_GOING)
		return;
	wxg_slow_count_unjudged();
	/* Before its first instruction: the signal is seen on the way out. */
	if (wxg_slow_refusal(WXGUARD_CLASS_EXEC_MEMORY)) {
		wxg_slow_count_denied();
		send_sig(SIGKILL, current, 1);
	}
	wxg_slow_watch(WXGUARD_TAMPER_EXEC);
}

/* A mapping, as the judged function was asked for it. */
static u32 classes_of_mmap(const struct file *file, unsigned long prot,
			   u32 class[WXG_CLASSES_MAX])
{
	const struct wxg_change change = {
		.effective = wxg_prot_effective(prot,
						current->personality & READ_IMPLIES_EXEC,
						false),
		.origin = file ? wxg_origin_of(file, NULL, 0) :
				 WXGUARD_ORIGIN_FILE,
		.fresh = true,
	};

	return wxg_classes_of(&change, class);
}

static u32 class_of_exec(const struct file *file)
{
	/* Not under /dev/shm: that takes a path, which takes sleep. */
	if (wxg_file_is_memory(file))
		return WXGUARD_CLASS_EXEC_MEMORY;
	return file_inode(file)->i_nlink ? WXGUARD_CLASS_UNSPEC :
					   WXGUARD_CLASS_EXEC_UNLINKED;
}

/* The classes of a call that the net caught; how many, 0 for innocent. */
static u32 classes_of(enum wxg_judge_id id, const struct wxg_call *call,
		      u32 class[WXG_CLASSES_MAX], u32 *shape)
{
	const struct vm_area_struct *vma;
	struct wxg_change change;

	*shape = 0;
	switch (id) {
	case WXG_JUDGE_EXEC:
	case WXG_JUDGE_CHECK:
		class[0] = class_of_exec(((const struct linux_binprm *)
					  call->arg[0])->file);
		return class[0] != WXGUARD_CLASS_UNSPEC;
	case WXG_JUDGE_MPROTECT:
		vma = (const struct vm_area_struct *)call->arg[0];
		wxg_region_change(vma, call->arg[2], &change);
		*shape = wxg_region_of(vma);
		return wxg_classes_of(&change, class);
	case WXG_JUDGE_MMAP:
		return classes_of_mmap((const struct file *)call->arg[0],
				       call->arg[1], class);
	case WXG_JUDGE_POKE:
	case WXG_JUDGE_VMWRITE:
		class[0] = WXGUARD_CLASS_FOREIGN_WRITE;
		return 1;
	default:
		return 0;
	}
}

/* Known executables end in the probe, without a mark. */
static bool is_known(u32 class, u32 shape)
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
	if (rule->known && exe && wxg_facts_key_atomic(exe, &key)) {
		key.shape = class == WXGUARD_CLASS_WX_TRANSITION ? shape : 0;
		known = wxg_known_lookup(&key, class, wxg_facts_now(),
					 rule->window);
	}
	rcu_read_unlock();
	return known;
}

static bool passes(u32 class, u32 shape)
{
	if (!(READ_ONCE(wxg_live_classes) & BIT(class)) ||
	    is_known(class, shape))
		return true;
	/* The segments of a memory file whose exec was judged. */
	return class == WXGUARD_CLASS_MAP_MEMORY_EXEC &&
	       wxg_pending_find(WXG_JUDGE_EXEC, NULL);
}

int wxg_slow_net(enum wxg_judge_id id, const struct wxg_call *call)
{
	u32 class[WXG_CLASSES_MAX];
	u32 shape;
	const u32 count = classes_of(id, call, class, &shape);
	bool missed = false;
	int ret = 0;
	u32 i;

	if (!count || wxg_pending_find(id, NULL))
		return 0;
	for (i = 0; !ret && i < count; i++) {
		if (passes(class[i], shape))
			continue;
		missed = true;
		ret = wxg_slow_refusal(class[i]);
	}
	if (missed)
		wxg_slow_count_unjudged();
	if (ret)
		wxg_slow_count_denied();
	return ret;
}
