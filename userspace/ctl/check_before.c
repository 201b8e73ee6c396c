// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps of "wxguard check" up to a module that is loaded. Pure.
 */
#include <stdio.h>
#include <string.h>

#include "check_step.h"

/* Oldest kernel that the module is written for. */
#define OLDEST_MAJOR 5
#define OLDEST_MINOR 10

void check_judge_kernel(const struct check_facts *facts, struct check_step *step)
{
	unsigned int major = 0, minor = 0;

	if (sscanf(facts->release, "%u.%u", &major, &minor) != 2)
		major = 0;
	if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR))
		check_missing(step, CTL_NO_MODULE, "%s is not supported: wxguard needs Linux %d.%d or newer",
			facts->release[0] ? facts->release : "this kernel", OLDEST_MAJOR, OLDEST_MINOR);
	else if (facts->lacks[0])
		check_missing(step, CTL_NO_MODULE, "%s is not supported: it was built without %s",
			facts->release, facts->lacks);
	else if (facts->probe_absent[0])
		check_missing(step, CTL_NO_MODULE, "%s is not supported: it has no function %s, which the module must see",
			facts->release, facts->probe_absent);
	else if (facts->probe_refused[0])
		check_missing(step, CTL_NO_MODULE, "%s is not supported: it lets nobody probe %s",
			facts->release, facts->probe_refused);
	else
		check_done(step, "%s is supported", facts->release);
	if (step->done == CHECK_NO)
		check_then(step, "Boot a kernel of Debian, %d.%d or newer.", OLDEST_MAJOR, OLDEST_MINOR);
}

void check_judge_source(const struct check_facts *facts, struct check_step *step)
{
	if (facts->file.path[0]) {
		check_done(step, "%s is there", facts->file.path);
	} else if (facts->source[0] && facts->dkms) {
		check_done(step, "DKMS has the sources of version %s", facts->source);
	} else {
		check_missing(step, CTL_NO_MODULE, "%s", facts->source[0] ?
			"DKMS is not installed, which builds the module" :
			"the module's sources are not installed");
		if (facts->apt)
			check_type(step, "apt install %s", facts->source[0] ? "dkms" : "wxguard-dkms");
		else
			check_type(step, "make dkms-install");
		if (!facts->apt)
			check_then(step, "In the sources of wxguard, with DKMS installed.");
	}
}

/* "linux-headers-cloud-amd64" brings the headers of each kernel to come. */
void check_judge_headers(const struct check_facts *facts, struct check_step *step)
{
	const char *flavour = strchr(facts->release, '-');

	flavour = flavour ? strchr(flavour + 1, '-') : NULL;
	if (facts->file.path[0] || facts->built) {
		check_done(step, "the module is built for %s", facts->release);
	} else if (facts->headers) {
		check_done(step, "the headers of %s are there", facts->release);
	} else if (facts->apt) {
		check_missing(step, CTL_NO_MODULE, "the headers of %s are not installed, so DKMS cannot build the module for it",
			facts->release);
		check_type(step, "apt install linux-headers-%s", facts->release);
		if (flavour)
			check_then(step, "DKMS builds it then; linux-headers%s brings those of later kernels.", flavour);
	} else {
		check_missing(step, CTL_NO_MODULE, "the headers of %s are not installed, so DKMS cannot build the module for it",
			facts->release);
		check_then(step, "Install them as your distribution has them, often as kernel-devel.");
	}
}

void check_judge_build(const struct check_facts *facts, struct check_step *step)
{
	if (facts->file.path[0]) {
		check_done(step, "version %s is built and installed", facts->file.version[0] ?
			   facts->file.version : "?");
		return;
	}
	if (facts->built)
		check_missing(step, CTL_NO_MODULE, "DKMS has built the module for %s, but not installed it",
			facts->release);
	else if (facts->log[0])
		check_missing(step, CTL_NO_MODULE, "DKMS could not build the module for %s%s%s (%s)", facts->release,
			facts->error[0] ? ": " : "", facts->error, facts->log);
	else
		check_missing(step, CTL_NO_MODULE, "DKMS has not built the module for %s", facts->release);
	check_type(step, "dkms install -m wxguard -v %s -k %s", check_version(facts), facts->release);
}

void check_judge_index(const struct check_facts *facts, struct check_step *step)
{
	if (facts->file.indexed) {
		check_done(step, "modprobe finds it");
		return;
	}
	check_missing(step, CTL_NO_MODULE, "modprobe does not find the module: %s is not in the index of %s",
		facts->file.path, facts->release);
	check_type(step, "depmod -a %s", facts->release);
}

void check_judge_probes(const struct check_facts *facts, struct check_step *step)
{
	if (facts->probes_off[0]) {
		check_missing(step, CTL_NO_MODULE, "the kernel's probes are switched off: %s is 0", facts->probes_off);
		check_type(step, "echo 1 >%s", facts->probes_off);
	} else {
		check_done(step, "the kernel's probes are on");
	}
}

void check_judge_loaded(const struct check_facts *facts, struct check_step *step)
{
	if (facts->loaded) {
		check_done(step, "module %s is loaded", facts->version);
		return;
	}
	check_missing(step, CTL_NO_MODULE, "the module is not loaded");
	check_type(step, "modprobe wxguard");
	check_then(step, "If it is refused, dmesg says why, and which probe is missing.");
}
