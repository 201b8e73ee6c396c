// SPDX-License-Identifier: GPL-2.0-only
/*
 * security_bprm_check: which classes is this program start of?
 * PROCESS context in the calling task, under cred_guard_mutex; may sleep.
 */
#include <linux/binfmts.h>
#include <linux/gfp.h>

#include "core/classify.h"
#include "slow/describe.h"
#include "slow/origin.h"

int wxg_judge_exec_call(struct linux_binprm *bprm)
{
	struct file *const file = bprm->file;
	struct wxg_event event = {
		.id = WXG_JUDGE_EXEC,
		.class = WXGUARD_CLASS_EXEC_MEMORY,
		.file = file,
		.bprm = bprm,
		.object = file_inode(file),
	};
	char *page;
	const char *path;

	page = (char *)__get_free_page(GFP_KERNEL);
	if (!page)
		return wxg_judge_blindly(event.class);
	path = d_path(&file->f_path, page, PAGE_SIZE);
	if (IS_ERR(path))
		path = "";
	event.origin = wxg_origin_of(file, path, strlen(path));
	free_page((unsigned long)page);
	if (!wxg_origin_is_fileless(event.origin))
		return 0;
	return wxg_judge_event(&event);
}
