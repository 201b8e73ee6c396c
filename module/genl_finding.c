// SPDX-License-Identifier: GPL-2.0-only
/*
 * A finding as netlink attributes. PROCESS context, but sleeps nowhere.
 * Encodes what the finding holds; judges and changes nothing.
 */
#include <linux/minmax.h>

#include "genl_priv.h"

struct encoder {
	struct sk_buff *skb;
	const struct wxg_finding *finding;
	u32 cap;
	u32 flags;		/* what the cap added to the finding's own */
};

static int put_text(struct encoder *e, int type, struct wxg_text text,
		    u32 flag_if_cut)
{
	const struct wxg_finding *finding = e->finding;

	if (!text.len)
		return 0;
	if (WARN_ON_ONCE(text.off > finding->pool_used ||
			 text.len > finding->pool_used - text.off))
		return 0;
	if (text.len > e->cap) {
		text.len = e->cap;
		e->flags |= flag_if_cut;
	}
	return nla_put(e->skb, type, text.len, finding->pool + text.off);
}

static int put_path(struct encoder *e, int type, struct wxg_text text)
{
	return put_text(e, type, text, WXGUARD_FLAG_PATH_TRUNCATED);
}

static int put_file_values(struct sk_buff *skb, const struct wxg_file *file)
{
	return nla_put_u32(skb, WXGUARD_FILE_DEV, file->dev) ||
	       nla_put_u64_64bit(skb, WXGUARD_FILE_INO, file->ino,
				 WXGUARD_FILE_PAD) ||
	       nla_put_u32(skb, WXGUARD_FILE_GENERATION, file->generation) ||
	       nla_put_s64(skb, WXGUARD_FILE_CTIME_SEC, file->ctime_sec,
			   WXGUARD_FILE_PAD) ||
	       nla_put_u32(skb, WXGUARD_FILE_CTIME_NSEC, file->ctime_nsec) ||
	       nla_put_s64(skb, WXGUARD_FILE_MTIME_SEC, file->mtime_sec,
			   WXGUARD_FILE_PAD) ||
	       nla_put_u32(skb, WXGUARD_FILE_MTIME_NSEC, file->mtime_nsec) ||
	       nla_put_u64_64bit(skb, WXGUARD_FILE_SIZE, file->size,
				 WXGUARD_FILE_PAD) ||
	       nla_put_u32(skb, WXGUARD_FILE_MODE, file->mode) ||
	       nla_put_u32(skb, WXGUARD_FILE_UID, file->uid) ||
	       nla_put_u32(skb, WXGUARD_FILE_GID, file->gid) ||
	       nla_put_u32(skb, WXGUARD_FILE_NLINK, file->nlink) ||
	       nla_put_u32(skb, WXGUARD_FILE_MAGIC, file->magic);
}

static int put_file(struct encoder *e, int type, const struct wxg_file *file)
{
	struct nlattr *nest;

	if (!file->present)
		return 0;
	nest = nla_nest_start(e->skb, type);
	if (!nest || put_path(e, WXGUARD_FILE_PATH, file->path) ||
	    put_file_values(e->skb, file))
		return -EMSGSIZE;
	nla_nest_end(e->skb, nest);
	return 0;
}

static int put_proc_ids(struct sk_buff *skb, const struct wxg_proc *proc)
{
	return nla_put_u32(skb, WXGUARD_PROC_PID, proc->pid) ||
	       nla_put_u32(skb, WXGUARD_PROC_TID, proc->tid) ||
	       nla_put_u32(skb, WXGUARD_PROC_VPID, proc->vpid) ||
	       nla_put_u64_64bit(skb, WXGUARD_PROC_START, proc->start,
				 WXGUARD_PROC_PAD) ||
	       nla_put_u32(skb, WXGUARD_PROC_UID, proc->uid) ||
	       nla_put_u32(skb, WXGUARD_PROC_EUID, proc->euid) ||
	       nla_put_u32(skb, WXGUARD_PROC_GID, proc->gid) ||
	       nla_put_u32(skb, WXGUARD_PROC_LOGINUID, proc->loginuid) ||
	       nla_put_u32(skb, WXGUARD_PROC_SESSIONID, proc->sessionid) ||
	       nla_put_u64_64bit(skb, WXGUARD_PROC_CAP_EFFECTIVE,
				 proc->cap_effective, WXGUARD_PROC_PAD) ||
	       nla_put_u64_64bit(skb, WXGUARD_PROC_CAP_PERMITTED,
				 proc->cap_permitted, WXGUARD_PROC_PAD) ||
	       nla_put_u64_64bit(skb, WXGUARD_PROC_PIDNS, proc->pidns,
				 WXGUARD_PROC_PAD) ||
	       nla_put_u64_64bit(skb, WXGUARD_PROC_MNTNS, proc->mntns,
				 WXGUARD_PROC_PAD) ||
	       wxg_genl_put_comm(skb, WXGUARD_PROC_COMM, proc->comm);
}

/* All there is of a process that has gone, or of another one. */
static int put_brief(struct encoder *e, int type, u32 pid, u64 start, u32 uid,
		     const u8 *comm, struct wxg_text exe)
{
	struct nlattr *nest = nla_nest_start(e->skb, type);

	if (!nest || nla_put_u32(e->skb, WXGUARD_PROC_PID, pid))
		return -EMSGSIZE;
	if (pid && (nla_put_u64_64bit(e->skb, WXGUARD_PROC_START, start,
				      WXGUARD_PROC_PAD) ||
		    nla_put_u32(e->skb, WXGUARD_PROC_UID, uid) ||
		    wxg_genl_put_comm(e->skb, WXGUARD_PROC_COMM, comm) ||
		    put_path(e, WXGUARD_PROC_EXE, exe)))
		return -EMSGSIZE;
	nla_nest_end(e->skb, nest);
	return 0;
}

static int put_other(struct encoder *e, int type, const struct wxg_other *other)
{
	if (!other->present)
		return 0;
	return put_brief(e, type, other->pid, other->start, other->uid,
			 other->comm, other->exe);
}

static int put_proc(struct encoder *e, const struct wxg_proc *proc)
{
	struct nlattr *nest;

	if (proc->brief || !proc->pid)
		return put_brief(e, WXGUARD_FINDING_PROCESS, proc->pid,
				 proc->start, proc->uid, proc->comm, proc->exe);
	nest = nla_nest_start(e->skb, WXGUARD_FINDING_PROCESS);
	if (!nest || put_proc_ids(e->skb, proc) ||
	    put_path(e, WXGUARD_PROC_EXE, proc->exe) ||
	    put_file(e, WXGUARD_PROC_EXE_FILE, &proc->exe_file) ||
	    put_text(e, WXGUARD_PROC_ARGS, proc->args,
		     WXGUARD_FLAG_ARGS_TRUNCATED) ||
	    put_path(e, WXGUARD_PROC_CWD, proc->cwd) ||
	    put_path(e, WXGUARD_PROC_CGROUP, proc->cgroup))
		return -EMSGSIZE;
	nla_nest_end(e->skb, nest);
	return 0;
}

static int put_ancestor(struct encoder *e, const struct wxg_ancestor *ancestor)
{
	struct nlattr *nest = nla_nest_start(e->skb, WXGUARD_FINDING_ANCESTOR);

	if (!nest ||
	    nla_put_u32(e->skb, WXGUARD_PROC_PID, ancestor->pid) ||
	    nla_put_u64_64bit(e->skb, WXGUARD_PROC_START, ancestor->start,
			      WXGUARD_PROC_PAD) ||
	    wxg_genl_put_comm(e->skb, WXGUARD_PROC_COMM, ancestor->comm) ||
	    put_path(e, WXGUARD_PROC_EXE, ancestor->exe))
		return -EMSGSIZE;
	nla_nest_end(e->skb, nest);
	return 0;
}

static int put_syscall(struct encoder *e, const struct wxg_syscall *syscall)
{
	struct nlattr *nest;

	if (!syscall->present)
		return 0;
	nest = nla_nest_start(e->skb, WXGUARD_FINDING_SYSCALL);
	if (!nest ||
	    nla_put_u32(e->skb, WXGUARD_SYSCALL_NR, syscall->nr) ||
	    nla_put_u32(e->skb, WXGUARD_SYSCALL_ARCH, syscall->arch) ||
	    nla_put(e->skb, WXGUARD_SYSCALL_ARGS, sizeof(syscall->args),
		    syscall->args))
		return -EMSGSIZE;
	if (!(e->finding->flags & WXGUARD_FLAG_NO_OUTCOME) &&
	    nla_put_s64(e->skb, WXGUARD_SYSCALL_RETURN, syscall->ret,
			WXGUARD_SYSCALL_PAD))
		return -EMSGSIZE;
	nla_nest_end(e->skb, nest);
	return 0;
}

static int put_memory(struct encoder *e, const struct wxg_memory *memory)
{
	struct nlattr *nest = nla_nest_start(e->skb, WXGUARD_FINDING_MEMORY);

	if (!nest ||
	    nla_put_u64_64bit(e->skb, WXGUARD_MEMORY_ADDRESS, memory->address,
			      WXGUARD_MEMORY_PAD) ||
	    nla_put_u64_64bit(e->skb, WXGUARD_MEMORY_SIZE, memory->size,
			      WXGUARD_MEMORY_PAD) ||
	    nla_put_u32(e->skb, WXGUARD_MEMORY_PROT_ASKED, memory->prot_asked) ||
	    nla_put_u32(e->skb, WXGUARD_MEMORY_PROT_EFFECTIVE,
			memory->prot_effective) ||
	    nla_put_u32(e->skb, WXGUARD_MEMORY_REGION, memory->region) ||
	    put_file(e, WXGUARD_MEMORY_FILE, &memory->file))
		return -EMSGSIZE;
	if (memory->has_before &&
	    nla_put_u32(e->skb, WXGUARD_MEMORY_PROT_BEFORE, memory->prot_before))
		return -EMSGSIZE;
	if (memory->file.present &&
	    nla_put_u32(e->skb, WXGUARD_MEMORY_ORIGIN, memory->origin))
		return -EMSGSIZE;
	nla_nest_end(e->skb, nest);
	return 0;
}

static int put_exec(struct encoder *e, const struct wxg_exec *exec)
{
	struct nlattr *nest = nla_nest_start(e->skb, WXGUARD_FINDING_EXEC);

	if (!nest ||
	    put_path(e, WXGUARD_EXEC_FILENAME, exec->filename) ||
	    put_file(e, WXGUARD_EXEC_FILE, &exec->file) ||
	    nla_put_u32(e->skb, WXGUARD_EXEC_ORIGIN, exec->origin) ||
	    put_path(e, WXGUARD_EXEC_NAME, exec->name) ||
	    nla_put_u32(e->skb, WXGUARD_EXEC_ROUND, exec->round) ||
	    nla_put_u32(e->skb, WXGUARD_EXEC_SCRIPT, exec->script))
		return -EMSGSIZE;
	if (exec->has_seals &&
	    nla_put_u32(e->skb, WXGUARD_EXEC_SEALS, exec->seals))
		return -EMSGSIZE;
	nla_nest_end(e->skb, nest);
	return 0;
}

static int put_ruling(struct sk_buff *skb, const struct wxg_finding *finding)
{
	return nla_put_u64_64bit(skb, WXGUARD_FINDING_SEQ, finding->seq,
				 WXGUARD_FINDING_PAD) ||
	       nla_put_u32(skb, WXGUARD_FINDING_CLASS, finding->class) ||
	       nla_put_u32(skb, WXGUARD_FINDING_ACTION, finding->action) ||
	       nla_put_u32(skb, WXGUARD_FINDING_VERDICT, finding->verdict) ||
	       nla_put_u32(skb, WXGUARD_FINDING_MODE, finding->mode) ||
	       nla_put_u32(skb, WXGUARD_FINDING_GENERATION,
			   finding->rules_generation) ||
	       nla_put_u64_64bit(skb, WXGUARD_FINDING_TIME_REAL,
				 finding->time_real, WXGUARD_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, WXGUARD_FINDING_TIME_BOOT,
				 finding->time_boot, WXGUARD_FINDING_PAD) ||
	       (finding->window &&
		nla_put_u32(skb, WXGUARD_FINDING_WINDOW, finding->window));
}

static int put_repeat(struct sk_buff *skb, const struct wxg_finding *finding)
{
	if (!(finding->flags & WXGUARD_FLAG_REPEAT))
		return 0;
	return nla_put_u64_64bit(skb, WXGUARD_FINDING_REPEAT_OF,
				 finding->repeat_of, WXGUARD_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, WXGUARD_FINDING_REPEAT_COUNT,
				 finding->repeat_count, WXGUARD_FINDING_PAD) ||
	       nla_put_u64_64bit(skb, WXGUARD_FINDING_REPEAT_LAST,
				 finding->repeat_last, WXGUARD_FINDING_PAD);
}

/* What only some findings have. */
static int put_rest(struct encoder *e, const struct wxg_finding *finding)
{
	if (put_repeat(e->skb, finding) ||
	    put_other(e, WXGUARD_FINDING_TARGET, &finding->target) ||
	    put_other(e, WXGUARD_FINDING_WRITER, &finding->writer))
		return -EMSGSIZE;
	if (finding->tamper &&
	    nla_put_u32(e->skb, WXGUARD_FINDING_TAMPER, finding->tamper))
		return -EMSGSIZE;
	if (finding->scope[0] &&
	    nla_put_string(e->skb, WXGUARD_FINDING_SCOPE, finding->scope))
		return -EMSGSIZE;
	return 0;
}

int wxg_genl_finding_put(struct sk_buff *skb, const struct wxg_finding *finding,
			 u32 cap)
{
	struct encoder e = { .skb = skb, .finding = finding, .cap = cap };
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_FINDING);
	u32 i;

	if (!nest || put_ruling(skb, finding) || put_proc(&e, &finding->proc))
		return -EMSGSIZE;
	for (i = 0; i < min_t(u32, finding->ancestors, WXGUARD_ANCESTORS_MAX); i++)
		if (put_ancestor(&e, &finding->ancestor[i]))
			return -EMSGSIZE;
	if (put_syscall(&e, &finding->syscall) ||
	    (finding->has_memory && put_memory(&e, &finding->memory)) ||
	    (finding->has_exec && put_exec(&e, &finding->exec)) ||
	    put_rest(&e, finding))
		return -EMSGSIZE;

	/* Last, since only now is it known what had to be cut. */
	if (nla_put_u32(skb, WXGUARD_FINDING_FLAGS, finding->flags | e.flags))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
