// SPDX-License-Identifier: GPL-2.0-only
/*
 * The heartbeat: looks again and again whether the sensor is still whole, and
 * has counted repeats announced. PROCESS context, in a work of its own; may
 * sleep. It mends nothing: it tells.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/workqueue.h>

#include "probe/probe.h"
#include "repeat.h"
#include "slow/facts.h"
#include "slow/tamper.h"

static void on_beat(struct work_struct *work);

static DECLARE_DELAYED_WORK(beat, on_beat);
static u32 every;		/* s */
static u64 last;		/* ns since boot */
/* Of the work alone. */
static struct wxg_probe_status status;
static bool silence_told;
static u64 missed_before;

static u64 missed_by_all(void)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < status.hooks; i++)
		sum += status.hook[i].missed;
	return sum;
}

/* Once per silence; one that nobody was to be told of is not told yet. */
static void check_canary(void)
{
	if (status.canary) {
		silence_told = false;
	} else if (!silence_told && wxg_tamper_is_told()) {
		silence_told = true;
		pr_warn("the kernel's probes do not answer any more (kprobes/enabled in debugfs is 0?)\n");
		wxg_tamper_tell(WXGUARD_TAMPER_CANARY);
	}
}

static void check_missed(void)
{
	const u64 missed = missed_by_all();

	if (missed > missed_before)
		wxg_tamper_tell(WXGUARD_TAMPER_MISSED);
	missed_before = missed;
}

static void on_beat(struct work_struct *work)
{
	memset(&status, 0, sizeof(status));
	wxg_probe_status(&status);
	check_canary();
	check_missed();
	wxg_repeat_flush(wxg_facts_now(), every);
	WRITE_ONCE(last, ktime_get_boottime_ns());
	schedule_delayed_work(&beat, every * HZ);
}

void wxg_heartbeat_start(u32 seconds)
{
	every = seconds;
	wxg_probe_status(&status);
	missed_before = missed_by_all();
	WRITE_ONCE(last, ktime_get_boottime_ns());
	schedule_delayed_work(&beat, every * HZ);
}

void wxg_heartbeat_stop(void)
{
	cancel_delayed_work_sync(&beat);
}

u64 wxg_heartbeat_last(void)
{
	return READ_ONCE(last);
}
