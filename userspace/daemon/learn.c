// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Times of learning. After the history was lost every executable would be
 * new, and a flood of findings would say so: so the module learns for one
 * window of rwx_mprotect first. And somebody may ask for one (wxguard baseline
 * start). The end stands in the store, where the command puts it, too: a
 * restart does not begin it again.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "../../module/core/class.h"
#include "wxguardd.h"

static uint32_t learn_window(struct wxguardd *d)
{
	uint32_t window = WXGUARD_WINDOW_DEFAULT;
	struct client_rules rules;
	unsigned int i;

	if (client_rules_get(d->control, &rules))
		return window;
	for (i = 0; i < rules.classes; i++)
		if (rules.class[i].id == WXGUARD_CLASS_RWX_MPROTECT)
			window = rules.class[i].window;
	client_rules_free(&rules);
	return window;
}

static void forget_learning(struct wxguardd *d)
{
	d->learn_until = 0;
	if (store_meta_remove(d->store, STORE_META_LEARN_UNTIL) ||
	    store_meta_remove(d->store, STORE_META_LEARN_BACK) ||
	    store_meta_remove(d->store, STORE_META_LEARN_BY) ||
	    store_meta_remove(d->store, STORE_META_LEARN_SINCE))
		say(CONFIG_ERROR, "%s", store_error(d->store));
}

/* The command may have begun, or ended, a baseline meanwhile. */
static void read_end(struct wxguardd *d)
{
	int error = store_meta_get_u64(d->store, STORE_META_LEARN_UNTIL, &d->learn_until);

	if (error == -ENOENT)
		d->learn_until = 0;
}

/*
 * The mode after it. A baseline returns to the mode that it was begun in;
 * after a loss of the history the configuration is the better answer.
 */
static uint32_t mode_after(struct wxguardd *d)
{
	uint64_t back = WXGUARD_MODE_DETECT;
	char by[ECS_TIME_MAX];

	if (d->config.has_mode &&
	    store_meta_get(d->store, STORE_META_LEARN_BY, by, sizeof(by)))
		return d->config.mode;
	if (store_meta_get_u64(d->store, STORE_META_LEARN_BACK, &back))
		back = WXGUARD_MODE_DETECT;
	return (uint32_t)back;
}

/* If the store says that a database was set aside and nobody was told yet. */
void learn_begin(struct wxguardd *d)
{
	char aside[PATH_MAX], until[ECS_TIME_MAX], reason[512];
	uint32_t mode = WXGUARD_MODE_DETECT;

	if (store_meta_get(d->store, META_RESET_ASIDE, aside, sizeof(aside)))
		return;
	client_mode_get(d->control, &mode);
	if (mode == WXGUARD_MODE_LEARN)
		mode = d->config.has_mode ? d->config.mode : WXGUARD_MODE_DETECT;
	d->learn_until = clock_real_s() + learn_window(d);
	ecs_time(d->learn_until * 1000000000, until);
	if (mode != WXGUARD_MODE_OFF && client_mode_set(d->control, WXGUARD_MODE_LEARN, 0)) {
		say(CONFIG_ERROR, "%.500s", client_error(d->control));
		mode = WXGUARD_MODE_OFF;
	}
	if (mode == WXGUARD_MODE_OFF)
		snprintf(reason, sizeof(reason), "the database was damaged and is kept as %.300s; the mode is off and stays off",
			 aside);
	else
		snprintf(reason, sizeof(reason), "the database was damaged and is kept as %.300s; learning until %s, then mode %s",
			 aside, until, wxg_mode_name(mode));
	if (mode == WXGUARD_MODE_OFF)
		d->learn_until = 0;
	else if (store_meta_set_u64(d->store, STORE_META_LEARN_BACK, mode) ||
		 store_meta_set_u64(d->store, STORE_META_LEARN_UNTIL, d->learn_until))
		say(CONFIG_ERROR, "%s", store_error(d->store));
	say(CONFIG_WARNING, "%s", reason);
	collect_notice(d, ECS_NOTICE_HISTORY_RESET, reason);
	if (store_meta_remove(d->store, META_RESET_ASIDE))
		say(CONFIG_ERROR, "%s", store_error(d->store));
}

void learn_resume(struct wxguardd *d, bool module_is_new)
{
	uint32_t mode;

	read_end(d);
	if (!d->learn_until || client_mode_get(d->control, &mode))
		return;
	if (mode == WXGUARD_MODE_LEARN) {
		learn_tick(d);
	} else if (module_is_new) {
		/* Also when the time ran out meanwhile: the tick then ends it. */
		if (client_mode_set(d->control, WXGUARD_MODE_LEARN, 0))
			say(CONFIG_ERROR, "%.500s", client_error(d->control));
		learn_tick(d);
	} else {	/* somebody decided otherwise, and that counts */
		say(CONFIG_INFO, "the mode was changed to %s; learning has ended",
		    wxg_mode_name(mode));
		forget_learning(d);
	}
}

void learn_broken_off(struct wxguardd *d, uint32_t mode)
{
	if (!d->store)
		return;
	read_end(d);
	if (!d->learn_until)
		return;
	say(CONFIG_INFO, "the mode was changed to %s; learning has ended", wxg_mode_name(mode));
	forget_learning(d);
}

void learn_tick(struct wxguardd *d)
{
	char reason[128];
	uint32_t mode, back;

	if (!d->store || !d->control)
		return;
	read_end(d);
	if (!d->learn_until || d->learn_until > clock_real_s())
		return;
	if (client_mode_get(d->control, &mode))
		return;
	back = mode_after(d);
	if (mode == WXGUARD_MODE_LEARN) {
		if (client_mode_set(d->control, back, 0)) {
			say(CONFIG_ERROR, "%.500s", client_error(d->control));
			return;
		}
		snprintf(reason, sizeof(reason), "the time is over, learning has ended; mode %s",
			 wxg_mode_name(back));
		say(CONFIG_INFO, "%s", reason);
		collect_notice(d, ECS_NOTICE_LEARNING, reason);
		d->seen.mode = back;
	}
	forget_learning(d);
}
