// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps of "wxguard check" once the module is loaded. Pure.
 */
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "check_step.h"
#include "status_view.h"

void check_judge_hooks(const struct check_facts *facts, struct check_step *step)
{
	struct status_view view = { .kernel = facts->status };
	unsigned int i, judges = 0;

	for (i = 0; i < facts->status.hooks; i++) {
		judges += facts->status.hook[i].role == WXGUARD_ROLE_JUDGE;
		if (facts->status.hook[i].role == WXGUARD_ROLE_JUDGE &&
		    facts->status.hook[i].state == WXGUARD_HOOK_OFF)
			break;
	}
	if (status_view_armed(&view)) {
		check_done(step, "all %u judges are armed", judges);
		return;
	}
	check_missing(step, CTL_NO_MODULE, "a judge is not armed%s%s", i < facts->status.hooks ? ": " : "",
		i < facts->status.hooks ? facts->status.hook[i].name : "");
	check_type(step, "modprobe -r wxguard && modprobe wxguard");
	check_then(step, "dmesg says what was in the way.");
}

void check_judge_canary(const struct check_facts *facts, struct check_step *step)
{
	if (facts->status.canary) {
		check_done(step, "the kernel's probes answer");
		return;
	}
	check_missing(step, CTL_NO_MODULE, "the kernel's probes do not answer any more%s%s%s",
		facts->probes_off[0] ? ": " : "", facts->probes_off, facts->probes_off[0] ? " is 0" : "");
	check_type(step, "echo 1 >%s", facts->probes_off[0] ? facts->probes_off :
	     "/sys/kernel/debug/kprobes/enabled");
}

void check_judge_daemon(const struct check_facts *facts, struct check_step *step)
{
	if (facts->daemon.running) {
		check_done(step, "wxguardd runs (pid %u)", facts->daemon.pid);
	} else if (facts->daemon.unreadable) {
		check_unknown(step, "whether wxguardd runs cannot be read");
	} else {
		check_missing(step, CTL_NO_DAEMON, "wxguardd is not running: nothing is written; the module holds what it can and counts the rest");
		check_type(step, facts->systemd ? "systemctl enable --now wxguardd" : "wxguardd");
		if (facts->systemd)
			check_then(step, "If it ends again: journalctl -u wxguardd");
	}
}

void check_judge_mode(const struct check_facts *facts, struct check_step *step)
{
	const struct client_status *status = &facts->status;

	if (status->mode != WXGUARD_MODE_OFF && status->mode != WXGUARD_MODE_LEARN) {
		check_done(step, "the mode is %s", wxg_mode_name(status->mode));
		return;
	}
	check_missing(step, CTL_FAILED, "the mode is %s, in which nothing is reported", wxg_mode_name(status->mode));
	if (status->mode_fixed) {
		check_type(step, "editor /etc/default/grub && update-grub && reboot");
		check_then(step, "The kernel's command line has it: take wxguard.mode=off out.");
	} else {
		check_type(step, "wxguard mode detect");
	}
}

static const char *compared(const struct check_facts *facts)
{
	int order = strverscmp(facts->version, facts->file.version);

	return order < 0 ? "older than" : order > 0 ? "newer than" : "another build than";
}

void check_judge_current(const struct check_facts *facts, struct check_step *step)
{
	const struct check_file *file = &facts->file;

	if (!file->version[0] || (!strcmp(facts->version, file->version) &&
				  !strcmp(facts->srcversion, file->srcversion))) {
		check_done(step, "the module that runs is the one that is installed");
		return;
	}
	check_missing(step, CTL_FAILED, "the module that runs (%s) is %s the one that is installed (%s)",
		facts->version, compared(facts), file->version);
	check_type(step, facts->status.locked ? "reboot" : "modprobe -r wxguard && modprobe wxguard");
	check_then(step, facts->status.locked ? "The module is locked until then." : "Or reboot.");
}

void check_judge_next(const struct check_facts *facts, struct check_step *step)
{
	if (!facts->next[0]) {
		check_done(step, "this is the newest kernel that is installed");
	} else if (facts->next_ready) {
		check_done(step, "the module is there for the newest kernel, %s, too", facts->next);
	} else {
		check_missing(step, CTL_FAILED, "the newest kernel, %s, has no module yet, and the next boot may take it",
			facts->next);
		if (!facts->next_headers && facts->apt)
			check_type(step, "apt install linux-headers-%s", facts->next);
		else
			check_type(step, "dkms install -m wxguard -v %s -k %s", check_version(facts), facts->next);
	}
}
