// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters. PROCESS context, at load only: what may change later
 * changes over netlink.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/wxguard.h>

#include "core/class.h"
#include "param.h"

static char *mode = "detect";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "off, learn, detect (default) or enforce; wxguard.mode=off on the kernel command line wins");

static char *engine = "auto";
module_param(engine, charp, 0444);
MODULE_PARM_DESC(engine, "auto (default: judges are ftrace ops, witnesses kprobes), ftrace (both ftrace ops: cheaper, but one mechanism), or kprobe");

static unsigned int known_max = 65536;
module_param(known_max, uint, 0444);
MODULE_PARM_DESC(known_max, "known executables at most (default 65536)");

static unsigned int ring_max = 8192;
module_param(ring_max, uint, 0444);
MODULE_PARM_DESC(ring_max, "findings kept at most (default 8192)");

static unsigned int ring_kb = 16384;
module_param(ring_kb, uint, 0444);
MODULE_PARM_DESC(ring_kb, "KiB of findings kept at most (default 16384); allocated as they come");

static unsigned int window = WXGUARD_WINDOW_DEFAULT;
module_param(window, uint, 0444);
MODULE_PARM_DESC(window, "seconds for which an executable stays known (default 604800, 7 days); rules that are loaded later carry their own");

static unsigned int heartbeat = 10;
module_param(heartbeat, uint, 0444);
MODULE_PARM_DESC(heartbeat, "seconds between two looks of the module at itself, 1 to 3600 (default 10)");

static unsigned int evidence_max = 32;
module_param(evidence_max, uint, 0444);
MODULE_PARM_DESC(evidence_max, "payloads of findings held at most, for wxguard evidence (default 32); 0 = none");

static unsigned int evidence_kb = 65536;
module_param(evidence_kb, uint, 0444);
MODULE_PARM_DESC(evidence_kb, "KiB of memory that held payloads may keep alive (default 65536)");

static unsigned int evidence_seconds = 300;
module_param(evidence_seconds, uint, 0444);
MODULE_PARM_DESC(evidence_seconds, "seconds for which a payload is held, 1 to 86400 (default 300)");

static int check_range(const char *name, u32 value, u32 min, u32 max)
{
	if (value >= min && value <= max)
		return 0;
	pr_err("parameter %s=%u is out of range: give %u to %u\n", name, value,
	       min, max);
	return -EINVAL;
}

/* Is "wxguard.mode=off" a word of the kernel command line? */
static bool word_in(const char *line, const char *word)
{
	const size_t len = strlen(word);
	const char *at = line;

	while ((at = strstr(at, word))) {
		const bool begins = at == line || at[-1] == ' ';
		const char after = at[len];

		if (begins && (!after || after == ' ' || after == '\n'))
			return true;
		at += len;
	}
	return false;
}

/*
 * modprobe passes the command line's wxguard.* on, insmod does not, and "off"
 * must win either way. The saved command line is not exported, so it is read
 * as a program would; without /proc only what modprobe passed counts.
 */
static bool off_on_command_line(void)
{
	struct file *file;
	loff_t pos = 0;
	bool off = false;
	ssize_t len;
	char *line;

	line = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!line)
		return false;
	file = filp_open("/proc/cmdline", O_RDONLY, 0);
	if (!IS_ERR(file)) {
		len = kernel_read(file, line, PAGE_SIZE - 1, &pos);
		off = len > 0 && word_in(line, "wxguard.mode=off");
		filp_close(file, NULL);
	}
	kfree(line);
	return off;
}

int wxg_param_read(struct wxg_param *param)
{
	const int parsed = wxg_mode_parse(mode, strlen(mode));

	if (parsed < 0) {
		pr_err("parameter mode=%s is not a mode: give off, learn, detect or enforce\n",
		       mode);
		return -EINVAL;
	}
	if (strcmp(engine, "auto") && strcmp(engine, "ftrace") &&
	    strcmp(engine, "kprobe")) {
		pr_err("parameter engine=%s is not an engine: give auto, ftrace or kprobe\n",
		       engine);
		return -EINVAL;
	}
	if (check_range("known_max", known_max, 1, 1 << 22) ||
	    check_range("ring_max", ring_max, 1, 1 << 20) ||
	    check_range("ring_kb", ring_kb, 64, 1 << 20) ||
	    check_range("window", window, WXGUARD_WINDOW_MIN,
			WXGUARD_WINDOW_MAX) ||
	    /* 0 would be a sensor that can be blinded without a word. */
	    check_range("heartbeat", heartbeat, 1, 3600) ||
	    check_range("evidence_max", evidence_max, 0, 4096) ||
	    check_range("evidence_kb", evidence_kb, 1, 1 << 24) ||
	    check_range("evidence_seconds", evidence_seconds, 1, 86400))
		return -EINVAL;

	param->mode_fixed = off_on_command_line();
	param->mode = param->mode_fixed ? WXGUARD_MODE_OFF : parsed;
	param->engine = engine;
	param->known_max = known_max;
	param->ring_max = ring_max;
	param->ring_bytes = (u64)ring_kb * 1024;
	param->window = window;
	param->heartbeat = heartbeat;
	param->evidence_max = evidence_max;
	param->evidence_bytes = (u64)evidence_kb * 1024;
	param->evidence_seconds = evidence_seconds;
	return 0;
}
