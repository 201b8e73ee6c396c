// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See container.h: which container, which files may tell of it, and whether
 * it is still there. Only reads.
 */
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/text.h"
#include "cgroup.h"
#include "container.h"
#include "doc.h"
#include "explain_case.h"

#define READERS_MAX 6

/* Who may keep a state of it, by what the control group's name tells. */
static const struct {
	const char *runtime;
	container_reader *reader[READERS_MAX];
} tables[] = {
	{ "docker", { container_docker, container_containerd } },
	{ "podman", { container_storage, container_crun, container_runc } },
	{ "cri-o", { container_storage, container_runc, container_crun } },
	{ "containerd", { container_containerd } },
	{ "runc", { container_runc } },
	{ "crun", { container_crun } },
	{ "systemd-nspawn", { container_nspawn } },
	{ "lxc", { container_lxc } },
	{ "unknown", { container_docker, container_containerd, container_storage,
		       container_crun, container_runc } },
};

static bool read_state(struct container *container)
{
	size_t i, j;

	/* It becomes a part of paths, and may have been chosen for that. */
	if (*container->id == '.')
		return false;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (j = 0; j < READERS_MAX && !strcmp(tables[i].runtime, container->runtime); j++)
			if (tables[i].reader[j] && tables[i].reader[j](container))
				return true;
	return false;
}

/* How much of @cgroup is the container's own control group, in which it has more. */
static size_t own_part(struct bytes cgroup)
{
	char id[NAMES_CONTAINER_ID_MAX];
	const char *runtime;
	struct bytes part = cgroup;

	for (part.len = 1; part.len < cgroup.len; part.len++)
		if (cgroup.data[part.len] == '/' && names_container(part, id, &runtime))
			break;
	return part.len;
}

/* "/user.slice/user-1000.slice/user@1000.service/…": a user's own, in a home. */
static void find_owner(struct container *container, const char *cgroup)
{
	const char *at = strstr(cgroup, "/user@");
	char path[CONTAINER_PATH_MAX], *real;
	struct passwd *user;
	unsigned int uid;
	int len = 0;

	if (!at || sscanf(at, "/user@%u.service%n", &uid, &len) != 1 || !len || at[len] != '/')
		return;
	container->has_owner = true;
	container->owner = uid;
	user = getpwuid(uid);
	if (!user || *user->pw_dir != '/')
		return;
	/* /home is a link on some systems, and that is none of the user's. */
	snprintf(path, sizeof(path), "%s%s", container->root, user->pw_dir);
	real = realpath(path, NULL);
	if (real && strlen(real) < sizeof(container->home))
		strcpy(container->home, real + strlen(container->root));
	free(real);
}

enum presence { IS_THERE, IS_GONE, NOT_TOLD };

static const char *words_of(const struct container *container, bool found, enum presence presence,
			    bool later)
{
	if (later)
		return "one of this name is there, but it is a later one: it was made after the finding";
	if (presence == IS_THERE)
		return found ? "it runs" :
			       "it runs, but what it is called could not be had";
	if (presence == NOT_TOLD)
		return "whether it still runs cannot be told here";
	if (found)
		return "it has ended; its runtime has not forgotten it yet";
	return *container->why ?
		       "it has ended" :
		       "it is gone: it has ended, and no runtime has kept what it was called";
}

/* A name, other than an id, may be given again. */
static bool is_later(const struct container *container, int64_t then)
{
	const char *created = doc_string(container->out, "created");
	uint32_t nanoseconds;
	int64_t seconds;

	return then && *created && explain_time(created, &seconds, &nanoseconds) &&
	       seconds > then;
}

static void put_state(struct container *container, bool found, enum presence presence, int64_t then)
{
	static const char *const states[][2] = {
		[IS_THERE] = { "running", "running" },
		[IS_GONE] = { "gone", "ended" },
		[NOT_TOLD] = { "unknown", "unknown" },
	};
	bool later = is_later(container, then);

	container_put_text(container, "state", later ? "replaced" : states[presence][found]);
	container_put_text(container, "words", words_of(container, found, presence, later));
	if (found)
		return;
	container->error |= json_put(container->out, "looked", json_incref(container->looked));
	container_put_text(container, "missing", *container->why ? container->why :
			   "none of the files in which its runtime would keep it is there, or has it");
}

json_t *container_look(const char *root, const char *hierarchy, struct bytes cgroup, int64_t then)
{
	struct container container = { .root = root };
	char path[CONTAINER_PATH_MAX + 1];
	enum presence presence;
	size_t own;
	int there;

	if (!cgroup.data || cgroup.len >= sizeof(path) || memchr(cgroup.data, 0, cgroup.len) ||
	    !names_container(cgroup, container.id, &container.runtime))
		return json_null();
	own = own_part(cgroup);
	memcpy(path, cgroup.data, own);
	path[own] = '\0';
	container.out = json_object();
	container.looked = json_array();
	container_put_text(&container, "id", container.id);
	container_put_text(&container, "runtime", container.runtime);
	find_owner(&container, path);
	there = cgroup_find(hierarchy, path);
	presence = there < 0 ? NOT_TOLD : there ? IS_THERE : IS_GONE;
	put_state(&container, read_state(&container), presence, then);
	json_decref(container.looked);
	return json_finish(container.out, container.error);
}
