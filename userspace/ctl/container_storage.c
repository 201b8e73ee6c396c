// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What podman and CRI-O keep: DRIVER-containers/containers.json of the store
 * that they share, with a word of their own ("metadata", JSON in a string) on
 * each container; a user's is in the home. Only reads.
 */
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "doc.h"

#define FOLDER "/var/lib/containers/storage"
#define IN_HOME "/.local/share/containers/storage"

static const json_t *find(const json_t *list, const char *id)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (!strcmp(doc_string(json_array_get(list, i), "id"), id))
			return json_array_get(list, i);
	return NULL;
}

/* NULL if it has none. */
static json_t *metadata(const json_t *one)
{
	const json_t *text = doc_get(one, "metadata");

	return json_is_string(text) ? json_loadb(json_string_value(text), json_string_length(text),
						 JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL) :
				      NULL;
}

/* A pod's namespace stands with the pod, which is a container as well. */
static void put_pod(struct container *container, const json_t *list, const json_t *meta)
{
	json_t *pod = metadata(find(list, doc_string(meta, "pod-id")));

	container_put(container, "pod.name", doc_get(meta, "pod-name"));
	container_put(container, "pod.namespace", doc_get(pod, "namespace"));
	json_decref(pod);
}

static void put_state(struct container *container, const json_t *list, const json_t *one)
{
	json_t *meta = metadata(one);

	container_put(container, "name", json_array_get(doc_get(one, "names"), 0));
	container_put(container, "name", doc_get(meta, "name"));
	/* CRI-O's own names are long; this is the one in the pod. */
	container_put(container, "name", doc_get(meta, "metadata-name"));
	container_put(container, "image.name", doc_get(meta, "image-name"));
	container_put(container, "image.id", doc_get(one, "image"));
	container_put(container, "created", doc_get(one, "created"));
	if (doc_get(meta, "pod-id"))
		put_pod(container, list, meta);
	container_put_text(container, "runtime", doc_get(meta, "pod-id") ? "cri-o" : "podman");
	json_decref(meta);
}

static bool look_at(struct container *container, const char *path, bool owned)
{
	json_t *list = container_json(container, path, owned);
	const json_t *one = find(list, container->id);
	bool found = one;

	if (found) {
		put_state(container, list, one);
		container_put_text(container, "source", path);
	} else if (list) {
		container_miss(container, path);
	}
	json_decref(list);
	return found;
}

static bool look_in(struct container *container, const char *folder, bool owned)
{
	static const char *const drivers[] = { "overlay", "vfs", "btrfs" };
	/* The second: of containers that a reboot ends. */
	static const char *const files[] = { "containers", "volatile-containers" };
	char path[CONTAINER_PATH_MAX + 128];
	size_t i, j;

	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		for (j = 0; j < sizeof(files) / sizeof(files[0]); j++) {
			snprintf(path, sizeof(path), "%s/%s-containers/%s.json", folder,
				 drivers[i], files[j]);
			if (look_at(container, path, owned))
				return true;
		}
	return false;
}

bool container_storage(struct container *container)
{
	char folder[CONTAINER_PATH_MAX + sizeof(IN_HOME)];

	snprintf(folder, sizeof(folder), "%s" IN_HOME, container->home);
	return (*container->home && look_in(container, folder, true)) ||
	       look_in(container, FOLDER, false);
}
