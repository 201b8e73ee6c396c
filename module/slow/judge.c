// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow path: gathers the facts of one suspicious call, asks core/ once,
 * records what it said, and refuses or lets go on.
 * PROCESS context in the calling task, under the locks that judge.h names.
 */
#include <linux/binfmts.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/personality.h>
#include <linux/sched/signal.h>
#include <linux/wait_bit.h>

#include "compat.h"
#include "core/classify.h"
#include "ring.h"
#include "rules_live.h"
#include "slow/describe.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/judge.h"
#include "slow/origin.h"
#include "slow/pending.h"

static atomic_t inside = ATOMIC_INIT(0);
static atomic64_t spared = ATOMIC64_INIT(0);
static atomic64_t unjudged = ATOMIC64_INIT(0);
static bool net_armed;

void wxg_slow_count_in(void)
{
	atomic_inc(&inside);
}

unsigned int wxg_slow_inside(void)
{
	return atomic_read(&inside);
}

/* The count first: after the last reference the module may go. */
void wxg_slow_leave(void)
{
	if (atomic_dec_and_test(&inside))
		wake_up_var(&inside);
	module_put(THIS_MODULE);
}

void wxg_slow_drain(void)
{
	wait_var_event(&inside, !atomic_read(&inside));
}

void wxg_slow_set_net(bool armed)
{
	WRITE_ONCE(net_armed, armed);
}

u64 wxg_slow_spared(void)
{
	return atomic64_read(&spared);
}

u64 wxg_slow_unjudged_count(void)
{
	return atomic64_read(&unjudged);
}

void wxg_slow_count_unjudged(void)
{
	atomic64_inc(&unjudged);
}

/* Ask the live rules once; count the exemption that answered. */
static void ask(struct wxg_event *event, const struct wxg_who *who,
		struct wxg_ruling *ruling)
{
	const struct wxg_rules_live *live;
	const struct wxg_class_rule *rule;
	struct wxg_question question = {
		.class = event->class,
		.mode = READ_ONCE(wxg_live_mode),
		.now = ktime_get_real_seconds(),
		.subject = &who->subject,
	};

	rcu_read_lock();
	live = wxg_rules_live_get();
	rule = &live->rules.class[event->class];
	if (rule->known && who->has_key)
		question.known = wxg_known_lookup(&who->key, event->class,
						  wxg_facts_now(),
						  rule->window);
	*ruling = wxg_decide(&live->rules, &question);
	if (ruling->exemption >= 0)
		atomic64_inc((atomic64_t *)&live->hits[ruling->exemption]);
	event->mode = question.mode;
	event->generation = live->rules.generation;
	event->window = rule->known ? rule->window : 0;
	rcu_read_unlock();
}

/*
 * No memory to ask with. What the rules would deny is denied: an attacker
 * who can exhaust memory must not get past that way.
 */
static int refuse_blindly(u32 class)
{
	wxg_ring_lose();
	return wxg_slow_refusal(class);
}

static struct wxg_finding *report(const struct wxg_event *event,
				  const struct wxg_who *who,
				  const struct wxg_ruling *ruling)
{
	struct wxg_finding *const finding = wxg_finding_alloc();

	if (!finding) {
		wxg_ring_lose();
		return NULL;
	}
	finding->class = event->class;
	finding->action = ruling->action;
	finding->verdict = ruling->verdict;
	finding->mode = event->mode;
	finding->rules_generation = event->generation;
	finding->window = event->window;
	wxg_describe(finding, event);
	if (who->exe)
		wxg_facts_executable(finding, who->exe);
	wxg_facts_ancestors(finding);
	return finding;
}

/*
 * Decide, learn, report. @queued is set if the module reference passed to a
 * task work. Return: 0 or the errno to refuse with.
 */
static int judge_event(struct wxg_event *event, bool *queued)
{
	struct wxg_finding *finding = NULL;
	struct wxg_ruling ruling;
	struct wxg_who who;

	if (wxg_facts_who(&who))
		return refuse_blindly(event->class);
	ask(event, &who, &ruling);
	if (ruling.learn && who.has_key)
		wxg_known_insert(&who.key, who.subject.exe,
				 who.subject.exe_len, event->class,
				 event->mode == WXGUARD_MODE_LEARN ?
					 WXGUARD_KNOWN_F_LEARNED : 0,
				 event->generation, wxg_facts_now());
	if (ruling.report)
		finding = report(event, &who, &ruling);
	if (ruling.verdict == WXGUARD_VERDICT_SPARED)
		atomic64_inc(&spared);
	wxg_facts_who_put(&who);

	if (finding || event->id == WXG_JUDGE_EXEC || READ_ONCE(net_armed)) {
		*queued = !wxg_pending_add(event->id, event->object, finding,
					   false, GFP_KERNEL);
		if (!*queued && finding) {
			wxg_ring_lose();
			wxg_finding_free(finding);
		}
	}
	if (ruling.kill)
		send_sig(SIGKILL, current, 1);
	return ruling.error;
}

static int judge_exec(struct linux_binprm *bprm, bool *queued)
{
	struct file *const file = bprm->file;
	struct wxg_event event = {
		.id = WXG_JUDGE_EXEC,
		.class = WXGUARD_CLASS_EXEC_MEMORY,
		.file = file,
		.bprm = bprm,
		.object = file_inode(file),
	};
	char *page;
	const char *path;

	page = (char *)__get_free_page(GFP_KERNEL);
	if (!page)
		return refuse_blindly(event.class);
	path = d_path(&file->f_path, page, PAGE_SIZE);
	if (IS_ERR(path))
		path = "";
	event.origin = wxg_origin_of(file, path, strlen(path));
	free_page((unsigned long)page);
	if (!wxg_origin_is_fileless(event.origin))
		return 0;
	return judge_event(&event, queued);
}

static int judge_mprotect(struct vm_area_struct *vma, unsigned long asked,
			  unsigned long effective, bool *queued)
{
	struct wxg_event event = {
		.id = WXG_JUDGE_MPROTECT,
		.class = WXGUARD_CLASS_RWX_MPROTECT,
		.file = vma->vm_file,
		.vma = vma,
		.object = vma,
		.asked = asked,
		.effective = effective,
	};

	if (event.file)
		event.origin = wxg_origin_of(event.file, NULL, 0);
	return judge_event(&event, queued);
}

/* path_noexec() is not exported. */
static bool file_is_noexec(const struct file *file)
{
	return (file->f_path.mnt->mnt_flags & MNT_NOEXEC) ||
	       (file_inode(file)->i_sb->s_iflags & SB_I_NOEXEC);
}

static int judge_mmap(struct file *file, unsigned long prot,
		      unsigned long flags, bool *queued)
{
	struct wxg_event event = {
		.id = WXG_JUDGE_MMAP,
		.file = file,
		.object = file ? file_inode(file) : NULL,
		.asked = prot,
		.map_flags = flags,
	};

	event.effective = wxg_prot_effective(prot,
					     current->personality & READ_IMPLIES_EXEC,
					     file && file_is_noexec(file));
	if (file)
		event.origin = wxg_origin_of(file, NULL, 0);
	event.class = wxg_class_of_mmap(event.effective, event.origin);
	if (event.class == WXGUARD_CLASS_UNSPEC)
		return 0;
	/* The segments of a memory file whose exec was just judged. */
	if (event.class == WXGUARD_CLASS_MAP_MEMORY_EXEC &&
	    wxg_pending_find(WXG_JUDGE_EXEC, event.object))
		return 0;
	return judge_event(&event, queued);
}

asmlinkage int wxg_slow_judge(unsigned long a0, unsigned long a1,
			      unsigned long a2, unsigned long a3, int id)
{
	bool queued = false;
	int ret = 0;

	might_sleep();
	switch (id) {
	case WXG_JUDGE_EXEC:
		ret = judge_exec((struct linux_binprm *)a0, &queued);
		break;
	case WXG_JUDGE_MPROTECT:
		ret = judge_mprotect((struct vm_area_struct *)a0, a1, a2,
				     &queued);
		break;
	case WXG_JUDGE_MMAP:
		ret = judge_mmap((struct file *)a0, a1, a2, &queued);
		break;
	}
	if (!queued)
		wxg_slow_leave();
	return ret;
}
