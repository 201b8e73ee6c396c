// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * User and group names, cached. NSS may ask a network service, so this is
 * called from the daemon's own loop and the CLI only, never per byte of input.
 */
#include "names.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/*
 * Ids of a watched process are its choice (user namespaces aside), so the
 * cache is bounded: at the bound it starts anew.
 */
#define CACHE_MAX 4096
#define ANSWER_ROOM_MAX (1 << 20)

struct answer {
	uint32_t id;
	bool group;
	char *name;		/* NULL: there is no such name */
	struct answer *next;
};

struct names {
	struct answer *bucket[256];
	unsigned int count;
};

struct names *names_new(void)
{
	return calloc(1, sizeof(struct names));
}

void names_flush(struct names *names)
{
	size_t i;

	for (i = 0; i < sizeof(names->bucket) / sizeof(names->bucket[0]); i++) {
		while (names->bucket[i]) {
			struct answer *answer = names->bucket[i];

			names->bucket[i] = answer->next;
			free(answer->name);
			free(answer);
		}
	}
	names->count = 0;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	names_flush(names);
	free(names);
}

/* One look-up with a buffer of @size. ERANGE: a larger one is needed. */
static int ask_once(uint32_t id, bool group, char *buffer, size_t size,
		    const char **name)
{
	struct passwd user, *user_found = NULL;
	struct group grp, *group_found = NULL;
	int error;

	*name = NULL;
	if (group) {
		error = getgrgid_r(id, &grp, buffer, size, &group_found);
		if (group_found)
			*name = group_found->gr_name;
	} else {
		error = getpwuid_r(id, &user, buffer, size, &user_found);
		if (user_found)
			*name = user_found->pw_name;
	}
	return error;
}

/* malloc'ed name, or NULL. */
static char *ask(uint32_t id, bool group)
{
	size_t size;
	char *found = NULL;

	for (size = 1024; size <= ANSWER_ROOM_MAX; size *= 4) {
		char *buffer = malloc(size);
		const char *name;
		int error;

		if (!buffer)
			return NULL;
		error = ask_once(id, group, buffer, size, &name);
		if (name)
			found = strdup(name);
		free(buffer);
		if (error != ERANGE)
			break;
	}
	return found;
}

static const char *lookup(struct names *names, uint32_t id, bool group)
{
	struct answer **bucket = &names->bucket[(id + group) & 255];
	struct answer *answer;

	if (id == UINT32_MAX)
		return NULL;
	for (answer = *bucket; answer; answer = answer->next)
		if (answer->id == id && answer->group == group)
			return answer->name;
	if (names->count >= CACHE_MAX)
		names_flush(names);
	answer = calloc(1, sizeof(*answer));
	if (!answer)
		return NULL;
	answer->id = id;
	answer->group = group;
	answer->name = ask(id, group);
	answer->next = *bucket;
	*bucket = answer;
	names->count++;
	return answer->name;
}

const char *names_user(struct names *names, uint32_t uid)
{
	return lookup(names, uid, false);
}

const char *names_group(struct names *names, uint32_t gid)
{
	return lookup(names, gid, true);
}

/* Replace *@slot by a copy of @name, which may be NULL. */
static int keep(char **slot, const char *name)
{
	char *copy = NULL;

	if (name) {
		copy = strdup(name);
		if (!copy)
			return -ENOMEM;
	}
	free(*slot);
	*slot = copy;
	return 0;
}

int names_enrich(struct names *names, struct finding *finding)
{
	const struct finding_process *process = &finding->process;
	struct finding_enrichment *extra = &finding->extra;
	char id[NAMES_CONTAINER_ID_MAX];
	const char *runtime;

	/* One at a time: a name is borrowed only until the next look-up. */
	if (keep(&extra->user_name, names_user(names, process->uid)) ||
	    keep(&extra->euser_name, names_user(names, process->euid)) ||
	    keep(&extra->group_name, names_group(names, process->gid)) ||
	    keep(&extra->login_name, names_user(names, process->loginuid)))
		return -ENOMEM;
	if (finding->has_target &&
	    keep(&extra->target_name, names_user(names, finding->target.uid)))
		return -ENOMEM;
	if (!names_container(process->cgroup, id, &runtime))
		return 0;
	if (keep(&extra->container_id, id) ||
	    keep(&extra->container_runtime, runtime))
		return -ENOMEM;
	return 0;
}
