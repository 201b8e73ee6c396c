/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every field that ecs*.c can write, in one table: wxguard-events(5) is made
 * of it, and the tests hold what is written against it. Data only; no program
 * that runs on a host links it.
 */
#ifndef WXG_LIB_ECS_FIELDS_H
#define WXG_LIB_ECS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum ecs_type {
	ECS_KEYWORD,
	ECS_TEXT,
	ECS_LONG,
	ECS_FLOAT,
	ECS_BOOLEAN,
	ECS_DATE,
};

/* Who has given the field its name and its meaning. */
enum ecs_origin {
	ECS_OF_ECS,		/* Elastic Common Schema */
	ECS_OF_STREAM,		/* Elastic's naming of data streams */
	ECS_OF_AUDIT,		/* Elastic's audit integration */
	ECS_OF_US,
};

struct ecs_field {
	const char *path;
	enum ecs_type type;
	bool array;		/* of such values */
	bool hostile;		/* bytes of a watched process; see ecs_field_find() */
	enum ecs_origin origin;
	const char *meaning;	/* sentences */
	const char *example;	/* of one value */
};

/* The last row has no path. */
extern const struct ecs_field ecs_fields[];

/*
 * The row of a path. wxguard.raw.X (and raw.X in an ancestor) is the hex of a
 * hostile X whose bytes are no UTF-8; it has one row for all, with the path
 * "wxguard.raw.*". NULL: there is no such field.
 */
const struct ecs_field *ecs_field_find(const char *path);

/* "keyword", as Elasticsearch calls it. */
const char *ecs_type_name(enum ecs_type type);

#endif
