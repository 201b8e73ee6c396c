// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program whose very first instructions make a file: its argument. Nothing
 * of a libc runs before, so where the file is missing not one instruction of
 * the program was run. Usage: marker FILE
 */
#ifdef __x86_64__
asm(".globl _start\n"
	"_start:\n"
	"	mov 16(%rsp), %rdi\n"	/* argv[1] */
	"	mov $0x41, %esi\n"	/* O_CREAT | O_WRONLY */
	"	mov $0600, %edx\n"
	"	mov $2, %eax\n"		/* open */
	"	syscall\n"
	"	xor %edi, %edi\n"
	"	mov $60, %eax\n"	/* exit */
	"	syscall\n"
	"	hlt\n"
	".section .note.GNU-stack, \"\", @progbits\n");
#else
asm(".globl _start\n"
	"_start:\n"
	"	mov x0, #-100\n"	/* AT_FDCWD */
	"	ldr x1, [sp, #16]\n"	/* argv[1] */
	"	mov w2, #0x41\n"	/* O_CREAT | O_WRONLY */
	"	mov w3, #0600\n"
	"	mov w8, #56\n"		/* openat */
	"	svc #0\n"
	"	mov w0, #0\n"
	"	mov w8, #93\n"		/* exit */
	"	svc #0\n"
	".section .note.GNU-stack, \"\", @progbits\n");
#endif
