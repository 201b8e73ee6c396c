// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The attribute walker and the small messages. Pure; believes no length. The
 * kernel is trusted, but this is fuzzed as if it were not.
 */
#include "wire.h"

#include <errno.h>
#include <string.h>

#include <linux/netlink.h>

#include "wire_attr.h"

struct attr {
	unsigned int type;
	struct bytes content;
};

/*
 * Take the first attribute off @rest. memcpy, not a cast: the buffer may have
 * any alignment. Return: 1, 0 at the end, -EBADMSG.
 */
static int attr_next(struct bytes *rest, struct attr *attr)
{
	struct nlattr head;
	size_t step;

	if (!rest->len)
		return 0;
	if (rest->len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, rest->data, sizeof(head));
	if (head.nla_len < sizeof(head) || head.nla_len > rest->len)
		return -EBADMSG;
	attr->type = head.nla_type & NLA_TYPE_MASK;
	attr->content.data = rest->data + sizeof(head);
	attr->content.len = head.nla_len - sizeof(head);
	step = NLA_ALIGN(head.nla_len);
	if (step > rest->len)	/* the last one may come without its padding */
		step = rest->len;
	rest->data += step;
	rest->len -= step;
	return 1;
}

static const struct wire_field *field_of(const struct wire_table *table,
					 unsigned int type)
{
	size_t i;

	for (i = 0; i < table->fields; i++)
		if (table->field[i].type == type)
			return &table->field[i];
	return NULL;
}

static int copy_exact(void *member, struct bytes content, size_t size)
{
	if (content.len != size)
		return -EBADMSG;
	memcpy(member, content.data, size);
	return 0;
}

static int copy_string(char *member, struct bytes content, size_t size)
{
	size_t len = strnlen((const char *)content.data, content.len);

	if (len >= size)
		return -EBADMSG;
	memcpy(member, content.data, len);
	member[len] = '\0';
	return 0;
}

static int store(const struct wire_field *field, struct bytes content,
		 void *out)
{
	void *member = (char *)out + field->offset;

	switch (field->kind) {
	case WIRE_U32:
		return copy_exact(member, content, sizeof(uint32_t));
	case WIRE_U64:
		return copy_exact(member, content, sizeof(uint64_t));
	case WIRE_BLOB:
		return copy_exact(member, content, field->size);
	case WIRE_STRING:
		return copy_string(member, content, field->size);
	case WIRE_BYTES:
		*(struct bytes *)member = content;
		return 0;
	case WIRE_FLAG:
		*(bool *)member = true;
		return content.len ? -EBADMSG : 0;
	case WIRE_NEST:
		return field->nest(content, member);
	}
	return -EBADMSG;
}

int wire_decode(struct bytes attrs, const struct wire_table *table, void *out,
		uint64_t *seen)
{
	const struct wire_field *field;
	uint64_t found = 0;
	struct attr attr;
	int more, error;

	while ((more = attr_next(&attrs, &attr)) > 0) {
		field = field_of(table, attr.type);
		if (!field)
			continue;
		error = store(field, attr.content, out);
		if (error)
			return error;
		found |= UINT64_C(1) << field->type;
	}
	if (seen)
		*seen = found;
	return more;
}

/* One required attribute at the top level, alone of interest. */
static int decode_one(const void *attrs, size_t len, unsigned int type,
		      enum wire_kind kind, void *out)
{
	struct wire_field field = { .type = type, .kind = kind };
	struct wire_table table = { .field = &field, .fields = 1 };
	uint64_t seen, value = 0;
	int error;

	error = wire_decode((struct bytes){ attrs, len }, &table, &value, &seen);
	if (error)
		return error;
	if (!seen)
		return -EBADMSG;
	memcpy(out, &value, kind == WIRE_U64 ? sizeof(uint64_t) :
					       sizeof(uint32_t));
	return 0;
}

int wire_decode_seq(const void *attrs, size_t len, uint64_t *seq)
{
	return decode_one(attrs, len, WXGUARD_A_SEQ, WIRE_U64, seq);
}

int wire_decode_mode(const void *attrs, size_t len, uint32_t *mode)
{
	return decode_one(attrs, len, WXGUARD_A_MODE, WIRE_U32, mode);
}

int wire_decode_generation(const void *attrs, size_t len, uint32_t *generation)
{
	return decode_one(attrs, len, WXGUARD_A_GENERATION, WIRE_U32,
			  generation);
}

int wire_decode_fd(const void *attrs, size_t len, uint32_t *fd)
{
	return decode_one(attrs, len, WXGUARD_A_FD, WIRE_U32, fd);
}

static int nest_loss(struct bytes content, void *member)
{
	static const struct wire_field fields[] = {
		WIRE_FIELD(WXGUARD_LOSS_FIRST, WIRE_U64, struct finding_loss, first),
		WIRE_FIELD(WXGUARD_LOSS_LAST, WIRE_U64, struct finding_loss, last),
	};
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding_loss *loss = member;
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, loss, &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_LOSS_FIRST) ||
	    !WIRE_SEEN(seen, WXGUARD_LOSS_LAST) || loss->first > loss->last)
		return -EBADMSG;
	return 0;
}

int wire_decode_loss(const void *attrs, size_t len, struct finding_loss *loss)
{
	static const struct wire_field fields[] = {
		WIRE_NEST_WHOLE(WXGUARD_A_LOSS, nest_loss),
	};
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding_loss decoded = { 0 };
	uint64_t seen;
	int error;

	error = wire_decode((struct bytes){ attrs, len }, &table, &decoded,
			    &seen);
	if (error)
		return error;
	if (!seen)
		return -EBADMSG;
	*loss = decoded;
	return 0;
}

/* The path is bytes with a length, so the table alone cannot place it. */
struct known_parts {
	struct client_known known;
	struct bytes path;
};

static int nest_known(struct bytes content, void *member)
{
#define KNOWN(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_KNOWN_##_type, _kind, struct known_parts, _member)
	static const struct wire_field fields[] = {
		KNOWN(DEV, WIRE_U32, known.dev),
		KNOWN(INO, WIRE_U64, known.ino),
		KNOWN(GENERATION, WIRE_U32, known.generation),
		KNOWN(CTIME_SEC, WIRE_U64, known.ctime_sec),
		KNOWN(CTIME_NSEC, WIRE_U32, known.ctime_nsec),
		KNOWN(PATH, WIRE_BYTES, path),
		KNOWN(FIRST_SEEN, WIRE_U64, known.first_seen),
		KNOWN(LAST_SEEN, WIRE_U64, known.last_seen),
		KNOWN(COUNT, WIRE_U64, known.count),
		KNOWN(CLASSES, WIRE_U32, known.classes),
		KNOWN(FLAGS, WIRE_U32, known.flags),
		KNOWN(SHAPE, WIRE_U32, known.shape),
	};
#undef KNOWN
	static const struct wire_table table = WIRE_TABLE(fields);
	struct known_parts *parts = member;
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, parts, &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_KNOWN_DEV) ||
	    !WIRE_SEEN(seen, WXGUARD_KNOWN_INO) ||
	    parts->path.len > WXGUARD_KNOWN_PATH_MAX)
		return -EBADMSG;
	if (parts->path.len)
		memcpy(parts->known.path, parts->path.data, parts->path.len);
	parts->known.path_len = parts->path.len;
	return 0;
}

int wire_decode_known(const void *attrs, size_t len, struct client_known *known)
{
	static const struct wire_field fields[] = {
		WIRE_NEST_WHOLE(WXGUARD_A_KNOWN, nest_known),
	};
	static const struct wire_table table = WIRE_TABLE(fields);
	struct known_parts parts = { 0 };
	uint64_t seen;
	int error;

	error = wire_decode((struct bytes){ attrs, len }, &table, &parts, &seen);
	if (error)
		return error;
	if (!seen)
		return -EBADMSG;
	*known = parts.known;
	return 0;
}
