// SPDX-License-Identifier: GPL-2.0-only
/*
 * sensor_tamper: what a witness, the heartbeat or the budget has to say.
 * PROCESS context, but for wxg_slow_watch(), which is ATOMIC. Judges nothing:
 * this class cannot be denied.
 */
#include <asm/syscall.h>
#include <linux/module.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>

#include "repeat.h"
#include "ring.h"
#include "rules_live.h"
#include "slow/describe.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/pending.h"
#include "slow/tamper.h"

static bool comparing;

void wxg_tamper_compare(bool on)
{
	WRITE_ONCE(comparing, on);
}

bool wxg_tamper_is_told(void)
{
	return READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_SENSOR_TAMPER);
}

void wxg_slow_watch(u32 why)
{
	const enum wxg_judge_id id = why == WXGUARD_TAMPER_EXEC ?
				     WXG_JUDGE_EXEC : WXG_JUDGE_NONE;

	if (!wxg_tamper_is_told() || !try_module_get(THIS_MODULE))
		return;
	wxg_slow_count_in();
	if (!wxg_pending_add(id, NULL, NULL, NULL, why, GFP_ATOMIC))
		return;
	/* A mark that only compares is no event yet. */
	if (why == WXGUARD_TAMPER_EXEC)
		wxg_ring_lose();
	wxg_slow_leave();
}

/* What any such finding says, and the rules' answer to repeats of it. */
static u32 describe(struct wxg_finding *finding, u32 why)
{
	const struct wxg_rules_live *live;
	u32 repeat;

	finding->class = WXGUARD_CLASS_SENSOR_TAMPER;
	finding->action = WXGUARD_ACTION_LOG;
	finding->verdict = WXGUARD_VERDICT_LOGGED;
	finding->tamper = why;
	finding->mode = READ_ONCE(wxg_live_mode);
	rcu_read_lock();
	live = wxg_rules_live_get();
	finding->rules_generation = live->rules.generation;
	repeat = live->rules.class[WXGUARD_CLASS_SENSOR_TAMPER].repeat;
	rcu_read_unlock();
	wxg_describe_times(finding);
	return repeat;
}

/* Return: is there something to tell? Fills what the finding says of it. */
static bool note(struct wxg_finding *finding, const struct wxg_sighting *sighting)
{
	struct wxg_repeat_info info;
	const enum wxg_repeat answer = wxg_repeat_note(sighting, &info);

	if (answer == WXG_REPEAT_FOLDED)
		return false;
	wxg_finding_repeat(finding, answer, &info);
	return true;
}

static struct wxg_sighting sighting_of(const struct wxg_finding *finding,
				       u32 repeat)
{
	struct wxg_sighting sighting = {
		.term.detail = 0,
		.window = repeat,
		.now = wxg_facts_now(),
		.action = finding->action,
		.mode = finding->mode,
		.comm = "",
		.exe = "",
	};

	sighting.term.class = finding->class;
	sighting.term.verdict = finding->verdict;
	sighting.term.generation = finding->rules_generation;
	/* Each reason is a term of its own, so it is no detail. */
	sighting.term.key.shape = finding->tamper;
	return sighting;
}

void wxg_tamper_tell(u32 why)
{
	struct wxg_finding *finding;
	struct wxg_sighting sighting;
	u32 repeat;

	if (!wxg_tamper_is_told())
		return;
	finding = wxg_finding_alloc();
	if (!finding) {
		wxg_ring_lose();
		return;
	}
	repeat = describe(finding, why);
	sighting = sighting_of(finding, repeat);
	/* Silence, and the end of enforce, are told each time. */
	if (why != WXGUARD_TAMPER_MISSED || note(finding, &sighting))
		wxg_repeat_told(finding->repeat_slot, wxg_ring_publish(finding));
	wxg_finding_free(finding);
}

/* mprotect(start, len, …): it succeeded, on something, and no judge met it. */
static bool is_unjudged_mprotect(const struct wxg_pending *pending,
				 const unsigned long *args)
{
	return READ_ONCE(comparing) && !pending->seen && args[1] &&
	       !wxg_complete_result();
}

/* delete_module("wxguard", …). That it failed is clear: we are here. */
static bool is_unload_of_us(const unsigned long *args)
{
	const char __user *const given = (const char __user *)args[0];
	char name[MODULE_NAME_LEN];
	long len;

	len = strncpy_from_user(name, given, sizeof(name));
	return len > 0 && len < (long)sizeof(name) &&
	       !strcmp(name, THIS_MODULE->name);
}

static bool has_happened(const struct wxg_pending *pending)
{
	unsigned long args[6];

	if (pending->tamper == WXGUARD_TAMPER_EXEC)
		return true;
	if (!current->mm || (current->flags & PF_EXITING))
		return false;
	syscall_get_arguments(current, task_pt_regs(current), args);
	return pending->tamper == WXGUARD_TAMPER_MPROTECT ?
	       is_unjudged_mprotect(pending, args) : is_unload_of_us(args);
}

/* Who did it, as the current task has it. Return: is it to be told? */
static bool describe_subject(struct wxg_finding *finding, u32 repeat)
{
	struct wxg_sighting sighting = sighting_of(finding, repeat);
	struct wxg_who who;
	bool told;

	if (wxg_facts_who(&who, NULL))
		return true;
	sighting.term.key = who.subject.key;
	sighting.term.key.shape = finding->tamper;
	sighting.term.uid = who.subject.uid;
	sighting.pid = task_tgid_nr(current);
	sighting.start = current->group_leader->start_boottime;
	sighting.comm = who.comm;
	sighting.exe = who.subject.exe;
	sighting.exe_len = who.subject.exe_len;
	told = note(finding, &sighting);
	if (told && who.exe)
		wxg_facts_executable(finding, who.exe);
	wxg_facts_who_put(&who);
	if (told)
		wxg_facts_ancestors(finding);
	return told;
}

struct wxg_finding *wxg_tamper_witnessed(const struct wxg_pending *pending)
{
	struct wxg_finding *finding;
	u32 repeat;

	if (!has_happened(pending))
		return NULL;
	finding = wxg_finding_alloc();
	if (!finding) {
		wxg_ring_lose();
		return NULL;
	}
	repeat = describe(finding, pending->tamper);
	wxg_facts_syscall(finding);
	if (pending->tamper == WXGUARD_TAMPER_EXEC &&
	    wxg_slow_refusal(WXGUARD_CLASS_EXEC_MEMORY))
		finding->verdict = WXGUARD_VERDICT_KILLED;
	if (pending->tamper == WXGUARD_TAMPER_MPROTECT)
		wxg_slow_count_unjudged();
	if (pending->tamper != WXGUARD_TAMPER_UNLOAD)
		finding->flags |= WXGUARD_FLAG_UNJUDGED;
	if (!describe_subject(finding, repeat)) {
		wxg_finding_free(finding);
		return NULL;
	}
	return finding;
}
