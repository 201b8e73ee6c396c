/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The wire: the generic netlink family of include/uapi/linux/wxguard.h.
 */
#ifndef _WXG_GENL_H
#define _WXG_GENL_H

#include "known.h"
#include "status.h"

struct file;

/**
 * struct wxg_genl_ops - what the wire asks of the rooms above it
 * @status: fill the probes' part of the status
 * @lock: no unloading from now on; -EBUSY if it has begun; may sleep
 * @file_key: identity of an open file's real inode (slow/facts.c); may sleep
 */
struct wxg_genl_ops {
	wxg_probe_status_fn status;
	int (*lock)(void);
	int (*file_key)(struct file *file, struct wxg_known_key *key);
};

/* Return: 0 or negative errno. Process context. */
int wxg_genl_init(const struct wxg_genl_ops *ops);
void wxg_genl_exit(void);

/* The ring's doorbell: multicast the newest number. Process context. */
void wxg_genl_ring(u64 newest);

#endif
