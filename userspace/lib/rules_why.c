// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See rules_why.h: an exclusion is taken apart into exclusions of one matcher
 * each, and the core says which of them cover the event. Pure; one thread.
 */
#include <string.h>

#include "../../module/core/rules.h"
#include "rules_core.h"
#include "rules_why.h"

struct wxg_subject rules_core_subject(const struct rules_case *event)
{
	struct wxg_subject subject = {
		.exe = (const char *)event->exe.data, .exe_len = event->exe.len,
		.comm = (const char *)event->comm.data, .comm_len = event->comm.len,
		.cgroup = (const char *)event->cgroup.data, .cgroup_len = event->cgroup.len,
		.uid = event->uid, .has_key = event->has_key,
		.key = {
			.dev = event->dev, .ino = event->ino, .generation = event->generation,
			.ctime_sec = event->ctime_sec, .ctime_nsec = event->ctime_nsec,
		},
	};

	if (!subject.exe)
		subject.exe = "";
	if (!subject.comm)
		subject.comm = "";
	if (!subject.cgroup)
		subject.cgroup = "";
	return subject;
}

/* Does this one matcher, or set of them, cover the event? */
static bool covers(struct wxg_exemption *one, const struct rules_case *event)
{
	struct wxg_subject subject = rules_core_subject(event);
	struct wxg_exemption *list[] = { one };
	struct wxg_rules rules;

	memset(&rules, 0, sizeof(rules));
	rules.exemption = list;
	rules.count = 1;
	return wxg_rules_match(&rules, event->class, &subject, event->now) == 0;
}

/* @miss, if @part alone does not cover the event; @known: what it looks at is. */
static unsigned int ask(struct wxg_exemption *part, const struct rules_case *event,
			unsigned int miss, bool known)
{
	if (!known)
		return miss | RULES_MISS_UNTOLD;
	part->classes = 1U << event->class;
	return covers(part, event) ? 0 : miss;
}

static unsigned int ask_texts(const struct wxg_exemption *whole,
			      const struct rules_case *event)
{
	struct wxg_exemption part;
	unsigned int misses = 0;

	if (whole->exe[0]) {
		memset(&part, 0, sizeof(part));
		memcpy(part.exe, whole->exe, sizeof(part.exe));
		misses |= ask(&part, event, RULES_MISS_EXE, event->exe.data);
	}
	if (whole->comm[0]) {
		memset(&part, 0, sizeof(part));
		memcpy(part.comm, whole->comm, sizeof(part.comm));
		misses |= ask(&part, event, RULES_MISS_COMM, event->comm.data);
	}
	if (whole->cgroup[0]) {
		memset(&part, 0, sizeof(part));
		memcpy(part.cgroup, whole->cgroup, sizeof(part.cgroup));
		misses |= ask(&part, event, RULES_MISS_CGROUP, event->cgroup.data);
	}
	return misses;
}

static unsigned int ask_numbers(const struct wxg_exemption *whole,
				const struct rules_case *event)
{
	struct wxg_exemption part;
	unsigned int misses = 0;

	memset(&part, 0, sizeof(part));
	part.expires = whole->expires;
	misses |= ask(&part, event, RULES_MISS_EXPIRED, true);
	part.expires = 0;
	if (whole->has_uid) {
		part.has_uid = true;
		part.uid = whole->uid;
		misses |= ask(&part, event, RULES_MISS_UID, event->has_uid);
		part.has_uid = false;
	}
	if (whole->has_key || whole->has_sha256) {
		part.has_key = whole->has_key;
		part.key = whole->key;
		part.has_sha256 = whole->has_sha256;
		misses |= ask(&part, event, RULES_MISS_FILE, event->has_key);
	}
	return misses;
}

unsigned int rules_why(const struct client_exemption *row, const struct rules_case *event)
{
	struct wxg_exemption whole;
	unsigned int misses;

	memset(&whole, 0, sizeof(whole));
	rules_core_exemption(row, &whole);
	if (!event->class || event->class > WXGUARD_CLASS_MAX ||
	    !(whole.classes >> event->class & 1))
		return RULES_MISS_CLASS;
	misses = ask_texts(&whole, event) | ask_numbers(&whole, event);
	/* All of it together is what the module asks. */
	if (!misses && !covers(&whole, event))
		misses = RULES_MISS_UNTOLD;
	return misses;
}
