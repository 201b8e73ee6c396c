// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences with values in them for the extended ack. PROCESS context, in
 * the caller of a request; may sleep on one mutex, which is innermost.
 *
 * The ack keeps a pointer to its text, not a copy, and is sent after our
 * handler has returned; a buffer of the core's exists only since 6.3 and
 * holds 80 bytes. But it is sent before the caller's system call ends. So
 * each caller has a slot of its own: what stood in it is over when the same
 * task asks again, or has exited.
 */
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "genl_priv.h"

/* As many administrators at once get sentences with values. */
#define SLOTS		32
#define TEXT_SIZE	256

static struct slot {
	struct pid *owner;	/* a reference; NULL = never used */
	char text[TEXT_SIZE];	/* written by its owner only */
} slots[SLOTS];

static DEFINE_MUTEX(slots_lock);

static bool has_exited(struct pid *pid)
{
	bool gone;

	rcu_read_lock();
	gone = !pid_task(pid, PIDTYPE_PID);
	rcu_read_unlock();
	return gone;
}

/* Return: the caller's slot, NULL if all belong to others. */
static struct slot *slot_of_caller(void)
{
	struct slot *slot, *found = NULL;

	mutex_lock(&slots_lock);
	for (slot = slots; slot < slots + SLOTS; slot++) {
		if (slot->owner == task_pid(current)) {
			found = slot;
			break;
		}
		if (!found && (!slot->owner || has_exited(slot->owner)))
			found = slot;
	}
	if (found && found->owner != task_pid(current)) {
		put_pid(found->owner);
		found->owner = get_pid(task_pid(current));
	}
	mutex_unlock(&slots_lock);
	return found;
}

int wxg_genl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		    int error, const char *fmt, ...)
{
	struct slot *slot;
	va_list args;

	if (!extack)
		return error;
	NL_SET_BAD_ATTR(extack, attr);
	slot = slot_of_caller();
	if (!slot) {
		extack->_msg = "a value is not valid; too many others are asking for the module to say which one and why, so ask again";
		return error;
	}
	va_start(args, fmt);
	vsnprintf(slot->text, sizeof(slot->text), fmt, args);
	va_end(args);
	extack->_msg = slot->text;
	return error;
}

void wxg_genl_text_exit(void)
{
	struct slot *slot;

	for (slot = slots; slot < slots + SLOTS; slot++) {
		put_pid(slot->owner);
		slot->owner = NULL;
	}
}
