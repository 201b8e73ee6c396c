// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Building documents with jansson, see json_out.h. Pure but for memory.
 */
#include "json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

json_t *json_bytes(struct bytes in)
{
	json_t *json;
	char *text;

	if (!in.data)
		return json_null();
	if (json_says(in))
		return json_stringn_nocheck((const char *)in.data, in.len);
	text = text_utf8(in, NULL);
	json = text ? json_string_nocheck(text) : NULL;
	free(text);
	return json;
}

bool json_says(struct bytes in)
{
	return in.data && in.len <= TEXT_MAX && utf8_valid(in.data, in.len) == in.len;
}

int json_put(json_t *root, const char *path, json_t *value)
{
	const char *dot;

	if (!root || !value) {
		json_decref(value);
		return -1;
	}
	while ((dot = strchr(path, '.'))) {
		size_t len = (size_t)(dot - path);
		json_t *child = json_object_getn(root, path, len);

		if (!child) {
			child = json_object();
			if (json_object_setn_new_nocheck(root, path, len, child)) {
				json_decref(value);
				return -1;
			}
		}
		root = child;
		path = dot + 1;
	}
	return json_object_set_new_nocheck(root, path, value);
}

const json_t *json_at(const json_t *root, const char *path)
{
	char name[64];
	size_t len;

	while (root && *path) {
		len = strcspn(path, ".");
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		root = json_is_array(root) ? json_array_get(root, strtoul(name, NULL, 10)) :
					     json_object_get(root, name);
		path += len + (path[len] == '.');
	}
	return root;
}

json_t *json_finish(json_t *json, int error)
{
	if (!error)
		return json;
	json_decref(json);
	return NULL;
}
