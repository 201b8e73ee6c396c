/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a container is called and which image it is of, as the state files of
 * its runtime tell. What they say was chosen by whoever made the container:
 * read within bounds, believed in nothing but what it is called.
 */
#ifndef WXG_CTL_CONTAINER_H
#define WXG_CTL_CONTAINER_H

#include <stdbool.h>
#include <sys/types.h>

#include "../lib/json_out.h"
#include "../lib/names.h"

#define CONTAINER_PATH_MAX 4096

/* One look-up. */
struct container {
	const char *root;	/* what paths are below, "" for this system */
	char id[NAMES_CONTAINER_ID_MAX];	/* [A-Za-z0-9._-]+ */
	const char *runtime;	/* as the name of the control group tells */
	/* Whose service manager the container runs below: a user's, if any. */
	bool has_owner;
	uid_t owner;
	char home[CONTAINER_PATH_MAX];	/* without links; "" = not known */
	json_t *out;		/* what is made */
	json_t *looked;		/* files that were not it: their paths */
	char why[CONTAINER_PATH_MAX + 128];	/* of one that could not be read; "" = none */
	int error;
};

/**
 * container_look() - whatever can be had of the container of @cgroup
 * @root: what the paths are below, "" for this system
 * @hierarchy: where the control groups are, CGROUP_ROOT
 * @cgroup: path of a control group; hostile
 * @then: s since 1970, when a process was in it; tells a later one of its name
 *
 * Return: an object that begins like ECS has it (id, name, image.name,
 * runtime), JSON null if it is no container's; NULL when out of memory.
 */
json_t *container_look(const char *root, const char *hierarchy, struct bytes cgroup,
		       int64_t then);

/* Below here: what the files behind it share. */

/* true: it was found, and container->out says what it is. */
typedef bool container_reader(struct container *container);
container_reader container_docker, container_storage, container_containerd,
	container_runc, container_crun, container_nspawn, container_lxc;

/*
 * The file at @path (below root), whole, NUL terminated, malloc'ed; NULL, and
 * noted, if it cannot be had. @owned: in a place that a user may write.
 */
char *container_file(struct container *container, const char *path, bool owned, size_t *len);
/* The same, as JSON; numbers may have become real ones. */
json_t *container_json(struct container *container, const char *path, bool owned);
/* It says nothing of this container. */
void container_miss(struct container *container, const char *path);

/* Put what is text, and not empty, at @to; at most a few hundred bytes. */
void container_put(struct container *container, const char *to, const json_t *value);
void container_put_text(struct container *container, const char *to, const char *value);

#endif
