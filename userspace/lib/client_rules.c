// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The request that changes the rules: one message, which the module applies
 * whole or not at all.
 */
#include "client_priv.h"

#include "wire.h"

static void put_class(struct request *request, const struct client_class *class)
{
	struct nlattr *nest = client_nest(request, WXGUARD_A_CLASS);

	client_put_u32(request, WXGUARD_CLASS_A_ID, class->id);
	client_put_u32(request, WXGUARD_CLASS_A_ACTION, class->action);
	client_put_u32(request, WXGUARD_CLASS_A_KNOWN, class->known);
	client_put_u32(request, WXGUARD_CLASS_A_WINDOW, class->window);
	client_put_u32(request, WXGUARD_CLASS_A_REPEAT, class->repeat);
	client_put_u32(request, WXGUARD_CLASS_A_SELF_CLONE, class->self_clone);
	client_put_u32(request, WXGUARD_CLASS_A_INIT, class->init);
	client_nest_end(request, nest);
}

/* Which file, and for which content it was pinned. */
static void put_file(struct request *request,
		     const struct client_exemption *exemption)
{
	if (exemption->has_fd) {
		client_put_u32(request, WXGUARD_EXEMPTION_FD,
			       (uint32_t)exemption->fd);
	} else if (exemption->has_identity) {
		client_put_u32(request, WXGUARD_EXEMPTION_DEV, exemption->dev);
		client_put_u64(request, WXGUARD_EXEMPTION_INO, exemption->ino);
		client_put_u32(request, WXGUARD_EXEMPTION_GENERATION,
			       exemption->generation);
		client_put_u64(request, WXGUARD_EXEMPTION_CTIME_SEC,
			       (uint64_t)exemption->ctime_sec);
		client_put_u32(request, WXGUARD_EXEMPTION_CTIME_NSEC,
			       exemption->ctime_nsec);
	}
	if (exemption->has_sha256)
		client_put(request, WXGUARD_EXEMPTION_SHA256, exemption->sha256,
			   sizeof(exemption->sha256));
}

static void put_exemption(struct request *request,
			  const struct client_exemption *exemption)
{
	struct nlattr *nest = client_nest(request, WXGUARD_A_EXEMPTION);

	client_put_text(request, WXGUARD_EXEMPTION_NAME, exemption->name);
	client_put_u32(request, WXGUARD_EXEMPTION_CLASSES, exemption->classes);
	client_put_text(request, WXGUARD_EXEMPTION_EXE, exemption->exe);
	client_put_text(request, WXGUARD_EXEMPTION_COMM, exemption->comm);
	if (exemption->has_uid)
		client_put_u32(request, WXGUARD_EXEMPTION_UID, exemption->uid);
	client_put_text(request, WXGUARD_EXEMPTION_CGROUP, exemption->cgroup);
	if (exemption->unsafe)
		client_put(request, WXGUARD_EXEMPTION_UNSAFE, "", 0);
	client_put_text(request, WXGUARD_EXEMPTION_REASON, exemption->reason);
	client_put_text(request, WXGUARD_EXEMPTION_AUTHOR, exemption->author);
	if (exemption->expires)
		client_put_u64(request, WXGUARD_EXEMPTION_EXPIRES,
			       exemption->expires);
	put_file(request, exemption);
	client_nest_end(request, nest);
}

static void put_scope(struct request *request, const struct client_scope *scope)
{
	struct nlattr *nest = client_nest(request, WXGUARD_A_SCOPE);

	client_put_text(request, WXGUARD_SCOPE_NAME, scope->name);
	client_put_text(request, WXGUARD_SCOPE_CGROUP, scope->cgroup);
	client_put_u32(request, WXGUARD_SCOPE_CLASSES, scope->classes);
	client_put_u32(request, WXGUARD_SCOPE_ACTION, scope->action);
	if (scope->has_known)
		client_put_u32(request, WXGUARD_SCOPE_KNOWN, scope->known);
	client_nest_end(request, nest);
}

/* Without it, the module takes the default. */
static void put_budget(struct request *request, const struct client_rules *rules)
{
	struct nlattr *nest;

	if (!rules->budget_exe)
		return;
	nest = client_nest(request, WXGUARD_A_BUDGET);
	client_put_u32(request, WXGUARD_BUDGET_PER_MINUTE, rules->budget);
	client_put_u32(request, WXGUARD_BUDGET_PER_EXE, rules->budget_exe);
	client_nest_end(request, nest);
}

static int on_generation(uint8_t command, const void *attrs, size_t len,
			 void *arg)
{
	if (command != WXGUARD_CMD_RULES_SET)
		return 0;
	return wire_decode_generation(attrs, len, arg);
}

int client_rules_set(struct client *client, const struct client_rules *rules,
		     uint32_t base, bool force, uint32_t *generation)
{
	uint32_t answer = 0;
	struct exchange exchange = { .on_answer = on_generation,
				     .arg = &answer };
	/* Each part is smaller on the wire than as a struct. */
	size_t room = 4096 + (size_t)rules->count *
			     (sizeof(struct client_exemption) + 128) +
		      (size_t)rules->scopes * (sizeof(struct client_scope) + 64);
	struct request request;
	unsigned int i;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_RULES_SET, false,
			     room, "setting the rules");
	if (error)
		return error;
	if (base)
		client_put_u32(&request, WXGUARD_A_GENERATION, base);
	if (force)
		client_put(&request, WXGUARD_A_FORCE, "", 0);
	for (i = 0; i < rules->classes; i++)
		put_class(&request, &rules->class[i]);
	put_budget(&request, rules);
	for (i = 0; i < rules->scopes; i++)
		put_scope(&request, &rules->scope[i]);
	for (i = 0; i < rules->count; i++)
		put_exemption(&request, &rules->exemption[i]);
	error = client_talk(client, &request, &exchange);
	if (!error && generation)
		*generation = answer;
	return error;
}
