// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "wxguard check" on machines that are made of a few files: a healthy one, and
 * the same with one thing missing. Each row says which step must be named, and
 * what must be typed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/check.h>

#include "folder.h"

static int lock = -1;

/* Runs in the root of the machine. */
static void shell(const char *script)
{
	char command[8192];

	snprintf(command, sizeof(command), "set -e; cd %s; %s", dir, script);
	if (system(command))
		fail_msg("this failed: %s", script);
}

/* A Debian as it is once all went well, Secure Boot on. modinfo prints the file. */
static const char healthy[] =
	"put() { mkdir -p \"${1%/*}\"; printf \"$2\" >\"$1\"; };"
	"k=6.1.0-9-cloud-amd64; e=sys/firmware/efi/efivars;"
	"put proc/sys/kernel/osrelease \"$k\\n\";"
	"put boot/config-$k '#\\nCONFIG_MODULES=y\\nCONFIG_NET=y\\nCONFIG_SECURITY=y\\nCONFIG_KPROBES=y\\nCONFIG_KRETPROBES=y\\n';"
	"put boot/vmlinuz-$k ''; put boot/vmlinuz-5.10.0-1-amd64 '';"
	"put usr/bin/apt ''; put usr/bin/mokutil ''; put usr/sbin/dkms '';"
	"put usr/sbin/modinfo '#!/bin/sh\\ncat \"$1\"\\n'; chmod 755 usr/sbin/modinfo;"
	"put usr/src/wxguard-0.2.0/dkms.conf ''; put usr/src/wxguard-0.1.9/dkms.conf '';"
	"put lib/modules/$k/build/Makefile '';"
	"put lib/modules/$k/updates/dkms/wxguard.ko 'version: 0.2.0\\nsrcversion: AB12\\nsig_id: PKCS#7\\n';"
	"put lib/modules/$k/modules.dep 'kernel/x.ko:\\nupdates/dkms/wxguard.ko: kernel/x.ko\\n';"
	"put var/lib/dkms/wxguard/0.2.0/$k/x86_64/module/wxguard.ko '';"
	"put var/lib/dkms/mok.pub '0certificate1';"
	"put $e/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c '\\006\\000\\000\\000\\001';"
	"put $e/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23 '\\006\\000\\000\\000shim';"
	"put $e/MokListRT1-605dab50-e046-4300-abb6-3dd810dd8b23 '\\006\\000\\000\\000x\\0000certificate1y';"
	"put sys/kernel/security/lockdown 'none [integrity] confidentiality\\n';"
	"put sys/module/module/parameters/sig_enforce 'N\\n';"
	"put proc/cmdline 'quiet module_blacklist=floppy\\n';"
	"put etc/modprobe.d/a.conf 'blacklist floppy\\n';"
	"put proc/sys/kernel/modules_disabled '0\\n'; put proc/sys/kernel/ftrace_enabled '1\\n';"
	"put sys/kernel/debug/kprobes/enabled '1\\n';"
	"put sys/kernel/debug/kprobes/blacklist '0x1-0x2\\tother\\n';"
	"put proc/kallsyms '0 T security_bprm_check\\n0 T security_mmap_file\\n0 T security_file_mprotect\\n0 t bprm_execve\\n';"
	"put run/systemd/system/x '';";

static const char loaded[] =
	"put sys/module/wxguard/version '0.2.0\\n'; put sys/module/wxguard/srcversion 'AB12\\n';";

static int begin(void **state)
{
	(void)state;
	return dir_make("check");
}

static int finish(void **state)
{
	(void)state;
	if (lock >= 0)
		close(lock);
	lock = -1;
	return dir_remove();
}

static void daemon_runs(void)
{
	char path[128];

	shell("mkdir -p run/wxguard");
	snprintf(path, sizeof(path), "%s/run/wxguard/wxguardd.lock", dir);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(lock >= 0 && dprintf(lock, "%d\n", (int)getpid()) > 0);
	assert_int_equal(flock(lock, LOCK_EX), 0);
}

/* What the module answers where all is well. */
static void answer(struct check_facts *facts)
{
	struct client_status *status = &facts->status;

	facts->asked = true;
	status->mode = WXGUARD_MODE_DETECT;
	status->canary = 1;
	status->hooks = 2;
	strcpy(status->hook[0].name, "security_bprm_check");
	status->hook[0].role = status->hook[1].role = WXGUARD_ROLE_JUDGE;
	strcpy(status->hook[1].name, "security_mmap_file");
	status->hook[0].state = status->hook[1].state = WXGUARD_HOOK_PROVED;
}

static struct check_step steps[CHECK_STEPS_MAX];

static const struct check_step *last_step(const struct check_facts *facts)
{
	size_t i, count = check_judge(facts, steps);

	assert_in_range(count, 1, CHECK_STEPS_MAX);
	for (i = 0; i + 1 < count; i++)
		assert_int_equal(steps[i].done, CHECK_YES);
	return &steps[count - 1];
}

static void assert_missing(const char *row, const struct check_step *step, const char *name,
			   const char *text, const char *typed, int code)
{
	char all[sizeof(step->type) + sizeof(" ; ")];

	snprintf(all, sizeof(all), "%s%s%s", step->type[0], step->type[1][0] ? " ; " : "", step->type[1]);
	if (step->done != CHECK_NO || strcmp(step->name, name) || !strstr(step->text, text) ||
	    !strstr(all, typed) || (!*typed && *all) || step->exit != code)
		fail_msg("%s: %s: %s (type: %s, exit %d)", row, step->name, step->text, all, step->exit);
}

/* ---- before it is loaded ---- */

static const struct before {
	const char *row, *change, *step, *text, *typed;
} before[] = {
	{ "nothing but to load it", "", "module", "is not loaded", "modprobe wxguard" },
	{ "an old kernel", "echo 4.19.0-1-amd64 >proc/sys/kernel/osrelease", "kernel",
	  "4.19.0-1-amd64 is not supported: wxguard needs Linux 5.10", "" },
	{ "the oldest kernel", "echo 5.10.0-1-amd64 >proc/sys/kernel/osrelease", "headers",
	  "5.10.0-1-amd64", "apt install linux-headers-5.10.0-1-amd64" },
	{ "one before the oldest", "echo 5.9.0-1-amd64 >proc/sys/kernel/osrelease", "kernel", "5.10", "" },
	{ "a kernel without probes", "sed -i /_KPROBES/d boot/config-$k", "kernel",
	  "built without CONFIG_KPROBES", "" },
	{ "a kernel that has not said what it has", "rm boot/config-$k", "module", "", "modprobe" },
	{ "a kernel without one of the functions", "sed -i /bprm_check/d proc/kallsyms", "kernel",
	  "no function security_bprm_check", "" },
	{ "a function that only begins so", "sed -i s/bprm_check/bprm_checks/ proc/kallsyms", "kernel",
	  "no function security_bprm_check", "" },
	{ "a function that nobody may probe",
	  "printf '0x3-0x4\\tsecurity_mmap_file\\n' >>sys/kernel/debug/kprobes/blacklist", "kernel",
	  "lets nobody probe security_mmap_file", "" },
	{ "no sources", "rm -r usr/src lib/modules/$k/updates", "sources", "not installed",
	  "apt install wxguard-dkms" },
	{ "no DKMS", "rm usr/sbin/dkms lib/modules/$k/updates/dkms/*", "sources", "DKMS is not installed",
	  "apt install dkms" },
	{ "no headers", "rm -r lib/modules/$k/build lib/modules/$k/updates var/lib/dkms/wxguard", "headers",
	  "the headers of 6.1.0-9-cloud-amd64 are not installed",
	  "apt install linux-headers-6.1.0-9-cloud-amd64" },
	{ "headers below the root, as their link means them",
	  "rm -r lib/modules/$k/updates lib/modules/$k/build var/lib/dkms/wxguard;"
	  "put usr/src/headers-of-a-test/Makefile ''; ln -s /usr/src/headers-of-a-test lib/modules/$k/build",
	  "build", "has not built", "dkms install" },
	{ "headers that have gone, the link is left",
	  "rm -r lib/modules/$k/updates lib/modules/$k/build var/lib/dkms/wxguard;"
	  "ln -s /usr/src/headers-of-a-test lib/modules/$k/build", "headers", "not installed",
	  "apt install linux-headers" },
	{ "no headers, but built", "rm -r lib/modules/$k/build", "module", "not loaded", "modprobe" },
	{ "not built", "rm -r lib/modules/$k/updates var/lib/dkms/wxguard", "build",
	  "has not built the module for 6.1.0-9-cloud-amd64",
	  "dkms install -m wxguard -v 0.2.0 -k 6.1.0-9-cloud-amd64" },
	{ "built for another kernel", "rm -r lib/modules/$k/updates;"
	  "mv var/lib/dkms/wxguard/0.2.0/$k var/lib/dkms/wxguard/0.2.0/6.1.0-8-cloud-amd64", "build",
	  "has not built", "dkms install" },
	{ "built in another version", "rm -r lib/modules/$k/updates;"
	  "mv var/lib/dkms/wxguard/0.2.0 var/lib/dkms/wxguard/0.1.9", "build", "has not built", "-v 0.2.0" },
	{ "a build that failed", "rm -r lib/modules/$k/updates var/lib/dkms/wxguard;"
	  "put var/lib/dkms/wxguard/0.2.0/build/make.log \"DKMS make.log for kernel $k\\n"
	  "x.c:3: error: no \\033[1mluck\\ny: error: second\\n\"", "build",
	  "could not build the module for 6.1.0-9-cloud-amd64: no ?[1mluck (", "dkms install" },
	{ "a build that failed for another kernel", "rm -r lib/modules/$k/updates var/lib/dkms/wxguard;"
	  "put var/lib/dkms/wxguard/0.2.0/build/make.log 'for kernel 6.0\\nerror: x\\n'", "build",
	  "has not built", "dkms install" },
	{ "built, not installed", "rm -r lib/modules/$k/updates", "build", "but not installed it",
	  "dkms install -m wxguard" },
	{ "not in the index", "sed -i /wxguard/d lib/modules/$k/modules.dep", "index",
	  "modprobe does not find", "depmod -a 6.1.0-9-cloud-amd64" },
	{ "compressed", "mv lib/modules/$k/updates/dkms/wxguard.ko lib/modules/$k/updates/dkms/wxguard.ko.xz;"
	  "sed -i s/wxguard.ko/wxguard.ko.xz/ lib/modules/$k/modules.dep", "module", "", "modprobe" },
	{ "elsewhere", "mv lib/modules/$k/updates/dkms lib/modules/$k/extra;"
	  "sed -i s,updates/dkms,extra, lib/modules/$k/modules.dep", "module", "", "modprobe" },
	{ "in the index, but gone", "rm lib/modules/$k/updates/dkms/*", "build", "but not installed it",
	  "dkms install" },
	{ "not signed, Secure Boot", "sed -i /sig_id/d lib/modules/$k/updates/dkms/*", "signature",
	  "Secure Boot is on, and the module is not signed", "dkms build --force -m wxguard -v 0.2.0" },
	{ "not signed, and nobody asks",
	  "sed -i /sig_id/d lib/modules/$k/updates/dkms/*; rm -r sys/firmware sys/kernel/security", "module", "",
	  "modprobe" },
	{ "not signed, and the kernel asks", "sed -i /sig_id/d lib/modules/$k/updates/dkms/*;"
	  "rm -r sys/firmware sys/kernel/security; echo Y >sys/module/module/parameters/sig_enforce",
	  "signature", "sig_enforce", "dkms build --force" },
	{ "Secure Boot off", "put $e/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c '\\006\\000\\000\\000\\000';"
	  "rm $e/MokListRT*; echo '[none] integrity' >sys/kernel/security/lockdown", "module", "", "modprobe" },
	{ "the key is not enrolled", "rm $e/MokListRT1-*", "key", "is not enrolled",
	  "mokutil --import " },
	{ "no list at all", "rm $e/MokListRT*", "key", "is not enrolled", "reboot" },
	{ "no mokutil either", "rm $e/MokListRT1-* usr/bin/mokutil", "key", "is not enrolled",
	  "apt install mokutil && mokutil --import " },
	{ "the firmware itself has the key", "rm $e/MokListRT*;"
	  "put $e/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f '\\006\\000\\000\\0000certificate1'", "module", "",
	  "modprobe" },
	{ "the list without a bound", "rm $e/MokListRT*;"
	  "put sys/firmware/efi/mok-variables/MokListRT '0certificate1'", "module", "", "modprobe" },
	{ "the key waits", "rm $e/MokListRT1-*;"
	  "put $e/MokNew-605dab50-e046-4300-abb6-3dd810dd8b23 '\\006\\000\\000\\0000certificate1'", "key",
	  "waits for its enrolment", "reboot" },
	{ "another key is said", "put etc/dkms/framework.conf.d/k.conf"
	  " '#mok_certificate=/x\\nmok_certificate=\"/root/own.der\"\\n'; put root/own.der other", "key",
	  "/root/own.der", "mokutil --import" },
	{ "the key of shim's helper", "mkdir -p var/lib/shim-signed/mok;"
	  "mv var/lib/dkms/mok.pub var/lib/shim-signed/mok/MOK.der; rm $e/MokListRT1-*", "key", "not enrolled",
	  "/var/lib/shim-signed/mok/MOK.der" },
	{ "locked down without Secure Boot", "rm -r sys/firmware", "key", "locked down (integrity)",
	  "update-grub" },
	{ "forbidden on the command line", "echo 'quiet module_blacklist=a,wxguard' >proc/cmdline", "permission",
	  "the kernel's command line (module_blacklist=a,wxguard) forbids", "update-grub" },
	{ "forbidden for modprobe alone", "echo 'modprobe.blacklist=wxguard' >proc/cmdline", "permission",
	  "forbids", "update-grub" },
	{ "another module is forbidden", "echo 'module_blacklist=wxguard2,wxg' >proc/cmdline", "module", "",
	  "modprobe" },
	{ "its mode is on the command line", "echo 'wxguard.mode=wxguard' >proc/cmdline", "module", "",
	  "modprobe" },
	{ "forbidden by a file", "echo 'blacklist wxguard' >etc/modprobe.d/z.conf", "permission",
	  "/etc/modprobe.d/z.conf forbids", "editor " },
	{ "a file with a name that a terminal acts on",
	  "echo 'blacklist wxguard' >\"etc/modprobe.d/z$(printf '\\033')[2J.conf\"", "permission",
	  "/etc/modprobe.d/z?[2J.conf forbids", "z?[2J.conf" },
	{ "replaced by a file", "echo ' install wxguard /bin/false' >etc/modprobe.d/z.conf", "permission",
	  "forbids", "editor " },
	{ "a comment of a file", "echo '# blacklist wxguard' >etc/modprobe.d/z.conf", "module", "", "modprobe" },
	{ "no more modules", "echo 1 >proc/sys/kernel/modules_disabled", "permission", "modules_disabled",
	  "reboot" },
	{ "ftrace is off", "echo 0 >proc/sys/kernel/ftrace_enabled", "probes", "switched off",
	  "echo 1 >/proc/sys/kernel/ftrace_enabled" },
	{ "kprobes are off", "echo 0 >sys/kernel/debug/kprobes/enabled", "probes", "switched off",
	  "echo 1 >/sys/kernel/debug/kprobes/enabled" },
	{ "not a Debian", "rm usr/bin/apt; rm -r lib/modules/$k/build lib/modules/$k/updates var/lib/dkms",
	  "headers", "not installed", "" },
};

static void each_missing_step_is_named(void **state)
{
	struct check_facts facts;
	char script[8192];
	size_t i;

	for (i = 0; i < sizeof(before) / sizeof(*before); i++) {
		const struct before *row = &before[i];

		snprintf(script, sizeof(script), "%s%s", healthy, row->change);
		shell(script);
		check_look(&facts, dir, NULL);
		assert_missing(row->row, last_step(&facts), row->step, row->text, row->typed,
			       CTL_NO_MODULE);
		assert_int_equal(finish(state) | begin(state), 0);
	}
}

static void a_kernel_that_does_not_run_may_be_ready(void **state)
{
	struct check_facts facts;

	(void)state;
	shell(healthy);
	shell("echo 6.1.0-8-cloud-amd64 >proc/sys/kernel/osrelease; echo 0 >proc/sys/kernel/ftrace_enabled");
	check_look(&facts, dir, "6.1.0-9-cloud-amd64");
	assert_int_equal(last_step(&facts)->done, CHECK_YES);
	check_look(&facts, dir, "6.1.0-7-cloud-amd64");
	assert_missing("7", last_step(&facts), "headers", "6.1.0-7", "apt install", CTL_NO_MODULE);
}

/* ---- once it is loaded ---- */

static void look_loaded(struct check_facts *facts, const char *change)
{
	char script[8192];

	snprintf(script, sizeof(script), "%s%s%s", healthy, loaded, change);
	shell(script);
	daemon_runs();
	check_look(facts, dir, NULL);
	answer(facts);
}

static void all_is_well(void **state)
{
	struct check_facts facts;

	(void)state;
	/* What was needed once is not asked for again. */
	look_loaded(&facts, "rm -r usr/src var/lib/dkms lib/modules/$k/build");
	assert_int_equal(last_step(&facts)->done, CHECK_YES);
	assert_string_equal(last_step(&facts)->name, "next boot");
}

static void a_judge_that_is_off_is_named(void **state)
{
	struct check_facts facts;

	(void)state;
	look_loaded(&facts, "");
	facts.status.hook[1].state = WXGUARD_HOOK_OFF;
	assert_missing("off", last_step(&facts), "hooks", "security_mmap_file", "modprobe -r wxguard",
		       CTL_NO_MODULE);
}

static void probes_that_do_not_answer_are_told(void **state)
{
	struct check_facts facts;

	(void)state;
	look_loaded(&facts, "echo 0 >sys/kernel/debug/kprobes/enabled");
	facts.status.canary = 0;
	assert_missing("canary", last_step(&facts), "probes", "/sys/kernel/debug/kprobes/enabled is 0",
		       "echo 1 >/sys/kernel/debug/kprobes/enabled", CTL_NO_MODULE);
}

static void a_mode_that_reports_nothing_is_told(void **state)
{
	struct check_facts facts;

	(void)state;
	look_loaded(&facts, "");
	facts.status.mode = WXGUARD_MODE_LEARN;
	assert_missing("learn", last_step(&facts), "mode", "learn", "wxguard mode detect", CTL_FAILED);
	facts.status.mode = WXGUARD_MODE_OFF;
	facts.status.mode_fixed = 1;
	assert_missing("off", last_step(&facts), "mode", "off", "update-grub", CTL_FAILED);
	facts.status.mode = WXGUARD_MODE_ENFORCE;
	assert_int_equal(last_step(&facts)->done, CHECK_YES);
}

static void a_daemon_that_does_not_run_is_told(void **state)
{
	struct check_facts facts;

	(void)state;
	look_loaded(&facts, "");
	assert_int_equal(flock(lock, LOCK_UN), 0);
	check_look(&facts, dir, NULL);
	answer(&facts);
	assert_missing("daemon", last_step(&facts), "daemon", "not running",
		       "systemctl enable --now wxguardd", CTL_NO_DAEMON);
}

static void an_old_module_that_still_runs_is_told(void **state)
{
	struct check_facts facts;

	(void)state;
	look_loaded(&facts, "echo 0.1.10 >sys/module/wxguard/version");
	assert_missing("older", last_step(&facts), "running", "(0.1.10) is older than the one that is installed (0.2.0)",
		       "modprobe -r wxguard && modprobe wxguard", CTL_FAILED);
	facts.status.locked = 1;
	assert_missing("locked", last_step(&facts), "running", "older", "reboot", CTL_FAILED);
	strcpy(facts.version, "0.3.0");
	assert_missing("newer", last_step(&facts), "running", "newer than", "reboot", CTL_FAILED);
	strcpy(facts.version, "0.2.0");
	strcpy(facts.srcversion, "AB13");
	assert_missing("other", last_step(&facts), "running", "another build than", "reboot", CTL_FAILED);
}

static void a_newer_kernel_without_a_module_is_told(void **state)
{
	struct check_facts facts;

	(void)state;
	look_loaded(&facts, "put boot/vmlinuz-6.1.0-10-cloud-amd64 ''");
	assert_missing("headers", last_step(&facts), "next boot", "6.1.0-10-cloud-amd64",
		       "apt install linux-headers-6.1.0-10-cloud-amd64", CTL_FAILED);
	shell("mkdir -p lib/modules/6.1.0-10-cloud-amd64/build; touch lib/modules/6.1.0-10-cloud-amd64/build/Makefile");
	check_look(&facts, dir, NULL);
	assert_missing("build", last_step(&facts), "next boot", "", "dkms install -m wxguard -v 0.2.0 -k 6.1.0-10",
		       CTL_FAILED);
	shell("cp -r lib/modules/6.1.0-9-cloud-amd64/* lib/modules/6.1.0-10-cloud-amd64/");
	check_look(&facts, dir, NULL);
	assert_int_equal(last_step(&facts)->done, CHECK_YES);
}

static void a_newer_kernel_is_found_among_its_modules(void **state)
{
	struct check_facts facts;

	(void)state;
	look_loaded(&facts, "put lib/modules/7.3.4+deb13-amd64/vmlinuz '';"
		    "mkdir -p lib/modules/8.0-removed lib/modules/5.10.0-1-amd64;"
		    "touch lib/modules/5.10.0-1-amd64/vmlinuz");
	assert_missing("7.3", last_step(&facts), "next boot", "7.3.4+deb13-amd64, has no module yet",
		       "apt install linux-headers-7.3.4+deb13-amd64", CTL_FAILED);
}

static void what_root_could_tell_is_unknown(void **state)
{
	struct check_facts facts;
	size_t i, count, unknown = 0;

	(void)state;
	look_loaded(&facts, "");
	facts.asked = false;
	strcpy(facts.refused, "no permission");
	facts.daemon = (struct daemon_state){ .unreadable = true };
	count = check_judge(&facts, steps);
	for (i = 0; i < count; i++)
		unknown += steps[i].done == CHECK_UNKNOWN;
	assert_int_equal(unknown, 2);
	assert_int_equal(steps[count - 1].done, CHECK_YES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_missing_step_is_named, begin, finish),
		cmocka_unit_test_setup_teardown(a_kernel_that_does_not_run_may_be_ready, begin, finish),
		cmocka_unit_test_setup_teardown(all_is_well, begin, finish),
		cmocka_unit_test_setup_teardown(a_judge_that_is_off_is_named, begin, finish),
		cmocka_unit_test_setup_teardown(probes_that_do_not_answer_are_told, begin, finish),
		cmocka_unit_test_setup_teardown(a_mode_that_reports_nothing_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(a_daemon_that_does_not_run_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(an_old_module_that_still_runs_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(a_newer_kernel_without_a_module_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(a_newer_kernel_is_found_among_its_modules, begin, finish),
		cmocka_unit_test_setup_teardown(what_root_could_tell_is_unknown, begin, finish),
	};

	return cmocka_run_group_tests_name("ctl_check", tests, NULL, NULL);
}
