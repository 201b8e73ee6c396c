/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting a control group off the network, for "wxguard respond". */
#ifndef WXG_CTL_RESPOND_H
#define WXG_CTL_RESPOND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESPOND_WHY_MAX 512
#define RESPOND_CGROUP_MAX 1024

/*
 * The control group of a process, "/system.slice/x.service", in the default
 * hierarchy. 0 or -errno.
 */
int respond_cgroup(uint32_t pid, char cgroup[RESPOND_CGROUP_MAX]);

/*
 * May it be cut off? The root group and those that @own (where we are) lies
 * in may not. 0, or -EINVAL with a sentence.
 */
int respond_may_isolate(const char *cgroup, const char *own, char why[RESPOND_WHY_MAX]);

/*
 * What nft is told: a table of our own with a drop each way for sockets of
 * the group, marked with the finding's id. malloc'ed, NULL without memory.
 */
char *respond_rules(const char *cgroup, const char *id);

/*
 * What takes them back again: @listing is what "nft -a list table" printed.
 * *rules counts those of this finding, *others the rest. malloc'ed.
 */
char *respond_undo_rules(const char *listing, const char *id, unsigned int *rules,
			 unsigned int *others);

/* 0; -EEXIST: it is already; -EINVAL, -ENOENT (no nft), -EIO, with a sentence. */
int respond_isolate(const char *cgroup, const char *id, char why[RESPOND_WHY_MAX]);
/* -ENOENT: there is nothing to undo. */
int respond_rejoin(const char *id, char why[RESPOND_WHY_MAX]);

#endif
