// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps of "wxguard check" about those who may refuse the module: Secure
 * Boot, a kernel that is locked down, an administrator. Pure.
 */
#include <stdio.h>
#include <string.h>

#include "check_step.h"

/* Who takes only signed modules, "" = nobody. */
static const char *who_asks(const struct check_facts *facts)
{
	if (facts->secure_boot == CHECK_YES)
		return "Secure Boot is on";
	if (facts->lockdown[0])
		return "the kernel is locked down";
	return facts->sig_enforce ? "the kernel takes signed modules only (sig_enforce)" : "";
}

void check_judge_signed(const struct check_facts *facts, struct check_step *step)
{
	const char *who = who_asks(facts);

	if (!*who) {
		check_done(step, "this kernel takes modules without a signature");
	} else if (facts->file.is_signed == CHECK_NO) {
		check_missing(step, CTL_NO_MODULE, "%s, and the module is not signed", who);
		check_type(step, "%sdkms build --force -m wxguard -v %s -k %s",
			   facts->apt ? "apt install openssl && " : "", check_version(facts), facts->release);
		check_type(step, "dkms install --force -m wxguard -v %s -k %s", check_version(facts), facts->release);
		check_then(step, "DKMS signs what it builds when it has openssl; mok_signing_key in /etc/dkms/framework.conf names another key.");
	} else if (facts->file.is_signed == CHECK_YES) {
		check_done(step, "%s, and the module is signed", who);
	} else {
		check_unknown(step, "modinfo does not tell whether the module is signed");
	}
}

/* Enrolling needs a person before the machine: MokManager asks at the boot. */
static void ask_for_key(const struct check_facts *facts, struct check_step *step)
{
	if (facts->pending) {
		check_missing(step, CTL_NO_MODULE, "the key that signed the module waits for its enrolment");
		check_type(step, "reboot");
		check_then(step, "Before the system starts, choose \"Enroll MOK\" and give the password that you gave to mokutil.");
		return;
	}
	check_missing(step, CTL_NO_MODULE, "Secure Boot is on, and the key that signed the module (%s) is not enrolled",
		facts->key);
	check_type(step, "%smokutil --import %s", facts->mokutil || !facts->apt ? "" : "apt install mokutil && ",
	     facts->key);
	check_type(step, "reboot");
	check_then(step, "mokutil asks for a password; before the system starts, choose \"Enroll MOK\" and give it again.");
}

void check_judge_key(const struct check_facts *facts, struct check_step *step)
{
	if (!*who_asks(facts)) {
		check_done(step, "no key is asked for");
	} else if (facts->enrolled == CHECK_YES) {
		check_done(step, "the key %s is enrolled", facts->key);
	} else if (facts->secure_boot == CHECK_YES && facts->enrolled == CHECK_NO) {
		ask_for_key(facts, step);
	} else if (facts->secure_boot != CHECK_YES && facts->lockdown[0]) {
		check_missing(step, CTL_NO_MODULE, "the kernel is locked down (%s) without Secure Boot, and takes only modules with a key that it was built with",
			facts->lockdown);
		check_type(step, "editor /etc/default/grub && update-grub && reboot");
		check_then(step, "Take lockdown=%s out of the kernel's command line.", facts->lockdown);
	} else {
		check_unknown(step, "whether the key that signed the module is enrolled cannot be read");
	}
}

void check_judge_permitted(const struct check_facts *facts, struct check_step *step)
{
	if (facts->modules_disabled) {
		check_missing(step, CTL_NO_MODULE, "no module may be loaded any more (kernel.modules_disabled is 1)");
		check_type(step, "reboot");
	} else if (!strncmp(facts->forbidden, "the kernel", 10)) {
		check_missing(step, CTL_NO_MODULE, "%s forbids the module", facts->forbidden);
		check_type(step, "editor /etc/default/grub && update-grub && reboot");
	} else if (facts->forbidden[0]) {
		check_missing(step, CTL_NO_MODULE, "%s forbids the module", facts->forbidden);
		check_type(step, "editor %s", facts->forbidden);
		check_type(step, "modprobe wxguard");
		check_then(step, "Take the line with wxguard out.");
	} else {
		check_done(step, "nobody forbids the module");
	}
}
