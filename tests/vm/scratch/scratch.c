// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that misbehaves on request, to see that tests/vm/run notices. It
 * bears the name wxguard so that run unloads it; it has nothing else of it.
 */
#include <linux/kernel.h>
#include <linux/module.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "none, warn, warn-at-exit, panic, busy or refuse");

static int __init scratch_init(void)
{
	if (!strcmp(fault, "refuse"))
		return -ENODEV;
	WARN_ON(!strcmp(fault, "warn"));
	if (!strcmp(fault, "panic"))
		panic("asked for");
	if (!strcmp(fault, "busy"))
		__module_get(THIS_MODULE);
	return 0;
}

static void __exit scratch_exit(void)
{
	WARN_ON(!strcmp(fault, "warn-at-exit"));
}

module_init(scratch_init);
module_exit(scratch_exit);
MODULE_DESCRIPTION("misbehaves on request");
MODULE_LICENSE("GPL");
