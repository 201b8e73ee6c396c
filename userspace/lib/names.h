/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers to names: users and groups through NSS (cached), containers from a
 * cgroup path, and the fixed tables of the kernel ABI.
 */
#ifndef WXG_LIB_NAMES_H
#define WXG_LIB_NAMES_H

#include "finding.h"

struct names;

/* NULL when out of memory. Not for use from several threads. */
struct names *names_new(void);
void names_free(struct names *names);

/*
 * The name of an id, NULL if it has none (or is ~0). Borrowed: good until the
 * next look-up (the cache is bounded). May block in NSS the first time; the answer
 * is kept, "no such user" too.
 */
const char *names_user(struct names *names, uint32_t uid);
const char *names_group(struct names *names, uint32_t gid);
/* Forget everything, as after a reload. */
void names_flush(struct names *names);

#define NAMES_CONTAINER_ID_MAX 128

/**
 * names_container() - which container is this cgroup of?
 * @cgroup: path in the default hierarchy; hostile
 * @id: filled with the id, at most NAMES_CONTAINER_ID_MAX with the NUL
 * @runtime: set to a constant: "docker", "containerd", "cri-o", "podman",
 *	"runc", "crun", "systemd-nspawn", "lxc", or "unknown" (a bare 64-hex id)
 *
 * Return: true if it is a container's. The id consists of [A-Za-z0-9._-]
 * only, whatever the path held.
 */
bool names_container(struct bytes cgroup, char id[NAMES_CONTAINER_ID_MAX],
		     const char **runtime);

/* Fill the names and the container of finding->extra. 0 or -ENOMEM. */
int names_enrich(struct names *names, struct finding *finding);

/* The fixed tables: NULL when the number is not in them. */
const char *names_syscall(uint32_t arch, uint32_t nr);	/* AUDIT_ARCH_* */
const char *names_arch(uint32_t arch);			/* "x86_64" */
const char *names_capability(unsigned int bit);		/* "CAP_NET_ADMIN" */
const char *names_seal(unsigned int bit);		/* "F_SEAL_WRITE" */
const char *names_flag(unsigned int bit);		/* WXGUARD_FLAG_*: "compat" */

/* "rwx", "r--": always three characters and a NUL. */
void names_prot(uint32_t prot, char text[4]);

#endif
