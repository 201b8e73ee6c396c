// SPDX-License-Identifier: GPL-2.0-only
/*
 * security_file_mprotect and security_mmap_file: which classes is this change
 * of memory of? PROCESS context in the calling task; for mprotect under
 * mmap_lock for writing, so user memory may not be touched.
 */
#include <asm/syscall.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>

#include "core/classify.h"
#include "rules_live.h"
#include "slow/describe.h"
#include "slow/dual.h"
#include "slow/facts.h"
#include "slow/origin.h"
#include "slow/pending.h"
#include "slow/region.h"

/* As the caller passed it: the judged function's copy has lost this bit. */
static bool asks_growsdown(void)
{
	unsigned long args[6];

	syscall_get_arguments(current, task_pt_regs(current), args);
	return args[2] & PROT_GROWSDOWN;
}

/* Mappings are told apart by their kind and their file. */
static u64 detail_of(struct file *file, u32 region)
{
	struct wxg_known_key key;

	if (!file || wxg_facts_key(file, &key))
		return region;
	return (u64)jhash_3words(region, key.dev, key.generation, 0) << 32 |
	       jhash_3words(region, lower_32_bits(key.ino),
			    upper_32_bits(key.ino), key.dev);
}

/* The segments of a memory file whose exec was just judged. */
static bool belongs_to_exec(const struct wxg_event *event, u32 class)
{
	return event->id == WXG_JUDGE_MMAP &&
	       class == WXGUARD_CLASS_MAP_MEMORY_EXEC &&
	       wxg_pending_find(WXG_JUDGE_EXEC, event->object);
}

static int ask_about(struct wxg_event *event, u32 class, u32 region)
{
	if (!(READ_ONCE(wxg_live_classes) & BIT(class)) ||
	    belongs_to_exec(event, class))
		return 0;
	event->class = class;
	event->shape = class == WXGUARD_CLASS_WX_TRANSITION ? region : 0;
	return wxg_judge_event(event);
}

/* Each class that it is of, so that the strictest rule counts. */
static int ask_about_all(struct wxg_event *event,
			 const struct wxg_change *change, u32 region)
{
	u32 class[WXG_CLASSES_MAX];
	const u32 count = wxg_classes_of(change, class);
	int ret = 0;
	u32 i;

	for (i = 0; !ret && i < count; i++)
		ret = ask_about(event, class[i], region);
	return ret;
}

/* Who else has the file mapped as the other side becomes part of the event. */
static bool find_other_side(struct wxg_event *event, enum wxg_dual_side side)
{
	event->dual = wxg_dual_find(event->file, side, event->vma,
				    &event->writer);
	return event->dual;
}

static void put_other_side(struct wxg_event *event)
{
	if (event->writer)
		put_task_struct(event->writer);
	event->writer = NULL;
}

/* A memory file that is code already gets a mapping to write to it. */
static int judge_writing_side(struct wxg_event *event, u32 region)
{
	int ret = 0;

	if (find_other_side(event, WXG_DUAL_EXECUTES))
		ret = ask_about(event, WXGUARD_CLASS_MAP_MEMORY_EXEC, region);
	put_other_side(event);
	return ret;
}

static int judge_executing_side(struct wxg_event *event,
				const struct wxg_change *change, u32 region)
{
	int ret;

	if (event->file && wxg_origin_is_memory(event->origin))
		find_other_side(event, WXG_DUAL_WRITES);
	ret = ask_about_all(event, change, region);
	put_other_side(event);
	return ret;
}

int wxg_judge_mprotect_call(struct vm_area_struct *vma, unsigned long asked,
			    unsigned long effective)
{
	const u32 region = wxg_region_of(vma);
	struct wxg_change change;
	struct wxg_event event = {
		.id = WXG_JUDGE_MPROTECT,
		.file = vma->vm_file,
		.vma = vma,
		.object = vma,
		.asked = asked,
		.effective = effective,
		.detail = detail_of(vma->vm_file, region),
	};

	wxg_region_change(vma, effective, &change);
	event.origin = change.origin;
	if (!(effective & WXG_PROT_EXEC))
		return judge_writing_side(&event, region);
	change.stack = wxg_region_is_stack(vma) && asks_growsdown();
	return judge_executing_side(&event, &change, region);
}

/* path_noexec() is not exported. */
static bool file_is_noexec(const struct file *file)
{
	return (file->f_path.mnt->mnt_flags & MNT_NOEXEC) ||
	       (file_inode(file)->i_sb->s_iflags & SB_I_NOEXEC);
}

int wxg_judge_mmap_call(struct file *file, unsigned long prot,
			unsigned long flags)
{
	const u32 region = wxg_region_of_new(file, flags);
	struct wxg_change change = {
		.effective = wxg_prot_effective(prot,
						current->personality & READ_IMPLIES_EXEC,
						file && file_is_noexec(file)),
		.origin = file ? wxg_origin_of(file, NULL, 0) :
				 WXGUARD_ORIGIN_FILE,
		.fresh = true,
	};
	struct wxg_event event = {
		.id = WXG_JUDGE_MMAP,
		.file = file,
		.object = file ? file_inode(file) : NULL,
		.origin = change.origin,
		.asked = prot,
		.effective = change.effective,
		.map_flags = flags,
		.detail = detail_of(file, region),
	};

	if (!(change.effective & WXG_PROT_EXEC))
		return file ? judge_writing_side(&event, region) : 0;
	return judge_executing_side(&event, &change, region);
}
