/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holds documents against the table of fields: each value must have a row of
 * its type, and in the end each row must have been seen.
 */
#ifndef WXG_TESTS_FIELDS_H
#define WXG_TESTS_FIELDS_H

#include <jansson.h>

#include "ecs_fields.h"

#define FIELDS_MAX 512

static bool fields_seen[FIELDS_MAX];

static inline bool fields_is_date(const char *text)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddddddddZ";
	size_t i;

	for (i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return false;
	return !text[i];
}

static inline bool fields_fits(enum ecs_type type, const json_t *value)
{
	switch (type) {
	case ECS_KEYWORD:
	case ECS_TEXT:
		return json_is_string(value) && !fields_is_date(json_string_value(value));
	case ECS_LONG:
		return json_is_integer(value);
	case ECS_FLOAT:
		return json_is_real(value);
	case ECS_BOOLEAN:
		return json_is_boolean(value);
	case ECS_DATE:
		return json_is_string(value) && fields_is_date(json_string_value(value));
	}
	return false;
}

static inline void fields_check_leaf(const char *path, const json_t *value)
{
	const struct ecs_field *row = ecs_field_find(path);
	const json_t *one;
	size_t i;

	if (!row)
		fail_msg("%s is in no row of ecs_fields.c", path);
	fields_seen[row - ecs_fields] = true;
	if (row->array != json_is_array(value))
		fail_msg("%s is %s array", path, row->array ? "no" : "an");
	if (!row->array && !fields_fits(row->type, value))
		fail_msg("%s is no %s", path, ecs_type_name(row->type));
	json_array_foreach(value, i, one)
		if (!fields_fits(row->type, one))
			fail_msg("%s has an element that is no %s", path,
				 ecs_type_name(row->type));
}

/* An array of objects is walked as if its objects stood in its place. */
static inline void fields_check(const char *at, json_t *value)
{
	char path[256];
	const char *key;
	json_t *one;
	size_t i;

	if (json_is_array(value) && json_is_object(json_array_get(value, 0))) {
		json_array_foreach(value, i, one)
			fields_check(at, one);
	} else if (json_is_object(value)) {
		json_object_foreach(value, key, one) {
			snprintf(path, sizeof(path), "%s%s%s", at, *at ? "." : "", key);
			fields_check(path, one);
		}
	} else if (!json_is_array(value) || json_array_size(value) ||
		   strcmp(at, "wxguard.process.ancestors")) {
		fields_check_leaf(at, value);
	}
}

static inline void fields_check_all_seen(void)
{
	size_t i;

	for (i = 0; ecs_fields[i].path; i++)
		if (!fields_seen[i])
			print_error("%s is in the table, and in no sample\n",
				    ecs_fields[i].path);
	for (i = 0; ecs_fields[i].path; i++)
		assert_true(fields_seen[i]);
}

#endif
