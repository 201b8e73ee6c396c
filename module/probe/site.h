/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the entry of a function looks like: where ftrace patches it, and
 * whether a call that a kprobe took away there can go on behind the probe.
 * Process context, at load; reads the probe and the kernel's text only.
 *
 * In both, @kprobe is registered, if only as disabled: that has found its
 * address and, on arm64, the instruction that it replaces. Both return an
 * address or 0, and a call goes on MCOUNT_INSN_SIZE behind it.
 */
#ifndef _WXG_SITE_H
#define _WXG_SITE_H

#include <linux/ftrace.h>
#include <linux/kprobes.h>

#if defined(CONFIG_X86_64)

/* The probe stands on the ftrace site and shares it with its ops. */
static inline unsigned long wxg_site_ftrace(const struct kprobe *kprobe)
{
	return kprobe->flags & KPROBE_FLAG_FTRACE ? (unsigned long)kprobe->addr : 0;
}

static inline unsigned long wxg_site_kprobe(const struct kprobe *kprobe)
{
	return wxg_site_ftrace(kprobe);
}

#elif defined(CONFIG_ARM64)

#include <asm/insn.h>

/*
 * A traceable function begins, behind "bti c" where the kernel has BTI, with
 * two instructions of ftrace: "mov x9, x30" (a nop until ftrace has seen it)
 * and the site itself, a nop or a call.
 */
#define WXG_INSN_BTI_C		0xd503245f
#define WXG_INSN_NOP		0xd503201f
#define WXG_INSN_MOV_X9_X30	0xaa1e03e9

static inline bool wxg_insn_readies(u32 insn)
{
	return insn == WXG_INSN_NOP || insn == WXG_INSN_MOV_X9_X30;
}

static inline unsigned long wxg_site_ftrace(const struct kprobe *kprobe)
{
	const __le32 *next = (const __le32 *)kprobe->addr + 1;
	u32 insn = kprobe->opcode;

	if (insn == WXG_INSN_BTI_C)
		insn = le32_to_cpu(*next++);
	if (!wxg_insn_readies(insn))
		return 0;
	insn = le32_to_cpu(*next);
	if (insn != WXG_INSN_NOP && !aarch64_insn_is_bl(insn))
		return 0;
	return (unsigned long)next;
}

/*
 * The probe is a breakpoint on the first instruction, before the site, so
 * that ftrace still sees the call. The stubs do what that instruction does.
 */
static inline unsigned long wxg_site_kprobe(const struct kprobe *kprobe)
{
	if (kprobe->opcode != WXG_INSN_BTI_C && !wxg_insn_readies(kprobe->opcode))
		return 0;
	return (unsigned long)kprobe->addr;
}

#else
#error "wxguard can redirect a call on x86-64 and arm64 only"
#endif

#endif
