// SPDX-License-Identifier: GPL-2.0-only
/* Something for the compiler to do: a module that is built and never loaded. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netdevice.h>

static int __init built_init(void)
{
	pr_info("%lu pages, device at %p\n", totalram_pages(),
		dev_get_by_index(&init_net, 1));
	return 0;
}
module_init(built_init);

MODULE_DESCRIPTION("Built by the bench, never loaded");
MODULE_LICENSE("GPL");
