/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Facts about the current task and its files, as values.
 */
#ifndef _WXG_SLOW_FACTS_H
#define _WXG_SLOW_FACTS_H

#include <linux/fs.h>
#include <linux/timekeeping.h>

#include "core/decide.h"
#include "core/event.h"
#include "known.h"

/* The known set's clock: s since boot, suspend included. Any context. */
static inline s64 wxg_facts_now(void)
{
	return ktime_get_boottime_seconds();
}

/**
 * wxg_facts_key_of_path() - identity of a file's real inode
 * Return: 0, or the negative errno of a stat. May sleep.
 */
int wxg_facts_key_of_path(const struct path *file, struct wxg_known_key *key);
int wxg_facts_key(struct file *file, struct wxg_known_key *key);

/**
 * wxg_facts_key_atomic() - the same where it can be had without sleeping
 * Return: false on overlayfs and btrfs, whose real identity takes a call that
 * may sleep. Caller holds rcu_read_lock() or a reference. Any context.
 */
bool wxg_facts_key_atomic(const struct file *file, struct wxg_known_key *key);

/**
 * struct wxg_who - the current task, as the rules see it, and its executable
 * @exe: a reference, NULL for a task without one; wxg_facts_who_put()
 * @key: of the known set: subject.key and the shape of the event
 * @scratch: what subject.exe and subject.cgroup point into
 */
struct wxg_who {
	struct wxg_subject subject;
	struct file *exe;
	struct wxg_known_key key;
	char comm[WXGUARD_COMM_MAX + 1];
	char *scratch;
};

/*
 * @instead: the subject's executable, NULL = that of the current task.
 * Return: 0 or -ENOMEM. May sleep.
 */
int wxg_facts_who(struct wxg_who *who, struct file *instead);
void wxg_facts_who_put(struct wxg_who *who);

/* Into the finding, of the current task. May sleep. */
void wxg_facts_process(struct wxg_finding *finding);
void wxg_facts_executable(struct wxg_finding *finding, struct file *exe);
/* The same of who was judged, by what is known of it already; and its cgroup. */
void wxg_facts_subject(struct wxg_finding *finding, const struct wxg_who *who);
void wxg_facts_ancestors(struct wxg_finding *finding);
/* Number and raw arguments of the system call being made. Any context. */
void wxg_facts_syscall(struct wxg_finding *finding);
/* A reference to the current task's executable, or NULL. May sleep. */
struct file *wxg_facts_exe_get(void);

/*
 * The task that a memory belongs to. Return: a reference; NULL if it has gone,
 * or on a kernel without CONFIG_MEMCG, which does not keep it. Any context.
 */
struct task_struct *wxg_facts_owner_get(const struct mm_struct *mm);
/* Another process, into @to, which is in @finding. May sleep. */
void wxg_facts_other(struct wxg_finding *finding, struct wxg_other *to,
		     struct task_struct *task);

#endif
