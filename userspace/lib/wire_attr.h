/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes by table: which type goes to which member, and how long it must
 * be. Only wire_*.c see this.
 */
#ifndef WXG_LIB_WIRE_ATTR_H
#define WXG_LIB_WIRE_ATTR_H

#include <stddef.h>

#include "finding.h"

enum wire_kind {
	WIRE_U32,	/* into uint32_t */
	WIRE_U64,	/* into uint64_t or int64_t */
	WIRE_BYTES,	/* into struct bytes, borrowed from the message */
	WIRE_STRING,	/* into char[size], terminated; longer refuses */
	WIRE_BLOB,	/* into size bytes; any other length refuses */
	WIRE_FLAG,	/* into bool */
	WIRE_NEST,	/* nest() gets the content and the member */
};

struct wire_field {
	unsigned int type;
	enum wire_kind kind;
	size_t offset, size;
	int (*nest)(struct bytes content, void *member);
};

#define WIRE_FIELD(_type, _kind, _struct, _member) \
	{ .type = (_type), .kind = (_kind), \
	  .offset = offsetof(_struct, _member), \
	  .size = sizeof(((_struct *)0)->_member) }
#define WIRE_NEST_FIELD(_type, _struct, _member, _nest) \
	{ .type = (_type), .kind = WIRE_NEST, \
	  .offset = offsetof(_struct, _member), .nest = (_nest) }
/* A nest whose handler wants the whole struct, as for a repeated one. */
#define WIRE_NEST_WHOLE(_type, _nest) \
	{ .type = (_type), .kind = WIRE_NEST, .offset = 0, .nest = (_nest) }

struct wire_table {
	const struct wire_field *field;
	size_t fields;
};

#define WIRE_TABLE(_fields) \
	{ .field = (_fields), .fields = sizeof(_fields) / sizeof((_fields)[0]) }

/* Is attribute @type in the set that wire_decode() saw? */
#define WIRE_SEEN(_seen, _type) (((_seen) >> (_type)) & 1)

/*
 * Walk @attrs and fill @out by @table. Types that are not in it are skipped.
 * *seen (may be NULL) gets a bit per type found. 0, -EBADMSG, or what a
 * nest() returned; @out may then be half filled.
 */
int wire_decode(struct bytes attrs, const struct wire_table *table, void *out,
		uint64_t *seen);

#endif
