// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Status and rules off the wire. Pure but for memory.
 */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire_attr.h"

static int nest_status(struct bytes content, void *member)
{
#define STATUS(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_STATUS_##_type, _kind, struct client_status, _member)
	static const struct wire_field fields[] = {
		STATUS(VERSION, WIRE_STRING, version),
		STATUS(MODE, WIRE_U32, mode),
		STATUS(GENERATION, WIRE_U32, generation),
		STATUS(SEQ, WIRE_U64, seq),
		STATUS(ACKED, WIRE_U64, acked),
		STATUS(OLDEST, WIRE_U64, oldest),
		STATUS(RING_COUNT, WIRE_U32, ring_count),
		STATUS(RING_MAX, WIRE_U32, ring_max),
		STATUS(RING_BYTES, WIRE_U64, ring_bytes),
		STATUS(RING_BYTES_MAX, WIRE_U64, ring_bytes_max),
		STATUS(LOST_OVERFLOW, WIRE_U64, lost_overflow),
		STATUS(LOST_NOMEM, WIRE_U64, lost_nomem),
		STATUS(KNOWN_COUNT, WIRE_U32, known_count),
		STATUS(KNOWN_MAX, WIRE_U32, known_max),
		STATUS(KNOWN_EVICTED, WIRE_U64, known_evicted),
		STATUS(PENDING, WIRE_U32, pending),
		STATUS(CANARY, WIRE_U32, canary),
		STATUS(MODE_FIXED, WIRE_U32, mode_fixed),
		STATUS(CLASSES, WIRE_U32, classes),
		STATUS(SPARED, WIRE_U64, spared),
		STATUS(UNJUDGED, WIRE_U64, unjudged),
		STATUS(CONFIRM_LEFT, WIRE_U32, confirm_left),
		STATUS(LOCKED, WIRE_U32, locked),
		STATUS(DENIED, WIRE_U64, denied),
		STATUS(BUDGET_TRIPS, WIRE_U64, budget_trips),
		STATUS(SELF_CLONES, WIRE_U64, self_clones),
		STATUS(REPEATS, WIRE_U64, repeats),
		STATUS(HEARTBEAT, WIRE_U64, heartbeat),
		STATUS(CONFIRM_MODE, WIRE_U32, confirm_mode),
		STATUS(EVIDENCE_COUNT, WIRE_U32, evidence_count),
		STATUS(EVIDENCE_BYTES, WIRE_U64, evidence_bytes),
		STATUS(EVIDENCE_MISSED, WIRE_U64, evidence_missed),
	};
#undef STATUS
	static const struct wire_table table = WIRE_TABLE(fields);
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, member, &seen);
	if (error)
		return error;
	return WIRE_SEEN(seen, WXGUARD_STATUS_MODE) ? 0 : -EBADMSG;
}

static int nest_hook(struct bytes content, void *member)
{
#define HOOK(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_HOOK_A_##_type, _kind, struct client_hook, _member)
	static const struct wire_field fields[] = {
		HOOK(NAME, WIRE_STRING, name),
		HOOK(ROLE, WIRE_U32, role),
		HOOK(ENGINE, WIRE_U32, engine),
		HOOK(STATE, WIRE_U32, state),
		HOOK(HITS, WIRE_U64, hits),
		HOOK(SUSPICIOUS, WIRE_U64, suspicious),
		HOOK(MISSED, WIRE_U64, missed),
	};
#undef HOOK
	static const struct wire_table table = WIRE_TABLE(fields);
	struct client_status *status = member;
	const size_t room = sizeof(status->hook) / sizeof(status->hook[0]);
	uint64_t seen;
	int error;

	/* Refused rather than shown in part: a hook left out looks unarmed. */
	if (status->hooks == room)
		return -EBADMSG;
	error = wire_decode(content, &table, &status->hook[status->hooks],
			    &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_HOOK_A_NAME))
		return -EBADMSG;
	status->hooks++;
	return 0;
}

int wire_decode_status(const void *attrs, size_t len,
		       struct client_status *status)
{
	static const struct wire_field fields[] = {
		WIRE_NEST_WHOLE(WXGUARD_A_STATUS, nest_status),
		WIRE_NEST_WHOLE(WXGUARD_A_HOOK, nest_hook),
	};
	static const struct wire_table table = WIRE_TABLE(fields);
	struct client_status decoded = { 0 };
	uint64_t seen;
	int error;

	error = wire_decode((struct bytes){ attrs, len }, &table, &decoded,
			    &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_A_STATUS))
		return -EBADMSG;
	*status = decoded;
	return 0;
}

static int nest_class(struct bytes content, void *member)
{
#define CLASS(_type, _member) \
	WIRE_FIELD(WXGUARD_CLASS_A_##_type, WIRE_U32, struct client_class, _member)
	static const struct wire_field fields[] = {
		CLASS(ID, id),
		CLASS(ACTION, action),
		CLASS(KNOWN, known),
		CLASS(WINDOW, window),
		CLASS(REPEAT, repeat),
		CLASS(SELF_CLONE, self_clone),
		CLASS(INIT, init),
	};
#undef CLASS
	static const struct wire_table table = WIRE_TABLE(fields);
	struct client_rules *rules = member;
	struct client_class class = { 0 };
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, &class, &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_CLASS_A_ID))
		return -EBADMSG;
	/* A class of a newer module: we could not name it, nor set it. */
	if (class.id > WXGUARD_CLASS_MAX)
		return 0;
	if (rules->classes > WXGUARD_CLASS_MAX)
		return -EBADMSG;
	rules->class[rules->classes++] = class;
	return 0;
}

/*
 * Room for one more behind @count elements of @size bytes: doubles when the
 * count is a power of two. NULL without memory; *list is then as it was.
 */
static void *room(void **list, unsigned int count, size_t size)
{
	size_t wanted = count ? (size_t)count * 2 : 1;
	void *grown = *list;

	if (!(count & (count - 1)))
		grown = realloc(*list, wanted * size);
	if (!grown)
		return NULL;
	*list = grown;
	return memset((char *)grown + count * size, 0, size);
}

/* The identity is whole or not there: half of one would match nothing. */
static int has_identity(uint64_t seen, bool *has)
{
	const uint64_t all = UINT64_C(1) << WXGUARD_EXEMPTION_DEV |
			     UINT64_C(1) << WXGUARD_EXEMPTION_INO |
			     UINT64_C(1) << WXGUARD_EXEMPTION_GENERATION |
			     UINT64_C(1) << WXGUARD_EXEMPTION_CTIME_SEC |
			     UINT64_C(1) << WXGUARD_EXEMPTION_CTIME_NSEC;

	*has = (seen & all) == all;
	return seen & all && !*has ? -EBADMSG : 0;
}

static int nest_exemption(struct bytes content, void *member)
{
#define EXEMPTION(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_EXEMPTION_##_type, _kind, struct client_exemption, \
		   _member)
	static const struct wire_field fields[] = {
		EXEMPTION(NAME, WIRE_STRING, name),
		EXEMPTION(CLASSES, WIRE_U32, classes),
		EXEMPTION(EXE, WIRE_STRING, exe),
		EXEMPTION(COMM, WIRE_STRING, comm),
		EXEMPTION(UID, WIRE_U32, uid),
		EXEMPTION(CGROUP, WIRE_STRING, cgroup),
		EXEMPTION(UNSAFE, WIRE_FLAG, unsafe),
		EXEMPTION(REASON, WIRE_STRING, reason),
		EXEMPTION(AUTHOR, WIRE_STRING, author),
		EXEMPTION(EXPIRES, WIRE_U64, expires),
		EXEMPTION(HITS, WIRE_U64, hits),
		EXEMPTION(DEV, WIRE_U32, dev),
		EXEMPTION(INO, WIRE_U64, ino),
		EXEMPTION(GENERATION, WIRE_U32, generation),
		EXEMPTION(CTIME_SEC, WIRE_U64, ctime_sec),
		EXEMPTION(CTIME_NSEC, WIRE_U32, ctime_nsec),
		EXEMPTION(SHA256, WIRE_BLOB, sha256),
	};
#undef EXEMPTION
	static const struct wire_table table = WIRE_TABLE(fields);
	struct client_rules *rules = member;
	struct client_exemption *exemption;
	void *list = rules->exemption;
	uint64_t seen;
	int error;

	if (rules->count >= WXGUARD_EXEMPTIONS_MAX)
		return -EBADMSG;
	exemption = room(&list, rules->count, sizeof(*exemption));
	if (!exemption)
		return -ENOMEM;
	rules->exemption = list;
	error = wire_decode(content, &table, exemption, &seen);
	if (!error)
		error = has_identity(seen, &exemption->has_identity);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_EXEMPTION_NAME) ||
	    !WIRE_SEEN(seen, WXGUARD_EXEMPTION_CLASSES))
		return -EBADMSG;
	exemption->has_uid = WIRE_SEEN(seen, WXGUARD_EXEMPTION_UID);
	exemption->has_sha256 = WIRE_SEEN(seen, WXGUARD_EXEMPTION_SHA256);
	rules->count++;
	return 0;
}

static int nest_scope(struct bytes content, void *member)
{
#define SCOPE(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_SCOPE_##_type, _kind, struct client_scope, _member)
	static const struct wire_field fields[] = {
		SCOPE(NAME, WIRE_STRING, name),
		SCOPE(CGROUP, WIRE_STRING, cgroup),
		SCOPE(CLASSES, WIRE_U32, classes),
		SCOPE(ACTION, WIRE_U32, action),
		SCOPE(KNOWN, WIRE_U32, known),
		SCOPE(HITS, WIRE_U64, hits),
	};
#undef SCOPE
	static const struct wire_table table = WIRE_TABLE(fields);
	struct client_rules *rules = member;
	void *list = rules->scope;
	struct client_scope *scope;
	uint64_t seen;
	int error;

	if (rules->scopes >= WXGUARD_SCOPES_MAX)
		return -EBADMSG;
	scope = room(&list, rules->scopes, sizeof(*scope));
	if (!scope)
		return -ENOMEM;
	rules->scope = list;
	error = wire_decode(content, &table, scope, &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_SCOPE_NAME) ||
	    !WIRE_SEEN(seen, WXGUARD_SCOPE_CGROUP) ||
	    !WIRE_SEEN(seen, WXGUARD_SCOPE_CLASSES) ||
	    !WIRE_SEEN(seen, WXGUARD_SCOPE_ACTION))
		return -EBADMSG;
	scope->has_known = WIRE_SEEN(seen, WXGUARD_SCOPE_KNOWN);
	rules->scopes++;
	return 0;
}

static int nest_budget(struct bytes content, void *member)
{
	static const struct wire_field fields[] = {
		WIRE_FIELD(WXGUARD_BUDGET_PER_MINUTE, WIRE_U32,
			   struct client_rules, budget),
		WIRE_FIELD(WXGUARD_BUDGET_PER_EXE, WIRE_U32,
			   struct client_rules, budget_exe),
	};
	static const struct wire_table table = WIRE_TABLE(fields);
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, member, &seen);
	if (error)
		return error;
	return WIRE_SEEN(seen, WXGUARD_BUDGET_PER_MINUTE) &&
	       WIRE_SEEN(seen, WXGUARD_BUDGET_PER_EXE) ? 0 : -EBADMSG;
}

int wire_decode_rules(const void *attrs, size_t len, struct client_rules *rules)
{
	static const struct wire_field fields[] = {
		WIRE_FIELD(WXGUARD_A_GENERATION, WIRE_U32, struct client_rules,
			   generation),
		WIRE_NEST_WHOLE(WXGUARD_A_CLASS, nest_class),
		WIRE_NEST_WHOLE(WXGUARD_A_EXEMPTION, nest_exemption),
		WIRE_NEST_WHOLE(WXGUARD_A_SCOPE, nest_scope),
		WIRE_NEST_WHOLE(WXGUARD_A_BUDGET, nest_budget),
	};
	static const struct wire_table table = WIRE_TABLE(fields);
	uint64_t seen;
	int error;

	error = wire_decode((struct bytes){ attrs, len }, &table, rules, &seen);
	if (error)
		return error;
	return WIRE_SEEN(seen, WXGUARD_A_GENERATION) ? 0 : -EBADMSG;
}

void client_rules_free(struct client_rules *rules)
{
	free(rules->exemption);
	free(rules->scope);
	memset(rules, 0, sizeof(*rules));
}
