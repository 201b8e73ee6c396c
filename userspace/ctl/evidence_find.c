// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the bytes of a finding are: kept by the daemon, held by the module, or
 * still in the process. Only reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/config.h"
#include "../lib/proc_same.h"
#include "../lib/store.h"
#include "doc.h"
#include "evidence.h"
#include "explain.h"
#include "records.h"

/* What was tried, one after the other, each with its reason. */
__attribute__((format(printf, 2, 3)))
static void add_why(struct evidence *evidence, const char *format, ...)
{
	size_t used = strlen(evidence->why), room = sizeof(evidence->why) - used;
	va_list args;

	if (used && room > 2) {
		memcpy(evidence->why + used, "; ", 3);
		used += 2;
		room -= 2;
	}
	va_start(args, format);
	vsnprintf(evidence->why + used, room, format, args);
	va_end(args);
}

static bool is_file_origin(const char *origin)
{
	return !*origin || !strcmp(origin, "file");
}

bool evidence_has(const json_t *doc, enum evidence_kind kind)
{
	const char *class = doc_string(doc, "wxguard.finding.class");
	uint64_t size;

	if (kind == EVIDENCE_REGION)
		return *doc_string(doc, "wxguard.memory.address") &&
		       doc_number(doc, "wxguard.memory.size", &size) && size;
	return !strcmp(class, "exec_unlinked") || !strcmp(class, "exec_arg_memory") ||
	       !is_file_origin(doc_string(doc, "wxguard.exec.origin")) ||
	       !is_file_origin(doc_string(doc, "wxguard.memory.origin"));
}

/* What the daemon saw of the payload at once, beside the finding. */
static void take_seen(struct evidence *evidence, struct store *store)
{
	json_t *moment;
	char *json;

	if (evidence->kind != EVIDENCE_PAYLOAD || !evidence->row ||
	    store_moment_get(store, evidence->row, &json))
		return;
	moment = json_loads(json, 0, NULL);
	evidence->seen = json_incref(json_object_get(moment, "payload"));
	json_decref(moment);
	free(json);
}

/* The module counts from 1 at each load; 0 = the finding is of another load. */
static uint64_t module_number(const struct evidence *evidence, struct store *store)
{
	uint64_t number = 0, instance = 0, base = 0;
	struct stat st;

	doc_number(evidence->doc, "wxguard.finding.number", &number);
	if (!evidence->row)
		return number;	/* the module itself told it just now */
	if (!store || !explain_is_this_boot(evidence->doc) ||
	    stat("/sys/module/wxguard", &st) ||
	    store_meta_get_u64(store, STORE_META_INSTANCE, &instance) ||
	    instance != st.st_ino ||
	    store_meta_get_u64(store, STORE_META_SEQ_BASE, &base))
		return 0;
	return number > base ? number - base : 0;
}

static bool look_at_kept(struct evidence *evidence)
{
	const char *id = doc_string(evidence->doc, "event.id");
	char why[CONFIG_WHY_MAX];
	struct config config;
	int fd;

	config_init(&config);
	if (config_load(NULL, &config, why)) {
		add_why(evidence, "%.200s", why);
		return false;
	}
	fd = evidence_open(config.store, id, evidence->kind);
	if (fd < 0) {
		add_why(evidence, fd == -ENOENT ? "the daemon has not kept it" :
			"what the daemon keeps cannot be read: %s", strerror(-fd));
		return false;
	}
	evidence->fd = fd;
	evidence->source = "kept";
	return true;
}

static int look_in_module(struct evidence *evidence, uint64_t number)
{
	struct client *client;
	char why[256];
	int error;

	if (!number) {
		add_why(evidence, "the module has been loaded again since, and holds nothing of before");
		return CTL_NOT_FOUND;
	}
	error = client_open(&client, why, sizeof(why));
	if (error) {
		add_why(evidence, "%s", why);
		return error == -EPERM ? CTL_PERMISSION : CTL_NO_MODULE;
	}
	error = client_evidence_get(client, number, &evidence->fd);
	if (error)
		add_why(evidence, "%s", client_error(client));
	else
		evidence->source = "kernel";
	client_close(client);
	return !error ? 0 : error == -EPERM ? CTL_PERMISSION : CTL_NOT_FOUND;
}

/* The descriptor first, then the check: it stays with the memory it is of. */
static int look_in_process(struct evidence *evidence)
{
	uint64_t start;
	char path[32];
	uint32_t pid;
	int error;

	if (!explain_is_this_boot(evidence->doc) ||
	    !explain_process(evidence->doc, &pid, &start)) {
		add_why(evidence, "its process is gone");
		return CTL_NOT_FOUND;
	}
	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/mem", pid);
	evidence->fd = open(path, O_RDONLY | O_CLOEXEC);
	error = evidence->fd < 0 ? -errno : proc_same(pid, start);
	if (!error) {
		evidence->source = "process";
		return 0;
	}
	if (evidence->fd >= 0)
		close(evidence->fd);
	evidence->fd = -1;
	if (error == -EACCES || error == -EPERM) {
		add_why(evidence, "its process may not be read: %s", strerror(-error));
		return CTL_PERMISSION;
	}
	add_why(evidence, error == -ESRCH || error == -ENOENT || error == -ESTALE ?
		"its process is gone" : "its process cannot be read: %s", strerror(-error));
	return CTL_NOT_FOUND;
}

int evidence_find(struct evidence *evidence)
{
	char path[CONFIG_PATH_MAX], why[RECORDS_WHY_MAX];
	struct store *store = NULL;
	uint64_t number;
	int code = 0;

	if (records_open(&store, path, why))
		store = NULL;
	if (store)
		take_seen(evidence, store);
	number = module_number(evidence, store);
	store_close(store);
	if (evidence->kind == EVIDENCE_REGION) {
		evidence->address = strtoull(doc_string(evidence->doc, "wxguard.memory.address"),
					     NULL, 16);
		doc_number(evidence->doc, "wxguard.memory.size", &evidence->size);
	}
	if (!look_at_kept(evidence))
		code = evidence->kind == EVIDENCE_PAYLOAD ?
		       look_in_module(evidence, number) : look_in_process(evidence);
	return code;
}
