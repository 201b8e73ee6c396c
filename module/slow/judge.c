// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow path: gathers the facts of one suspicious call, asks core/ once,
 * records what it said, and refuses or lets go on.
 * PROCESS context in the calling task, under the locks that judge.h names.
 */
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/wait_bit.h>

#include "budget.h"
#include "compat.h"
#include "core/classify.h"
#include "evidence.h"
#include "repeat.h"
#include "ring.h"
#include "rules_live.h"
#include "slow/describe.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/judge.h"
#include "slow/pending.h"
#include "slow/tamper.h"

static atomic_t inside = ATOMIC_INIT(0);
static atomic64_t denied = ATOMIC64_INIT(0);
static atomic64_t spared = ATOMIC64_INIT(0);
static atomic64_t self_clones = ATOMIC64_INIT(0);
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

u64 wxg_slow_denied(void)
{
	return atomic64_read(&denied);
}

void wxg_slow_count_denied(void)
{
	atomic64_inc(&denied);
}

u64 wxg_slow_spared(void)
{
	return atomic64_read(&spared);
}

u64 wxg_slow_self_clones(void)
{
	return atomic64_read(&self_clones);
}

void wxg_slow_count_self_clone(void)
{
	atomic64_inc(&self_clones);
}

u64 wxg_slow_unjudged_count(void)
{
	return atomic64_read(&unjudged);
}

void wxg_slow_count_unjudged(void)
{
	atomic64_inc(&unjudged);
}

/* What came of one event, while it is being acted on. */
struct answer {
	struct wxg_ruling ruling;
	char scope[WXGUARD_EXEMPTION_NAME_MAX + 1];	/* that decided, or "" */
	enum wxg_repeat repeat;
	struct wxg_repeat_info info;
};

/* Count the exemption or the scope that answered. */
static void count_hit(const struct wxg_rules_live *live, struct answer *answer)
{
	const struct wxg_ruling *const ruling = &answer->ruling;

	if (ruling->exemption >= 0) {
		atomic64_inc((atomic64_t *)&live->hits[ruling->exemption]);
	} else if (ruling->scope >= 0) {
		atomic64_inc(wxg_rules_live_scope_hits(live, ruling->scope));
		strscpy(answer->scope, live->rules.scope[ruling->scope]->name,
			sizeof(answer->scope));
	}
}

/* Ask the live rules once. */
static void ask(struct wxg_event *event, const struct wxg_who *who,
		struct answer *answer)
{
	struct wxg_ruling *const ruling = &answer->ruling;
	const struct wxg_rules_live *live;
	struct wxg_class_rule rule;
	struct wxg_question question = {
		.class = event->class,
		.mode = READ_ONCE(wxg_live_mode),
		.debugger = event->debugger,
		.committed = event->committed,
		.now = ktime_get_real_seconds(),
		.subject = &who->subject,
		.rule = &rule,
	};

	rcu_read_lock();
	live = wxg_rules_live_get();
	rule = wxg_rules_rule(&live->rules, event->class, &who->subject,
			      &question.scope);
	if (rule.known && who->subject.has_key)
		question.known = wxg_known_lookup(&who->key, event->class,
						  wxg_facts_now(),
						  rule.window);
	*ruling = wxg_decide(&live->rules, &question);
	count_hit(live, answer);
	event->mode = question.mode;
	event->generation = live->rules.generation;
	event->window = ruling->window;
	rcu_read_unlock();
}

/*
 * No memory to ask with. What the rules would deny is denied: an attacker
 * who can exhaust memory must not get past that way.
 */
int wxg_judge_blindly(u32 class, bool committed)
{
	const int error = wxg_slow_refusal(class);

	wxg_ring_lose();
	if (!error)
		return 0;
	wxg_slow_count_denied();
	if (!committed)
		return error;
	send_sig(SIGKILL, current, 1);
	return 0;
}

/* Was the same told already? Fills the answer. */
static void note_repeat(const struct wxg_event *event,
			const struct wxg_who *who, struct answer *answer)
{
	struct wxg_sighting sighting = {
		.term = {
			.key = who->key,
			.detail = event->detail,
			.class = event->class,
			.verdict = answer->ruling.verdict,
			.uid = who->subject.uid,
			.generation = event->generation,
		},
		/* A debugger writes all day: once per pair, whatever the rule. */
		.window = event->debugger ? WXGUARD_REPEAT_MAX :
					    answer->ruling.repeat,
		.now = wxg_facts_now(),
		.action = answer->ruling.action,
		.mode = event->mode,
		.pid = task_tgid_nr(current),
		.start = current->group_leader->start_boottime,
		.comm = who->comm,
		.exe = who->subject.exe,
		.exe_len = who->subject.exe_len,
	};

	answer->repeat = wxg_repeat_note(&sighting, &answer->info);
}

/* No finding can be made, or kept: its number says so. */
static void lose(const struct answer *answer)
{
	wxg_repeat_told(answer->info.slot, wxg_ring_lose());
}

/* Where the executed file was judged, the caller is somebody else. */
static void describe_caller(struct wxg_finding *finding,
			    const struct wxg_event *event,
			    const struct wxg_who *who)
{
	struct file *exe;

	if (!event->subject_file) {
		wxg_facts_subject(finding, who);
		return;
	}
	exe = wxg_facts_exe_get();
	wxg_facts_executable(finding, exe ? exe : who->exe);
	if (exe)
		fput(exe);
}

static struct wxg_finding *report(const struct wxg_event *event,
				  const struct wxg_who *who,
				  const struct answer *answer)
{
	const struct wxg_ruling *const ruling = &answer->ruling;
	struct wxg_finding *const finding = wxg_finding_alloc();

	if (!finding) {
		lose(answer);
		return NULL;
	}
	finding->class = event->class;
	finding->action = ruling->action;
	finding->verdict = ruling->verdict;
	finding->mode = event->mode;
	finding->rules_generation = event->generation;
	finding->window = event->window;
	strscpy(finding->scope, answer->scope, sizeof(finding->scope));
	wxg_finding_repeat(finding, answer->repeat, &answer->info);
	wxg_describe(finding, event);
	describe_caller(finding, event, who);
	wxg_facts_ancestors(finding);
	return finding;
}

/*
 * What may be nowhere else once the call has ended: a memory file, a file in
 * /dev/shm, one without a name. Of repeats, the first one was held.
 */
static struct wxg_evidence *hold(const struct wxg_event *event,
				 const struct answer *answer)
{
	if (answer->repeat == WXG_REPEAT_ANNOUNCE)
		return NULL;
	if (event->path)
		return wxg_evidence_hold(event->path);
	if (event->file && (wxg_origin_is_fileless(event->origin) ||
			    event->class == WXGUARD_CLASS_EXEC_UNLINKED))
		return wxg_evidence_hold(&event->file->f_path);
	return NULL;
}

/* The task work holds what keeps the module, and the end of the drain, back. */
static bool queue_end(const struct wxg_event *event,
		      struct wxg_finding *finding,
		      struct wxg_evidence *evidence)
{
	__module_get(THIS_MODULE);
	wxg_slow_count_in();
	if (!wxg_pending_add(event->id, event->object, finding, evidence, 0,
			     GFP_KERNEL))
		return true;
	wxg_slow_leave();
	return false;
}

void wxg_judge_pass(const struct wxg_event *event)
{
	queue_end(event, NULL, NULL);
}

/* Who made the call, also where the executed file is the subject. */
static struct wxg_known_key caller_key(const struct wxg_event *event,
				       const struct wxg_who *who)
{
	struct wxg_known_key key = who->subject.key;
	struct file *exe;

	if (!event->subject_file)
		return key;
	memset(&key, 0, sizeof(key));
	exe = wxg_facts_exe_get();
	if (exe) {
		wxg_facts_key(exe, &key);
		fput(exe);
	}
	return key;
}

/* A real denial: it counts, and it costs. */
static void charge(const struct wxg_event *event, const struct wxg_who *who)
{
	const struct wxg_known_key key = caller_key(event, who);

	wxg_slow_count_denied();
	if (wxg_budget_charge(&key, wxg_facts_now()))
		wxg_tamper_tell(WXGUARD_TAMPER_BUDGET);
}

static void learn(const struct wxg_event *event, const struct wxg_who *who)
{
	wxg_known_insert(&who->key, who->subject.exe, who->subject.exe_len,
			 event->class,
			 event->mode == WXGUARD_MODE_LEARN ?
				 WXGUARD_KNOWN_F_LEARNED : 0,
			 event->generation, wxg_facts_now());
}

int wxg_judge_event(struct wxg_event *event)
{
	struct wxg_finding *finding = NULL;
	struct wxg_evidence *evidence = NULL;
	struct answer answer = {};
	struct wxg_ruling *const ruling = &answer.ruling;
	struct wxg_who who;

	if (wxg_facts_who(&who, event->subject_file))
		return wxg_judge_blindly(event->class, event->committed);
	who.key = who.subject.key;
	who.key.shape = event->shape;
	ask(event, &who, &answer);
	/* Nor is it learnt: it would be silent next time without being told. */
	if (event->told && ruling->report &&
	    ruling->verdict == WXGUARD_VERDICT_LOGGED) {
		ruling->report = false;
		ruling->learn = false;
	}
	if (ruling->learn && who.subject.has_key)
		learn(event, &who);
	if (ruling->report) {
		note_repeat(event, &who, &answer);
		if (answer.repeat != WXG_REPEAT_FOLDED)
			finding = report(event, &who, &answer);
		if (finding)
			evidence = hold(event, &answer);
		event->told = true;
	}
	if (ruling->verdict == WXGUARD_VERDICT_SPARED)
		atomic64_inc(&spared);
	if (ruling->error || ruling->kill)
		charge(event, &who);
	wxg_facts_who_put(&who);

	if ((finding || event->id == WXG_JUDGE_EXEC || READ_ONCE(net_armed)) &&
	    !queue_end(event, finding, evidence) && finding) {
		lose(&answer);
		wxg_evidence_put(evidence, true);
		wxg_finding_free(finding);
	}
	if (ruling->kill)
		send_sig(SIGKILL, current, 1);
	return ruling->error;
}

asmlinkage int wxg_slow_judge(unsigned long a0, unsigned long a1,
			      unsigned long a2, unsigned long a3, int id)
{
	int ret = 0;

	/*
	 * Before anything that may sleep: disarming waits for those on their way
	 * to here, and then for those inside.
	 */
	__module_get(THIS_MODULE);
	wxg_slow_count_in();
	might_sleep();
	switch (id) {
	case WXG_JUDGE_EXEC:
	case WXG_JUDGE_CHECK:
		ret = wxg_judge_exec_call(id, (struct linux_binprm *)a0);
		break;
	case WXG_JUDGE_MPROTECT:
		wxg_slow_saw();
		ret = wxg_judge_mprotect_call((struct vm_area_struct *)a0, a1, a2);
		break;
	case WXG_JUDGE_MMAP:
		ret = wxg_judge_mmap_call((struct file *)a0, a1, a2);
		break;
	case WXG_JUDGE_POKE:
	case WXG_JUDGE_VMWRITE:
		ret = wxg_judge_foreign_call(id, (struct mm_struct *)a0, a1,
					     a2, a3);
		break;
	}
	wxg_slow_leave();
	return ret;
}
