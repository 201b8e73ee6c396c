// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a person reads first: message, the title of a finding, and
 * event.reason, one sentence on what was done, by whom, and why that is
 * reported. Pure but for memory. What a watched process chose is quoted.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ecs_parts.h"
#include "json_out.h"
#include "names.h"
#include "rules_text.h"
#include "text.h"

/* A message is shown as a title: no more than so many bytes of a path in it. */
#define SUBJECT_MAX 200

/* By reason. The rule's name, "blinded", does not say what happened. */
static const char *tamper_title(uint32_t reason)
{
	static const char *const titles[] = {
		[WXGUARD_TAMPER_EXEC] =
			"A program was started from memory, and no judge saw it",
		[WXGUARD_TAMPER_MPROTECT] =
			"Memory became writable and executable, and no judge saw it",
		[WXGUARD_TAMPER_CANARY] =
			"The sensor is blind: the kernel's probes do not answer any more",
		[WXGUARD_TAMPER_MISSED] =
			"The sensor missed calls: the kernel skipped a probe",
		[WXGUARD_TAMPER_UNLOAD] =
			"Somebody tried to unload the locked module",
		[WXGUARD_TAMPER_BUDGET] =
			"Enforcement ended: the budget of denials is spent, the mode is detect",
	};

	return reason < sizeof(titles) / sizeof(titles[0]) ? titles[reason] : NULL;
}

/* Through /proc/self/mem, as a program does that loads another in its place. */
static bool is_own_target(const struct finding *finding)
{
	return finding->has_target && finding->target.pid == finding->process.pid;
}

static const char *title(const struct finding *finding, const struct rule *rule)
{
	const char *words = tamper_title(finding->tamper);

	if (is_own_target(finding))
		return "Write into its own code";
	return words ? words : rule->name;
}

static void put_quoted(FILE *out, struct bytes in)
{
	char *quoted = text_quote(in, SUBJECT_MAX);

	fputs(quoted ? quoted : "?", out);
	free(quoted);
}

/* By its executable, else by its name. */
static void put_process(FILE *out, const struct finding_process *process)
{
	put_quoted(out, process->exe.data ? process->exe : process->comm);
}

static void put_other(FILE *out, const struct finding *finding,
		      const struct finding_process *other)
{
	if (other->pid == finding->process.pid) {
		fputs("itself", out);
		return;
	}
	put_process(out, other);
	fprintf(out, "[%" PRIu32 "]", other->pid);
}

static struct bytes file_of(const struct finding *finding)
{
	return finding->has_exec ? finding->exec_file.path :
				   finding->memory_file.path;
}

/* What the finding is about: a memory file, or a program. */
static void put_subject(FILE *out, const struct finding *finding)
{
	bool file = finding->has_exec ||
		    finding->class == WXGUARD_CLASS_MAP_MEMORY_EXEC;

	if (file && file_of(finding).data)
		put_quoted(out, file_of(finding));
	else
		put_process(out, &finding->process);
	if (finding->has_target && !is_own_target(finding)) {
		fputs(" into ", out);
		put_other(out, finding, &finding->target);
	}
}

static void put_verdict(FILE *out, const struct finding *finding)
{
	if (finding->verdict == WXGUARD_VERDICT_DENIED)
		fputs(" (denied)", out);
	if (finding->verdict == WXGUARD_VERDICT_KILLED)
		fputs(" (denied, killed)", out);
}

/* "; 10 more since #430, the last at 2026-01-15T09:41:06Z" */
static void put_repeat(FILE *out, const struct finding *finding)
{
	char time[ECS_TIME_MAX];

	if (!finding_is_repeat(finding))
		return;
	ecs_time(finding->repeat_last, time);
	time[strcspn(time, ".")] = '\0';
	fprintf(out, "; %" PRIu64 " more", finding->repeat_count);
	if (finding->flags & WXGUARD_FLAG_AGGREGATE)
		fputs(" in several forms", out);
	if (finding->repeat_of)
		fprintf(out, " since #%" PRIu64, finding->repeat_of);
	if (finding->repeat_last)
		fprintf(out, ", the last at %sZ", time);
}

static void put_message(FILE *out, const struct finding *finding,
			const struct rule *rule)
{
	fputs(title(finding, rule), out);
	if (finding_has_process(finding)) {
		fputs(": ", out);
		put_subject(out, finding);
	}
	put_repeat(out, finding);
	put_verdict(out, finding);
}

static const char *call_name(const struct finding *finding)
{
	const char *call = NULL;

	if (finding->has_syscall)
		call = names_syscall(finding->syscall_arch, finding->syscall_nr);
	else if (finding_is_repeat(finding))
		call = "the same again";
	return call ? call : "a system call";
}

static void put_prot(FILE *out, const struct finding *finding)
{
	char before[4] = "new", after[4];

	if (finding->has_before)
		names_prot(finding->prot_before, before);
	names_prot(finding->prot_effective, after);
	if (finding->memory_size)	/* 0: not known */
		fprintf(out, " on %" PRIu64 " bytes", finding->memory_size);
	fprintf(out, ": %s -> %s", before, after);
}

static void put_foreign(FILE *out, const struct finding *finding)
{
	fprintf(out, " into %" PRIu64 " bytes of the code of ",
		finding->memory_size);
	if (finding->has_target)
		put_other(out, finding, &finding->target);
	else
		fputs("another process", out);
	if (finding->flags & WXGUARD_FLAG_DEBUGGER)
		fputs("; a debugger on its own child", out);
}

/* The other side of a mapping, from what this side is. */
static void put_dual(FILE *out, const struct finding *finding)
{
	if (!(finding->flags & WXGUARD_FLAG_DUAL))
		return;
	fprintf(out, "; the same file is mapped %s by ",
		finding->prot_effective & 4 ? "writable" : "executable");
	if (finding->has_writer)
		put_other(out, finding, &finding->writer);
	else
		fputs("somebody", out);
}

/* What the class adds to the bare operation. */
static void put_class(FILE *out, const struct finding *finding)
{
	const char *words = NULL;

	switch (finding->class) {
	case WXGUARD_CLASS_EXEC_UNLINKED:
		words = " has no name in any folder";
		break;
	case WXGUARD_CLASS_EXEC_ARG_MEMORY:
		words = " is the memory file that it was given";
		break;
	case WXGUARD_CLASS_EXEC_UNKNOWN:
		words = " is not among the known executables";
		break;
	case WXGUARD_CLASS_WX_TRANSITION:
		fputs("; it had been written before", out);
		break;
	case WXGUARD_CLASS_EXEC_STACK:
		fputs("; it is the stack", out);
		break;
	}
	if (!words || !file_of(finding).data)
		return;
	fputs("; ", out);
	put_quoted(out, file_of(finding));
	fputs(words, out);
}

static void put_known(FILE *out, const struct finding *finding)
{
	char window[16];

	/* An unknown executable was said to be that already. */
	if (!finding->has_window || finding->class == WXGUARD_CLASS_EXEC_UNKNOWN)
		return;
	rules_text_duration_print(finding->window, window);
	fprintf(out, "; the first of this executable within %s", window);
	if (finding->class == WXGUARD_CLASS_WX_TRANSITION)
		fputs(" for this kind of memory", out);
}

static void put_reason(FILE *out, const struct finding *finding)
{
	if (!finding_has_process(finding)) {
		fputs("the module itself says so; no process can be named", out);
	} else {
		fprintf(out, "%s by ", call_name(finding));
		put_process(out, &finding->process);
		if (finding->class == WXGUARD_CLASS_FOREIGN_WRITE && finding->has_memory)
			put_foreign(out, finding);
		else if (finding->has_memory)
			put_prot(out, finding);
		else if (finding->ancestors)
			fprintf(out, ", parent pid %" PRIu32, finding->ancestor[0].pid);
	}
	if (finding->flags & WXGUARD_FLAG_CHECKED)
		fputs("; it only asked whether it may, and started nothing", out);
	put_class(out, finding);
	put_dual(out, finding);
	put_known(out, finding);
	if (finding->scope[0])
		fprintf(out, "; scope %s decided", finding->scope);
	put_repeat(out, finding);
	put_verdict(out, finding);
}

int ecs_put_sentences(json_t *root, const struct finding *finding,
		      const struct rule *rule)
{
	char *message = NULL, *reason = NULL;
	size_t size;
	FILE *out = open_memstream(&message, &size);
	int error = -1;

	if (!out)
		return -1;
	put_message(out, finding, rule);
	if (fclose(out))
		goto out;
	out = open_memstream(&reason, &size);
	if (!out)
		goto out;
	put_reason(out, finding);
	if (fclose(out))
		goto out;
	/* A scope's name is an administrator's, and not promised to be UTF-8. */
	error = json_put(root, "message", json_bytes(text_bytes(message)));
	error |= json_put(root, "event.reason", json_bytes(text_bytes(reason)));
out:
	free(message);
	free(reason);
	return error;
}
