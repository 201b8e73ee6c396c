/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stubs that a redirected call enters instead of the judged function.
 *
 * A stub is entered as if the function itself had been called: arguments in
 * x0 to x7, the caller's return address in x30, not yet signed, process
 * context of the calling task. It asks wxg_slow_judge() and then either returns
 * the errno to the caller, the function never having run, or goes on in the
 * function: behind its ftrace site or, for a kprobe, behind the instruction
 * that the probe replaced.
 *
 * That instruction may be the "mov x9, x30" which readies the ftrace site, so
 * x9 is set as it would have been. Going on is a return to x16: an indirect
 * jump would need a landing pad under BTI, a return does not.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>

	.text

.macro WXG_STUB n
SYM_FUNC_START(wxg_stub\n)
	stp	x29, x30, [sp, #-96]!
	mov	x29, sp
	stp	x0, x1, [sp, #16]
	stp	x2, x3, [sp, #32]
	stp	x4, x5, [sp, #48]
	stp	x6, x7, [sp, #64]
	str	x8, [sp, #80]
	mov	w4, #\n
	bl	wxg_slow_judge
	mov	w9, w0
	ldr	x8, [sp, #80]
	ldp	x6, x7, [sp, #64]
	ldp	x4, x5, [sp, #48]
	ldp	x2, x3, [sp, #32]
	ldp	x0, x1, [sp, #16]
	ldp	x29, x30, [sp], #96
	cbnz	w9, 1f
	adrp	x16, wxg_resume
	add	x16, x16, #:lo12:wxg_resume
	ldr	x16, [x16, #8*\n]
	mov	x9, x30
	ret	x16
	/* An errno, for functions that return an int and for those of a long. */
1:	sxtw	x0, w9
	ret
SYM_FUNC_END(wxg_stub\n)
.endm

WXG_STUB 0
WXG_STUB 1
WXG_STUB 2
WXG_STUB 3
WXG_STUB 4
WXG_STUB 5
