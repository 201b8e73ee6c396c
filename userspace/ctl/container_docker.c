// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What dockerd keeps of a container: containers/ID/config.v2.json below its
 * data folder, written anew at each change, mode 0600. Only reads.
 */
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "doc.h"

#define FOLDER "/var/lib/docker"

/* Where an administrator has moved it; "" if nowhere else. */
static void other_folder(struct container *container, char folder[CONTAINER_PATH_MAX])
{
	struct container quiet = { .root = container->root, .looked = json_array() };
	json_t *json = container_json(&quiet, "/etc/docker/daemon.json", false);
	const char *path = doc_string(json, "data-root");

	*folder = '\0';
	if (*path == '/' && strlen(path) < CONTAINER_PATH_MAX / 2)
		snprintf(folder, CONTAINER_PATH_MAX, "%s", path);
	json_decref(json);
	json_decref(quiet.looked);
}

static void put_state(struct container *container, const json_t *json)
{
	const char *name = doc_string(json, "Name");
	const json_t *labels = doc_get(json, "Config.Labels");

	container_put_text(container, "name", *name == '/' ? name + 1 : name);
	container_put(container, "image.name", doc_get(json, "Config.Image"));
	container_put(container, "image.id", doc_get(json, "Image"));
	container_put(container, "created", doc_get(json, "Created"));
	if (json_is_false(doc_get(json, "State.Running")))
		container_put(container, "ended", doc_get(json, "State.FinishedAt"));
	/* Of a cluster that runs on docker. */
	container_put(container, "pod.name", json_object_get(labels, "io.kubernetes.pod.name"));
	container_put(container, "pod.namespace",
		      json_object_get(labels, "io.kubernetes.pod.namespace"));
}

static bool look_in(struct container *container, const char *folder)
{
	char path[CONTAINER_PATH_MAX];
	json_t *json;

	snprintf(path, sizeof(path), "%.2048s/containers/%s/config.v2.json", folder,
		 container->id);
	json = container_json(container, path, false);
	if (!json)
		return false;
	put_state(container, json);
	container_put_text(container, "runtime", "docker");
	container_put_text(container, "source", path);
	json_decref(json);
	return true;
}

bool container_docker(struct container *container)
{
	char folder[CONTAINER_PATH_MAX];

	other_folder(container, folder);
	return (*folder && look_in(container, folder)) || look_in(container, FOLDER);
}
