// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is on disk below the engines: containerd's bundles, whose config.json
 * has the annotations of Kubernetes or nerdctl, and the state of runc and
 * crun. Images have no names down there but for those. Only reads.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "doc.h"

#define TASKS "/run/containerd/io.containerd.runtime.v2.task"
#define NAMESPACES_MAX 64

/* Annotations have dots in their names. */
static void put_annotation(struct container *container, const char *to, const json_t *all,
			   const char *name)
{
	container_put(container, to, json_object_get(all, name));
}

static void put_annotations(struct container *container, const json_t *all)
{
	const char *kind;

	put_annotation(container, "name", all, "nerdctl/name");
	put_annotation(container, "name", all, "io.kubernetes.cri.container-name");
	put_annotation(container, "image.name", all, "io.kubernetes.cri.image-name");
	put_annotation(container, "pod.name", all, "io.kubernetes.cri.sandbox-name");
	put_annotation(container, "pod.namespace", all, "io.kubernetes.cri.sandbox-namespace");
	/* What holds the pod's namespaces; it has no name. */
	kind = json_string_value(json_object_get(all, "io.kubernetes.cri.container-type"));
	if (kind && !strcmp(kind, "sandbox"))
		container_put_text(container, "kind", kind);
}

static bool look_in_namespace(struct container *container, const char *namespace)
{
	char path[CONTAINER_PATH_MAX];
	json_t *json;

	snprintf(path, sizeof(path), TASKS "/%s/%s/config.json", namespace, container->id);
	json = container_json(container, path, false);
	if (!json)
		return false;
	put_annotations(container, doc_get(json, "annotations"));
	container_put_text(container, "namespace", namespace);
	container_put_text(container, "runtime",
			   strcmp(namespace, "moby") ? "containerd" : "docker");
	container_put_text(container, "source", path);
	json_decref(json);
	return true;
}

bool container_containerd(struct container *container)
{
	char path[2 * CONTAINER_PATH_MAX];
	struct dirent *entry;
	bool found = false;
	int looked = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s" TASKS, container->root);
	dir = opendir(path);
	if (!dir)
		container_miss(container, TASKS);
	while (dir && !found && looked++ < NAMESPACES_MAX && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			found = look_in_namespace(container, entry->d_name);
	if (dir)
		closedir(dir);
	return found;
}

/* runc's labels are "NAME=VALUE"; the annotations are among them. */
static void put_labels(struct container *container, const json_t *labels)
{
	json_t *all = json_object();
	const char *text, *value;
	size_t i;

	for (i = 0; i < json_array_size(labels); i++) {
		text = json_string_value(json_array_get(labels, i));
		value = text ? strchr(text, '=') : NULL;
		if (value)
			container->error |= json_object_setn_new(all, text, (size_t)(value - text),
								 json_string(value + 1));
	}
	put_annotations(container, all);
	put_annotation(container, "bundle", all, "bundle");
	json_decref(all);
}

static json_t *read_state(struct container *container, const char *program, const char *file)
{
	char path[CONTAINER_PATH_MAX];
	json_t *json = NULL;

	if (container->has_owner) {
		snprintf(path, sizeof(path), "/run/user/%u/%s/%s/%s", container->owner, program,
			 container->id, file);
		json = container_json(container, path, true);
	}
	if (!json) {
		snprintf(path, sizeof(path), "/run/%s/%s/%s", program, container->id, file);
		json = container_json(container, path, false);
	}
	if (!json)
		return NULL;
	/* What it was called with is all the name that there is. */
	container_put_text(container, "name", container->id);
	container_put(container, "created", doc_get(json, "created"));
	container_put_text(container, "runtime", program);
	container_put_text(container, "source", path);
	return json;
}

bool container_runc(struct container *container)
{
	json_t *json = read_state(container, "runc", "state.json");
	bool found = json;

	put_labels(container, doc_get(json, "config.labels"));
	container_put(container, "rootfs", doc_get(json, "config.rootfs"));
	json_decref(json);
	return found;
}

bool container_crun(struct container *container)
{
	json_t *json = read_state(container, "crun", "status");
	bool found = json;

	container_put(container, "bundle", doc_get(json, "bundle"));
	container_put(container, "rootfs", doc_get(json, "rootfs"));
	json_decref(json);
	return found;
}
