/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stubs that a redirected call enters instead of the judged function.
 *
 * A stub is entered as if the function itself had been called: arguments in
 * their registers, the caller's return address on the stack, process context
 * of the calling task. It asks wxg_slow_judge() and then either returns the
 * errno to the caller, the function never having run, or goes on in the
 * function just behind its ftrace site, so that the probe does not fire again.
 *
 * Going on is a return to a pushed address: an indirect jump would need an
 * ENDBR at its target under IBT, a return does not.
 */
#include <linux/linkage.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>

/* Before 5.18 there is no IBT and no ENDBR. */
#ifndef ENDBR
#define ENDBR
#endif

	.text

.macro WXG_STUB n
SYM_FUNC_START(wxg_stub\n)
	ENDBR
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%r8
	pushq	%r9
	subq	$8, %rsp		/* the ABI's 16-byte alignment at the call */
	movl	$\n, %r8d
	call	wxg_slow_judge
	addq	$8, %rsp
	popq	%r9
	popq	%r8
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	testl	%eax, %eax
	jnz	1f
	pushq	wxg_resume+8*\n(%rip)
	/*
	 * For the unwinder and objtool the stack now looks as it does at the
	 * entry of a function that was called from the judged one.
	 */
	UNWIND_HINT_FUNC
	RET
	/* An errno, for functions that return an int and for those of a long. */
1:	cltq
	RET
SYM_FUNC_END(wxg_stub\n)
.endm

WXG_STUB 0
WXG_STUB 1
WXG_STUB 2
WXG_STUB 3
WXG_STUB 4
WXG_STUB 5
